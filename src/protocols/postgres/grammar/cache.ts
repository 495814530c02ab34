import type { ParsedSql } from "./model.ts";

/**
 * Parsed texts by text, in two generations: when the young one has its share, it becomes the old one, and what is
 * used of the old one is young again. So a hit costs one look-up, where a list in order of use costs a rewrite.
 */
export class ParseCache {
	readonly #share: number;
	#young = new Map<string, ParsedSql>();
	#old = new Map<string, ParsedSql>();
	#youngSize = 0;

	/** `capacity` in UTF-16 units of the texts kept, both generations together; one text may take an eighth of it. */
	constructor(capacity: number) {
		this.#share = capacity / 2;
	}

	get(text: string): ParsedSql | undefined {
		const young = this.#young.get(text);
		if (young !== undefined) return young;
		const old = this.#old.get(text);
		if (old !== undefined) this.#put(text, old);
		return old;
	}

	/** Keeps `parsed` for `text`, unless another of the same text came first: that one is then given back. */
	add(text: string, parsed: ParsedSql): ParsedSql {
		const earlier = this.get(text);
		if (earlier !== undefined) return earlier;
		if (weigh(text) * 4 <= this.#share) this.#put(text, parsed);
		return parsed;
	}

	clear(): void {
		this.#young = new Map();
		this.#old = new Map();
		this.#youngSize = 0;
	}

	#put(text: string, parsed: ParsedSql): void {
		if (this.#youngSize + weigh(text) > this.#share) {
			this.#old = this.#young;
			this.#young = new Map();
			this.#youngSize = 0;
		}
		this.#young.set(text, parsed);
		this.#youngSize += weigh(text);
	}
}

/** The smallest tree weighs as much as that of a text of 64 characters. */
function weigh(text: string): number {
	return Math.max(text.length, 64);
}
