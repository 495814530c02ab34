import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { ControlError, type ImpactLine, type ImpactRequest } from "../../control/index.ts";
import { describeThrown, type Log } from "../../lib/index.ts";
import {
	EarlierData,
	type EngineLimits,
	PolicyError,
	type PolicyPair,
	type PolicyRuntime,
} from "../../policy/index.ts";
import type { DecidedQuery } from "../../recording/index.ts";
import type { EarlierSetup } from "./data-as-then.ts";

export type { ImpactLine } from "../../control/index.ts";

/** What the thread is started with. */
export interface ReplaySetup {
	readonly pair: PolicyPair;
	readonly earlier: EarlierSetup;
	readonly limits: EngineLimits;
	/** Of connections that have one of their own. */
	readonly budgets: ReadonlyMap<string, number>;
	readonly directory: string;
	readonly query: DecidedQuery;
}

export interface ReplayThreadOptions {
	readonly policy: PolicyRuntime;
	/** Where the record is. */
	readonly record: string;
	/** Where the data of earlier times is kept. */
	readonly earlier: string;
	readonly budgets: () => ReadonlyMap<string, number>;
	readonly log: Log;
}

/** Replays a gateway's record through the policy in force and a candidate, one replay at a time. */
export class PolicyReplay {
	readonly #options: ReplayThreadOptions;
	#busy = false;
	#kept: Promise<void> = Promise.resolve();

	constructor(options: ReplayThreadOptions) {
		this.#options = options;
		const { policy, earlier, log } = options;
		const store = new EarlierData(earlier);
		policy.onActivated(() => {
			for (const [name, bundle] of policy.bundles()) {
				if (bundle.wasm !== undefined) continue;
				const keep = () => store.keep(name, bundle);
				this.#kept = this.#kept.then(keep).catch((error: unknown) => {
					log.warn({ bundle: name, error: describeThrown(error) }, "data is not kept for later replays");
				});
			}
		});
	}

	/** Resolves when nothing more is written of what was in force. */
	async stop(): Promise<void> {
		await this.#kept;
	}

	/**
	 * The lines of the answer, `report` or `failure` last. What is wrong with the candidate is thrown before the first
	 * of them: PolicyError, ControlError `replay_busy`.
	 */
	async start({ archive, since, until, connections }: ImpactRequest): Promise<AsyncGenerator<ImpactLine>> {
		if (this.#busy) throw new ControlError("replay_busy");
		this.#busy = true;
		try {
			const { policy, record, earlier, budgets } = this.#options;
			const running = policy.active?.ready;
			const bundles = policy.bundles();
			const carrier = [...bundles.values()].find(({ wasm }) => wasm !== undefined);
			if (running === undefined || carrier === undefined) throw new PolicyError("no_policy");
			const { bundle, ready: candidate } = await policy.consider(archive);
			const query: DecidedQuery = {
				...(since === undefined ? {} : { since: Date.parse(since) }),
				...(until === undefined ? {} : { until: Date.parse(until) }),
				connections,
			};
			const { limits } = policy;
			const data = new Map([...bundles].filter(([, { wasm }]) => wasm === undefined));
			const setup = {
				pair: { running, candidate },
				earlier: { running: carrier, candidate: bundle, data, directory: earlier, limits },
				limits,
				budgets: budgets(),
				directory: record,
				query,
			};
			const worker = new Worker(new URL(`./worker${extname(import.meta.url)}`, import.meta.url), {
				workerData: setup satisfies ReplaySetup,
				execArgv: [],
			});
			// It ends by itself, read or not, so that this comes whatever becomes of the reader.
			worker.on("exit", () => (this.#busy = false));
			return linesOf(worker);
		} catch (thrown) {
			this.#busy = false;
			throw thrown;
		}
	}
}

/** What the thread tells. A reader that is slower than the replay costs memory, up to the changes that there are. */
function linesOf(worker: Worker): AsyncGenerator<ImpactLine> {
	const waiting: ImpactLine[] = [];
	let wake = () => {};
	const put = (line: ImpactLine) => {
		waiting.push(line);
		wake();
	};
	worker.on("message", put);
	worker.on("error", (error) => put(failed(describeThrown(error))));
	worker.on("exit", () => put(failed("the replay's thread ended")));
	async function* lines(): AsyncGenerator<ImpactLine> {
		try {
			for (;;) {
				while (waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve));
				for (const line of waiting.splice(0)) {
					yield line;
					if (line.type === "report" || line.type === "failure") return;
				}
			}
		} finally {
			await worker.terminate();
		}
	}
	return lines();
}

function failed(message: string): ImpactLine {
	return { type: "failure", code: "internal", message, remedy: "See the gateway's log." };
}
