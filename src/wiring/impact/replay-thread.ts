import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { ControlError, type ImpactLine, type ImpactRequest } from "../../control/index.ts";
import { describeThrown } from "../../lib/index.ts";
import { type EngineLimits, PolicyError, type PolicyRuntime, type ReadyPolicy } from "../../policy/index.ts";
import type { DecidedQuery } from "../../recording/index.ts";

export type { ImpactLine } from "../../control/index.ts";

/** What the thread is started with. */
export interface ReplaySetup {
	readonly running: ReadyPolicy;
	readonly candidate: ReadyPolicy;
	readonly limits: EngineLimits;
	readonly directory: string;
	readonly query: DecidedQuery;
}

/** Replays a gateway's record through the policy in force and a candidate, one replay at a time. */
export class PolicyReplay {
	readonly #policy: PolicyRuntime;
	readonly #directory: string;
	#busy = false;

	constructor(policy: PolicyRuntime, directory: string) {
		this.#policy = policy;
		this.#directory = directory;
	}

	/**
	 * The lines of the answer, `report` or `failure` last. What is wrong with the candidate is thrown before the first
	 * of them: PolicyError, ControlError `replay_busy`.
	 */
	async start({ archive, since, until, connections }: ImpactRequest): Promise<AsyncGenerator<ImpactLine>> {
		if (this.#busy) throw new ControlError("replay_busy");
		this.#busy = true;
		try {
			const running = this.#policy.active?.ready;
			if (running === undefined) throw new PolicyError("no_policy");
			const candidate = await this.#policy.consider(archive);
			const query: DecidedQuery = {
				...(since === undefined ? {} : { since: Date.parse(since) }),
				...(until === undefined ? {} : { until: Date.parse(until) }),
				connections,
			};
			const setup = { running, candidate, limits: this.#policy.limits, directory: this.#directory, query };
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
