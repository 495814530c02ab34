import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { describeThrown } from "../../lib/index.ts";
import type { Bundle } from "../bundle/bundle.ts";
import type { Candidate, InForce } from "../bundle/candidate.ts";
import type { Verification } from "../bundle/signature.ts";
import type { Content } from "../bundle/source.ts";
import type { ReadyPolicy } from "../engine/engine.ts";
import type { EngineLimits } from "../engine/limits.ts";
import { PolicyError } from "../errors.ts";
import { type Answer, type Job, plainVerification, toError } from "./jobs.ts";

/** A job that takes longer is not worth waiting for: 10 MB of data take seconds. */
const TIMEOUT_MS = 120_000;
/** Without work for as long the thread ends, and what it keeps goes. */
const IDLE_MS = 15_000;
const HEAP_MB = 2_048;
/** Files of at least this size are handed over, smaller ones are copied. */
const HANDED_OVER = 65_536;

const NOTHING_IN_FORCE: InForce = { bundle: undefined, persist: false };

interface Waiting {
	readonly resolve: (value: never) => void;
	readonly reject: (error: PolicyError) => void;
	readonly timer: NodeJS.Timeout;
}

/**
 * The thread that makes policies of bundles: reading, verifying, compiling, trying and warming take from tens of
 * milliseconds to seconds, which the thread that decides does not have. One for the process, started when it is
 * needed. What it makes of a bundle it hands over: nothing of it is in force.
 */
export class PolicyThread {
	#worker: Worker | undefined;
	#next = 1;
	readonly #waiting = new Map<number, Waiting>();
	#idle: NodeJS.Timeout | undefined;

	/**
	 * Unpacks, reads and verifies a bundle. The files of a directory are the thread's from then on: the caller's are
	 * empty. `over` is what a delta changes. Throws PolicyError.
	 */
	read(
		content: Content,
		verification: Verification | "unverified" | undefined,
		over: InForce = NOTHING_IN_FORCE,
	): Promise<Candidate> {
		const job: Job = {
			kind: "read",
			content,
			verification: verification === "unverified" ? verification : plainVerification(verification),
			over,
		};
		const files = "files" in content ? [...content.files.values()] : [];
		const owned = files.filter(
			({ byteLength, buffer }) => byteLength >= HANDED_OVER && byteLength === buffer.byteLength,
		);
		return this.#run<Candidate>(
			job,
			owned.map(({ buffer }) => buffer as ArrayBuffer),
		);
	}

	/** As `assemble` does. Throws PolicyError. */
	assemble(bundles: ReadonlyMap<string, Bundle>, limits: EngineLimits): Promise<ReadyPolicy | undefined> {
		return this.#run<ReadyPolicy | undefined>({ kind: "assemble", bundles, limits }, []);
	}

	/** As `discoveredDocument` does. Throws PolicyError. */
	discover(bundle: Bundle, decision: string, now: number): Promise<string> {
		return this.#run<string>({ kind: "discover", bundle, decision, now }, []);
	}

	#run<T>(job: Job, handedOver: ArrayBuffer[]): Promise<T> {
		clearTimeout(this.#idle);
		const worker = this.#worker ?? this.#start();
		worker.ref();
		const id = this.#next++;
		return new Promise<T>((resolve, reject) => {
			const timer = setTimeout(
				() => this.#end(`a bundle took longer than ${TIMEOUT_MS / 1000} s`),
				TIMEOUT_MS,
			);
			this.#waiting.set(id, { resolve, reject, timer });
			worker.postMessage({ id, job }, handedOver);
		});
	}

	#start(): Worker {
		const worker = new Worker(new URL(`./worker${extname(import.meta.url)}`, import.meta.url), {
			resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
			execArgv: [],
		});
		worker.on("message", (answer: Answer) => {
			if (worker === this.#worker) this.#settle(answer);
		});
		worker.on("error", (error) => {
			if (worker === this.#worker) this.#end(describeThrown(error));
		});
		this.#worker = worker;
		return worker;
	}

	#settle(answer: Answer): void {
		const waiting = this.#waiting.get(answer.id);
		this.#waiting.delete(answer.id);
		if (this.#waiting.size === 0) this.#rest();
		if (waiting === undefined) return;
		clearTimeout(waiting.timer);
		if ("failure" in answer) waiting.reject(toError(answer.failure));
		else waiting.resolve(answer.value as never);
	}

	/** An idle thread keeps neither the process alive nor, after a while, its memory. */
	#rest(): void {
		this.#worker?.unref();
		this.#idle = setTimeout(() => {
			void this.#worker?.terminate();
			this.#worker = undefined;
		}, IDLE_MS);
		this.#idle.unref();
	}

	/** The thread is ended; whoever waits is refused. The next job starts another one. */
	#end(operator: string): void {
		const worker = this.#worker;
		this.#worker = undefined;
		void worker?.terminate();
		const waiting = [...this.#waiting.values()];
		this.#waiting.clear();
		for (const { reject, timer } of waiting) {
			clearTimeout(timer);
			reject(new PolicyError("bundle_module", undefined, { operator }));
		}
	}
}

/** All gateways of a process have the same thread: what one of them compiled the others needn't. */
export const policyThread = new PolicyThread();
