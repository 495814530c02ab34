import type { CommandFlow } from "../../../gate/index.ts";
import type { ErrorFields } from "../codec/index.ts";
import { exchangeLimit, limitReport, TimeLimit } from "./limits.ts";
import type { Parts } from "./parts.ts";
import type { Expected } from "./pipeline.ts";
import type { Portal, WirePortal } from "./registry.ts";
import type { ResultStream } from "./results.ts";

/** What the server makes of an Execute: the rows go on under the command's permit, as far as its limits let them. */
export class ExpectedExecute implements Expected {
	readonly kind = "execute";
	readonly visible = true;
	readonly results: ResultStream;
	readonly #parts: Parts;
	readonly #portal: Portal;
	readonly #flow: CommandFlow;
	readonly #time: TimeLimit;
	readonly #done: () => void;

	/** @param done what waits for the end of it may go on */
	constructor(parts: Parts, portal: Portal, { flow, results }: WirePortal, done: () => void) {
		this.#parts = parts;
		this.#portal = portal;
		this.#flow = flow;
		this.results = results;
		this.#time = new TimeLimit(parts, flow.obligations.timeoutMs);
		this.#done = done;
	}

	limitPassed(): void {
		if (this.#portal.statement?.writes.length === 0) this.#parts.cancelUpstream();
	}

	exchangeError(error: ErrorFields): Buffer | null {
		return exchangeLimit(this.results, error) ?? this.#time.exchange(error);
	}

	suspended(): boolean {
		this.#settle();
		return this.results.limitReached !== null;
	}

	completed(): void {
		this.#flow.close();
		this.#settle();
	}

	failed(): void {
		this.#over();
	}

	skipped(): void {
		this.#over();
	}

	#settle(): void {
		this.#time.stop();
		const report = limitReport(this.results);
		if (report !== null) this.#parts.refusal.extended(report);
		this.#done();
	}

	#over(): void {
		this.#time.stop();
		this.#flow.close();
		this.#done();
	}
}
