import type { ParsedSql } from "./model.ts";

interface Entry {
	readonly parsed: ParsedSql;
	readonly weight: number;
}

/**
 * Parsed texts by text, in two generations: when the young one has its share, it becomes the old one, and what is
 * used of the old one is young again. So a hit costs one look-up, where a list in order of use costs a rewrite.
 */
export class ParseCache {
	readonly #share: number;
	#young = new Map<string, Entry>();
	#old = new Map<string, Entry>();
	#youngWeight = 0;

	/** `capacity`: the weight of what is kept, both generations together; one text may take an eighth of it. */
	constructor(capacity: number) {
		this.#share = capacity / 2;
	}

	get(text: string): ParsedSql | undefined {
		const young = this.#young.get(text);
		if (young !== undefined) return young.parsed;
		const old = this.#old.get(text);
		if (old === undefined) return undefined;
		this.#put(text, old);
		return old.parsed;
	}

	/** Keeps `parsed` for `text`, unless another of the same text came first: that one is then given back. */
	add(text: string, parsed: ParsedSql, weight: number): ParsedSql {
		const earlier = this.get(text);
		if (earlier !== undefined) return earlier;
		if (weight * 4 <= this.#share) this.#put(text, { parsed, weight });
		return parsed;
	}

	clear(): void {
		this.#young = new Map();
		this.#old = new Map();
		this.#youngWeight = 0;
	}

	#put(text: string, entry: Entry): void {
		if (this.#youngWeight + entry.weight > this.#share) {
			this.#old = this.#young;
			this.#young = new Map();
			this.#youngWeight = 0;
		}
		this.#young.set(text, entry);
		this.#youngWeight += entry.weight;
	}
}
