import { Detectors } from "../../../src/masking/index.ts";
import { DETECTOR_KINDS } from "../../../src/policy/index.ts";
import { corpus, type Labelled, NAMES } from "./corpus.ts";

export interface Score {
	readonly found: number;
	readonly wrong: number;
	readonly missed: number;
	readonly precision: number;
	readonly recall: number;
}

export interface Scored {
	readonly texts: number;
	/** Texts with nothing to be found. */
	readonly negatives: number;
	readonly byKind: ReadonlyMap<string, Score>;
	/** What went wrong, for a person to read. */
	readonly mistakes: readonly string[];
}

/** A hit counts if kind and bytes are the label's; anything else is a wrong one and a missed one. */
export function scoreCorpus(): Scored {
	const texts = corpus();
	const detectors = new Detectors(["*"], { expressions: {}, names: NAMES });
	const counts = new Map(DETECTOR_KINDS.map((kind) => [kind as string, { found: 0, wrong: 0, missed: 0 }]));
	const mistakes: string[] = [];
	for (const labelled of texts) {
		const { extra, missing, right } = compare(detectors, labelled);
		for (const { kind } of right) bump(counts, kind).found += 1;
		for (const { kind } of extra) bump(counts, kind).wrong += 1;
		for (const { kind } of missing) bump(counts, kind).missed += 1;
		const told = JSON.stringify(labelled.text.slice(0, 120));
		for (const { kind, value } of extra) mistakes.push(`wrong ${kind} ${value.slice(0, 60)} in ${told}`);
		for (const { kind, value } of missing) mistakes.push(`missed ${kind} ${value.slice(0, 60)} in ${told}`);
	}
	const byKind = new Map(
		[...counts].map(([kind, { found, wrong, missed }]) => [
			kind,
			{ found, wrong, missed, precision: share(found, wrong), recall: share(found, missed) },
		]),
	);
	return {
		texts: texts.length,
		negatives: texts.filter(({ found }) => found.length === 0).length,
		byKind,
		mistakes,
	};
}

type Counts = { found: number; wrong: number; missed: number };
function bump(counts: Map<string, Counts>, kind: string): Counts {
	const count = counts.get(kind) ?? { found: 0, wrong: 0, missed: 0 };
	counts.set(kind, count);
	return count;
}

const share = (right: number, other: number) => (right + other === 0 ? 1 : right / (right + other));

function compare(detectors: Detectors, { text, found }: Labelled) {
	const bytes = Buffer.from(text);
	const hits = detectors
		.find({ bytes, start: 0, end: bytes.length })
		.map(({ kind, start, end }) => ({ kind, value: bytes.toString("utf8", start, end) }));
	const missing = [...found];
	const right: { kind: string }[] = [];
	const extra = hits.filter((hit) => {
		const at = missing.findIndex(({ kind, value }) => kind === hit.kind && value === hit.value);
		if (at === -1) return true;
		missing.splice(at, 1);
		right.push(hit);
		return false;
	});
	return { extra, missing, right };
}
