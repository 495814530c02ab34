import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { ReadyPolicy } from "../engine/engine.ts";
import type { EngineLimits } from "../engine/limits.ts";
import type { Verdict } from "./verdict.ts";

/** What each thread is started with; a policy's module and data are shared, not copied. */
export interface WorkerSetup {
	readonly running: ReadyPolicy;
	readonly candidate: ReadyPolicy;
	readonly runningLimits: EngineLimits;
	readonly candidateLimits: EngineLimits;
}

/** The running policy's verdict and the candidate's. */
export type VerdictPair = readonly [running: Verdict, candidate: Verdict];

/** Evaluates batches of inputs in threads of its own; `close` ends them. */
export class ReplayThreads {
	readonly #threads: Thread[];
	#next = 0;

	constructor(setup: WorkerSetup, count: number) {
		this.#threads = Array.from({ length: count }, () => new Thread(setup));
	}

	/** Rejects when a thread ends, which is a fault: what a policy can do wrong is a verdict. */
	decide(inputs: readonly string[]): Promise<readonly VerdictPair[]> {
		const thread = this.#threads[this.#next++ % this.#threads.length];
		if (thread === undefined) throw new Error("there are no threads");
		return thread.decide(inputs);
	}

	async close(): Promise<void> {
		await Promise.all(this.#threads.map((thread) => thread.close()));
	}
}

class Thread {
	readonly #worker: Worker;
	readonly #waiting: PromiseWithResolvers<readonly VerdictPair[]>[] = [];
	#ended: Error | undefined;

	constructor(setup: WorkerSetup) {
		this.#worker = new Worker(new URL(`./worker${extname(import.meta.url)}`, import.meta.url), {
			workerData: setup,
			execArgv: [],
		});
		this.#worker.on("message", (verdicts: readonly VerdictPair[]) =>
			this.#waiting.shift()?.resolve(verdicts),
		);
		this.#worker.on("error", (error) => this.#fail(error));
		this.#worker.on("exit", () => this.#fail(new Error("a thread of the replay ended")));
	}

	decide(inputs: readonly string[]): Promise<readonly VerdictPair[]> {
		if (this.#ended !== undefined) return Promise.reject(this.#ended);
		const answer = Promise.withResolvers<readonly VerdictPair[]>();
		this.#waiting.push(answer);
		this.#worker.postMessage(inputs);
		return answer.promise;
	}

	async close(): Promise<void> {
		await this.#worker.terminate();
	}

	#fail(error: unknown): void {
		this.#ended ??= error instanceof Error ? error : new Error(String(error));
		for (const answer of this.#waiting.splice(0)) answer.reject(this.#ended);
	}
}
