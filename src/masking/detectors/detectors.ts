import { DETECTOR_KINDS, type DetectorSettings, NO_DETECTOR_SETTINGS } from "../../policy/index.ts";
import { MaskingError } from "../errors.ts";
import { type Announced, NOTHING } from "./context.ts";
import { compileExpression, type Expression, findExpression } from "./expressions.ts";
import type { Hit, Text } from "./kinds.ts";
import { Persons } from "./persons.ts";
import { Scanner } from "./scanner.ts";

const NO_HITS: readonly Hit[] = [];

/**
 * Some of the detectors, for one text after the other. What is found doesn't depend on which others are asked for: a
 * card's number is no telephone number whether or not cards are wanted.
 */
export class Detectors {
	readonly #wanted: ReadonlySet<string>;
	readonly #asked: readonly string[];
	readonly #settings: DetectorSettings;
	readonly #scanner: Scanner | null;
	readonly #persons: Persons | null;
	readonly #expressions: readonly Expression[];

	/**
	 * @param wanted kinds, names of expressions, or `*` for all
	 * @throws MaskingError `mask_detector_unknown` for any other name
	 */
	constructor(wanted: readonly string[], settings: DetectorSettings = NO_DETECTOR_SETTINGS) {
		this.#asked = wanted;
		this.#settings = settings;
		const all = wanted.includes("*");
		const own = Object.entries(settings.expressions);
		const unknown = wanted.find(
			(name) => !(name === "*" || isKind(name) || Object.hasOwn(settings.expressions, name)),
		);
		if (unknown !== undefined)
			throw new MaskingError(
				"mask_detector_unknown",
				`a mask asks for the detector ${JSON.stringify(unknown)}`,
			);
		this.#wanted = new Set(all ? [...DETECTOR_KINDS, ...own.map(([name]) => name)] : wanted);
		const shipped = DETECTOR_KINDS.some((kind) => kind !== "person" && this.#wanted.has(kind));
		this.#scanner = shipped ? new Scanner() : null;
		this.#persons =
			this.#wanted.has("person") && settings.names.length > 0 ? new Persons(settings.names) : null;
		this.#expressions = own
			.filter(([name]) => this.#wanted.has(name))
			.map(([name, pattern]) => compileExpression(name, pattern));
	}

	/** These and others, of the same settings. */
	with(others: readonly string[]): Detectors {
		return detectorsOf([...this.#asked, ...others], this.#settings);
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

const isKind = (name: string) => (DETECTOR_KINDS as readonly string[]).includes(name);

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

const made = new WeakMap<DetectorSettings, Map<string, Detectors>>();
/** Sets of detectors that are kept made: policies ask for few. */
const MOST_MADE = 100;

/** Detectors by their names, made once for a policy's settings. */
export function detectorsOf(wanted: readonly string[], settings: DetectorSettings): Detectors {
	const known = made.get(settings) ?? new Map<string, Detectors>();
	made.set(settings, known);
	const key = [...new Set(wanted)].toSorted().join(",");
	const detectors = known.get(key) ?? new Detectors(wanted, settings);
	if (known.size >= MOST_MADE) known.clear();
	known.set(key, detectors);
	return detectors;
}
