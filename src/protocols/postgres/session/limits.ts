import { type ErrorFields, encodeErrorResponse, type Report } from "../codec/index.ts";
import type { Parts } from "./parts.ts";
import type { ResultStream } from "./results.ts";

const CANCELLED = "57014";

/** The time that policy gives a command: it is cancelled upstream when it is over, and told so. */
export class TimeLimit {
	readonly #milliseconds: number | null;
	readonly #timer: NodeJS.Timeout | null;
	#over = false;

	constructor(parts: Parts, milliseconds: number | null) {
		this.#milliseconds = milliseconds;
		this.#timer =
			milliseconds === null
				? null
				: setTimeout(() => {
						this.#over = true;
						parts.cancelUpstream();
					}, milliseconds);
	}

	stop(): void {
		if (this.#timer !== null) clearTimeout(this.#timer);
	}

	/** What the client is told in place of the server's answer to our cancel; null when that was not ours. */
	exchange(error: ErrorFields): Buffer | null {
		if (!this.#over || error.get("C") !== CANCELLED) return null;
		return encodeErrorResponse({
			severity: "ERROR",
			sqlstate: CANCELLED,
			message: `canceling statement: policy gives it ${this.#milliseconds} ms`,
			hint: "ask for less at once",
		});
	}
}

/** What the client is told when a result is cut off; null when it was not. */
export function limitReport(results: ResultStream): Report | null {
	const limit = results.limitReached;
	if (limit === null) return null;
	return {
		severity: "ERROR",
		sqlstate: limit.sqlstate,
		message: limit.message,
		hint: "ask for less at once: a narrower WHERE, or LIMIT",
	};
}

/** In place of the server's error on a result that was cut off by our cancel. */
export function exchangeLimit(results: ResultStream, error: ErrorFields): Buffer | null {
	const report = limitReport(results);
	return report !== null && error.get("C") === CANCELLED ? encodeErrorResponse(report) : null;
}
