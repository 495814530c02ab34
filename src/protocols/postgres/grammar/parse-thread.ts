import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { describeThrown } from "../../../lib/index.ts";
import { GrammarError } from "./errors.ts";
import type { Major } from "./instance.ts";
import type { GrammarLimits } from "./model.ts";
import type { Answer, Job, READY, WorkerSettings } from "./worker.ts";

/** Megabytes of native stack: used up when C has used 19 MiB of its own 32, whose overflow nothing would notice. */
const STACK_MB = 24;
/** The heap holds the tree's JSON a few times over: 30 MB for the largest text of the default limit. */
const HEAP_MB = 512;
/** The parser's linear memory starts at 128 MiB; a thread whose parser grew beyond this starts a new one. */
const MEMORY_LIMIT = 256 << 20;
/** Texts that may wait; each may take the whole timeout, and a crowd of them is an attack. */
const QUEUE_LIMIT = 32;
/** A thread starts in a tenth of a second; on a machine that is busy beyond this it will not serve anybody. */
const START_TIMEOUT_MS = 10_000;

interface Waiting {
	readonly job: Job;
	readonly resolve: (answer: Answer) => void;
	readonly reject: (error: GrammarError) => void;
}

/**
 * One worker thread and the texts that wait for it, one at a time. Started when first needed, ended when a text takes
 * too long or breaks it, and then started anew.
 */
export class ParseThread {
	readonly #settings: WorkerSettings;
	readonly #timeoutMs: number;
	readonly #waiting: Waiting[] = [];
	#worker: Worker | undefined;
	#ready = false;
	#current: Waiting | undefined;
	#timer: NodeJS.Timeout | undefined;

	constructor(major: Major, limits: GrammarLimits) {
		const { maxCommentDepth, maxNesting, timeoutMs } = limits;
		this.#settings = { major, maxCommentDepth, maxNesting, memoryLimit: MEMORY_LIMIT };
		this.#timeoutMs = timeoutMs;
	}

	/** Rejects with GrammarError: sql_parse_timeout, or sql_parser_failed when the thread died of it. */
	run(job: Job): Promise<Answer> {
		if (this.#waiting.length >= QUEUE_LIMIT) {
			const message = "too many large statements wait to be parsed";
			return Promise.reject(new GrammarError("sql_parse_timeout", message));
		}
		return new Promise((resolve, reject) => {
			this.#waiting.push({ job, resolve, reject });
			this.#next();
		});
	}

	/** Ends the thread; whoever waits is refused. */
	async close(): Promise<void> {
		for (const { reject } of this.#waiting.splice(0)) reject(new GrammarError("sql_parser_failed"));
		this.#fail(new GrammarError("sql_parser_failed"));
		await this.#end();
	}

	#next(): void {
		if (this.#current !== undefined) return;
		this.#current = this.#waiting.shift();
		if (this.#current === undefined) return;
		this.#worker ??= this.#start();
		this.#worker.ref();
		if (this.#ready) this.#begin(this.#worker, this.#current.job);
		else this.#giveUpAfter(START_TIMEOUT_MS, "the parser's thread did not start in time");
	}

	#begin(worker: Worker, job: Job): void {
		const timeoutMs = this.#timeoutMs;
		this.#giveUpAfter(timeoutMs, `the statement took longer than ${timeoutMs} ms to parse`);
		worker.postMessage(job);
	}

	#giveUpAfter(milliseconds: number, message: string): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => {
			void this.#end();
			this.#fail(new GrammarError("sql_parse_timeout", message));
		}, milliseconds);
	}

	#start(): Worker {
		const worker = new Worker(new URL(`./worker${extname(import.meta.url)}`, import.meta.url), {
			workerData: this.#settings,
			resourceLimits: { stackSizeMb: STACK_MB, maxOldGenerationSizeMb: HEAP_MB },
			execArgv: [],
		});
		this.#ready = false;
		worker.on("message", (answer: Answer | typeof READY) => {
			if (this.#worker !== worker) return;
			if (typeof answer === "string") {
				this.#ready = true;
				if (this.#current !== undefined) this.#begin(worker, this.#current.job);
				return;
			}
			if ("thrown" in answer) void this.#end();
			this.#settle()?.resolve(answer);
			this.#next();
		});
		worker.on("error", (error) => {
			if (this.#worker !== worker) return;
			this.#worker = undefined;
			this.#fail(
				new GrammarError("sql_parser_failed", undefined, { operator: describeThrown(error), cause: error }),
			);
		});
		return worker;
	}

	#fail(error: GrammarError): void {
		this.#settle()?.reject(error);
		this.#next();
	}

	#settle(): Waiting | undefined {
		clearTimeout(this.#timer);
		const settled = this.#current;
		this.#current = undefined;
		this.#worker?.unref(); // an idle thread must not keep the process alive
		return settled;
	}

	async #end(): Promise<void> {
		const worker = this.#worker;
		this.#worker = undefined;
		await worker?.terminate();
	}
}
