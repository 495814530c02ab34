import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { ReadyPolicy } from "../engine/engine.ts";
import type { EngineLimits } from "../engine/limits.ts";
import type { Verdict } from "./verdict.ts";

/** The two policies of a replay, with the data of one time. A policy's module and data are shared, not copied. */
export interface PolicyPair {
	readonly running: ReadyPolicy;
	readonly candidate: ReadyPolicy;
}

/** One input, and who is asked about it. */
export interface Question {
	readonly input: string;
	/** What the running policy said is known: only the candidate is asked. */
	readonly candidateOnly: boolean;
	/** Units that each may spend. */
	readonly budget: number;
}

/** What a thread is told: the policies that are asked from then on, or what about. */
export type Told =
	| { readonly kind: "policies"; readonly pair: PolicyPair; readonly limits: EngineLimits }
	| { readonly kind: "questions"; readonly questions: readonly Question[] };

/** The running policy's verdict, where it was asked, and the candidate's. */
export type VerdictPair = readonly [running: Verdict | null, candidate: Verdict];

/** Evaluates batches of inputs in threads of its own; `close` ends them. */
export class ReplayThreads {
	readonly #threads: Thread[];
	#next = 0;

	constructor(limits: EngineLimits, count: number) {
		this.#threads = Array.from({ length: count }, () => new Thread(limits));
	}

	/** Rejects when a thread ends, which is a fault: what a policy can do wrong is a verdict. */
	decide(pair: PolicyPair, questions: readonly Question[]): Promise<readonly VerdictPair[]> {
		const thread = this.#threads[this.#next++ % this.#threads.length];
		if (thread === undefined) throw new Error("there are no threads");
		return thread.decide(pair, questions);
	}

	async close(): Promise<void> {
		await Promise.all(this.#threads.map((thread) => thread.close()));
	}
}

class Thread {
	readonly #limits: EngineLimits;
	readonly #worker: Worker;
	readonly #waiting: PromiseWithResolvers<readonly VerdictPair[]>[] = [];
	#pair: PolicyPair | undefined;
	#ended: Error | undefined;

	constructor(limits: EngineLimits) {
		this.#limits = limits;
		this.#worker = new Worker(new URL(`./worker${extname(import.meta.url)}`, import.meta.url), {
			execArgv: [],
		});
		this.#worker.on("message", (verdicts: readonly VerdictPair[]) =>
			this.#waiting.shift()?.resolve(verdicts),
		);
		this.#worker.on("error", (error) => this.#fail(error));
		this.#worker.on("exit", () => this.#fail(new Error("a thread of the replay ended")));
	}

	decide(pair: PolicyPair, questions: readonly Question[]): Promise<readonly VerdictPair[]> {
		if (this.#ended !== undefined) return Promise.reject(this.#ended);
		const answer = Promise.withResolvers<readonly VerdictPair[]>();
		this.#waiting.push(answer);
		if (pair !== this.#pair) this.#tell({ kind: "policies", pair, limits: this.#limits });
		this.#pair = pair;
		this.#tell({ kind: "questions", questions });
		return answer.promise;
	}

	#tell(told: Told): void {
		this.#worker.postMessage(told);
	}

	async close(): Promise<void> {
		await this.#worker.terminate();
	}

	#fail(error: unknown): void {
		this.#ended ??= error instanceof Error ? error : new Error(String(error));
		for (const answer of this.#waiting.splice(0)) answer.reject(this.#ended);
	}
}
