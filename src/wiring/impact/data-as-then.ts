import {
	assemble,
	type Bundle,
	EarlierData,
	type EngineLimits,
	type PairAsThen,
	type PolicyPair,
	splitRevision,
} from "../../policy/index.ts";

/** What policies of an earlier time are made of. */
export interface EarlierSetup {
	/** The bundles that carry the two policies. */
	readonly running: Bundle;
	readonly candidate: Bundle;
	/** What is in force of the bundles that carry only data. */
	readonly data: ReadonlyMap<string, Bundle>;
	/** Where `EarlierData` has what was. */
	readonly directory: string;
	readonly limits: EngineLimits;
}

/** Makes the two policies with the data that a recorded revision names, from what was kept of it. */
export function dataAsThen({ running, candidate, data, directory, limits }: EarlierSetup): PairAsThen {
	const earlier = new EarlierData(directory);
	let last: { readonly key: string; readonly pair: Promise<PolicyPair | null> } | undefined;
	const make = async (revisions: ReadonlyMap<string, string>): Promise<PolicyPair | null> => {
		const then = new Map<string, Bundle>();
		for (const [name, revision] of revisions) {
			const now = data.get(name);
			const bundle = now?.revision === revision ? now : await earlier.find(name, revision);
			if (bundle === undefined) return null;
			then.set(name, bundle);
		}
		const [before, after] = [
			await assemble(new Map([["running", running], ...then]), limits),
			await assemble(new Map([["candidate", candidate], ...then]), limits),
		];
		return before === undefined || after === undefined ? null : { running: before, candidate: after };
	};
	return (revision) => {
		const revisions = splitRevision(revision).data;
		const key = JSON.stringify([...revisions].sort());
		if (last?.key !== key) last = { key, pair: make(revisions).catch(() => null) };
		return last.pair;
	};
}
