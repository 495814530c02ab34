import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { CommandDecision } from "../decision.ts";
import type { ReadyPolicy } from "../engine/engine.ts";
import type { EngineLimits } from "../engine/limits.ts";
import { type ImpactReport, ImpactTally, type ReplayedCommand } from "../impact/report.ts";
import { type Verdict, verdictOfDecision } from "../impact/verdict.ts";

/** What the thread is started with. */
export interface ShadowSetup {
	readonly candidate: ReadyPolicy;
	readonly limits: EngineLimits;
}

/** A live decision, and how to come by what it was made of. */
export interface LiveDecision {
	readonly decision: CommandDecision;
	readonly cost: number;
	/** Units that it could spend, where its connection has a budget of its own. */
	readonly budget: number | undefined;
	command(): ReplayedCommand;
	input(): string;
}

/** What the thread is asked about. */
export interface ShadowQuestion {
	readonly input: string;
	readonly budget: number;
}

export interface ShadowStatus {
	readonly share: number;
	/** RFC 3339. */
	readonly since: string;
	/** Live decisions that were not looked at because the candidate was behind. */
	readonly dropped: number;
	/** Why the candidate is asked no more; null while it is. */
	readonly ended: string | null;
	readonly report: ImpactReport;
}

/** Decisions that wait for the candidate; more are dropped, and counted. */
const WAITING = 2_000;
/** Decisions gathered this long are asked about together, after their answers have long gone out. */
const GATHER_MS = 20;
/** Inputs put together in one turn of the event loop: a statement that comes meanwhile waits for no more than these. */
const BATCH = 4;

/**
 * A candidate beside the live policy. It is told of a share of the live decisions after they were made and is asked in
 * a thread of its own; nothing that it says, and nothing that goes wrong with it, reaches a session.
 */
export class Shadow {
	readonly #setup: ShadowSetup;
	readonly #running: () => string;
	readonly #share: number;
	readonly #since: Date;
	readonly #tally: ImpactTally;
	readonly #worker: Worker;
	readonly #waiting: LiveDecision[] = [];
	#asked: readonly { readonly live: LiveDecision; readonly from: Verdict }[] = [];
	#timer: NodeJS.Timeout | undefined;
	#owed = 0;
	#dropped = 0;
	#ended: string | null = null;

	/** @param running the live revision's name @param share of the live decisions, above 0 and at most 1 */
	constructor(setup: ShadowSetup, share: number, running: () => string, now: number) {
		this.#setup = setup;
		this.#running = running;
		this.#share = share;
		this.#since = new Date(now);
		this.#tally = new ImpactTally(setup.candidate.rules);
		this.#worker = new Worker(new URL(`./worker${extname(import.meta.url)}`, import.meta.url), {
			workerData: setup,
			execArgv: [],
		});
		this.#worker.unref();
		this.#worker.on("message", (verdicts: readonly Verdict[]) => this.#told(verdicts));
		this.#worker.on("error", (error) => this.#end(String(error)));
		this.#worker.on("exit", () => this.#end("its thread ended"));
	}

	/** Whether the next live decision is of the share. Never throws, takes no time to speak of. */
	wants(): boolean {
		if (this.#ended !== null) return false;
		this.#owed += this.#share;
		if (this.#owed < 1) return false;
		this.#owed -= 1;
		if (this.#waiting.length < WAITING) return true;
		this.#dropped++;
		return false;
	}

	/** Takes a live decision, to be looked at later. */
	offer(live: LiveDecision): void {
		this.#waiting.push(live);
		this.#timer ??= setTimeout(() => this.#ask(), GATHER_MS).unref();
	}

	status(): ShadowStatus {
		return {
			share: this.#share,
			since: this.#since.toISOString(),
			dropped: this.#dropped,
			ended: this.#ended,
			report: this.#tally.report({
				running: this.#running(),
				candidate: this.#setup.candidate.revision,
				evaluated: this.#tally.replayed,
				milliseconds: Math.max(0, Date.now() - this.#since.getTime()),
			}),
		};
	}

	async stop(): Promise<void> {
		this.#end("it was stopped");
		await this.#worker.terminate();
	}

	#ask(): void {
		this.#timer = undefined;
		if (this.#ended !== null || this.#asked.length > 0) return;
		const batch = this.#waiting.splice(0, BATCH);
		if (batch.length === 0) return;
		this.#asked = batch.map((live) => ({ live, from: verdictOfDecision(live.decision, live.cost) }));
		const { limits } = this.#setup;
		const questions = batch.map(
			(live): ShadowQuestion => ({ input: live.input(), budget: live.budget ?? limits.budget }),
		);
		this.#worker.postMessage(questions);
	}

	#told(verdicts: readonly Verdict[]): void {
		for (const [at, { live, from }] of this.#asked.entries()) {
			const to = verdicts[at];
			if (to !== undefined) this.#tally.add(live.command(), from, to, false);
		}
		this.#asked = [];
		if (this.#waiting.length > 0) setImmediate(() => this.#ask()).unref();
	}

	#end(why: string): void {
		this.#ended ??= why;
		clearTimeout(this.#timer);
		this.#waiting.length = 0;
		this.#asked = [];
	}
}
