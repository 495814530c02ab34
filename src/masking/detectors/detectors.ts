import { type Announced, NOTHING } from "./context.ts";
import { compileExpression, type Expression, findExpression } from "./expressions.ts";
import { DETECTOR_KINDS, type Hit, type Text } from "./kinds.ts";
import { Persons } from "./persons.ts";
import { Scanner } from "./scanner.ts";

/** What a place adds to the shipped detectors. */
export interface DetectorSettings {
	/** Own expressions in RE2's syntax, by name. */
	readonly expressions: Readonly<Record<string, string>>;
	/** Names of people; `person` finds these. */
	readonly names: readonly string[];
}

export const NO_SETTINGS: DetectorSettings = { expressions: {}, names: [] };

const NO_HITS: readonly Hit[] = [];

/**
 * Some of the detectors, for one text after the other. What is found doesn't depend on which others are asked for: a
 * card's number is no telephone number whether or not cards are wanted.
 */
export class Detectors {
	readonly #wanted: ReadonlySet<string>;
	readonly #scanner: Scanner | null;
	readonly #persons: Persons | null;
	readonly #expressions: readonly Expression[];

	/**
	 * @param wanted kinds, names of expressions, or `*` for all
	 * @throws MaskingError for an expression that doesn't compile
	 */
	constructor(wanted: readonly string[], settings: DetectorSettings = NO_SETTINGS) {
		const all = wanted.includes("*");
		const own = Object.entries(settings.expressions);
		this.#wanted = new Set(all ? [...DETECTOR_KINDS, ...own.map(([name]) => name)] : wanted);
		const shipped = DETECTOR_KINDS.some((kind) => kind !== "person" && this.#wanted.has(kind));
		this.#scanner = shipped ? new Scanner() : null;
		this.#persons =
			this.#wanted.has("person") && settings.names.length > 0 ? new Persons(settings.names) : null;
		this.#expressions = own
			.filter(([name]) => this.#wanted.has(name))
			.map(([name, pattern]) => compileExpression(name, pattern));
	}

	/** What a text's name says of what is in it; for `find`. Worked out once for a column. */
	announcedBy(name: string): Announced {
		return this.#scanner?.announcedBy(name) ?? NOTHING;
	}

	/** What begins at `from` or behind it, in order, without overlaps: of two that do the first and longer stays, and grows. */
	find(text: Text, announced: Announced = NOTHING, from = text.start): readonly Hit[] {
		const hits: Hit[] = [];
		this.#scanner?.scan(text, from, announced, hits);
		const shipped = hits.length === 0 ? hits : hits.filter(({ kind }) => this.#wanted.has(kind));
		const before = shipped.length;
		this.#persons?.find(text, from, shipped);
		for (const expression of this.#expressions) findExpression(expression, text, from, shipped);
		if (shipped.length === 0) return NO_HITS;
		return shipped.length === before ? shipped : merged(shipped);
	}
}

function merged(hits: Hit[]): Hit[] {
	hits.sort((a, b) => a.start - b.start || b.end - a.end);
	const kept: Hit[] = [];
	for (const hit of hits) {
		const last = kept.at(-1);
		if (last === undefined || hit.start >= last.end) kept.push(hit);
		else if (hit.end > last.end) kept[kept.length - 1] = { ...last, end: hit.end };
	}
	return kept;
}
