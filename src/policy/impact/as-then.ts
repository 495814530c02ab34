import type { ReadyPolicy } from "../engine/engine.ts";
import { splitRevision } from "../revision.ts";
import type { PolicyPair } from "./threads.ts";

/**
 * The two policies with the data bundles that a recorded revision names, in place of those of now; null where one of
 * them can't be had any more.
 */
export type PairAsThen = (revision: string) => Promise<PolicyPair | null>;

/** Who is asked about commands that one revision decided. */
export interface Asked {
	/** Tells its answers from those with other data. */
	readonly number: number;
	readonly pair: PolicyPair;
	/** The running policy decided with this very data: what it answered then is its answer. */
	readonly sameAnswer: boolean;
	/** The data of then is gone: that of now takes its place. */
	readonly otherData: boolean;
}

/** The policies for each command of a record, with the data as it was. The last few are kept: it may be large. */
export class PoliciesAsThen {
	readonly #now: PolicyPair;
	readonly #carrier: string;
	readonly #asThen: PairAsThen | undefined;
	readonly #known = new Map<string, Asked>();
	#next = 0;

	constructor(now: PolicyPair, asThen: PairAsThen | undefined) {
		this.#now = now;
		this.#carrier = splitRevision(now.running.revision).carrier;
		this.#asThen = asThen;
	}

	/** What is already known; `make` makes the rest. */
	known(revision: string): Asked | undefined {
		return this.#known.get(revision);
	}

	async make(revision: string): Promise<Asked> {
		const { carrier, data } = splitRevision(revision);
		const today = sameData(data, this.#now.running);
		const pair = today ? this.#now : ((await this.#asThen?.(revision)) ?? null);
		const asked = {
			number: this.#next++,
			pair: pair ?? this.#now,
			sameAnswer: pair !== null && carrier === this.#carrier,
			otherData: pair === null,
		};
		if (this.#known.size >= MOST_KNOWN) this.#known.clear();
		this.#known.set(revision, asked);
		return asked;
	}
}

const MOST_KNOWN = 4;

function sameData(data: ReadonlyMap<string, string>, { revision }: ReadyPolicy): boolean {
	const now = splitRevision(revision).data;
	return data.size === now.size && [...data].every(([name, each]) => now.get(name) === each);
}
