/** Replaced tags that are kept at most: they all go into one header. */
const MOST_SUPERSEDED = 8;

/** The entity tags that a server is told of: that of the bundle in force, and for a while those of the ones before. */
export class ETags {
	readonly #ttlMs: number;
	#current: string | undefined;
	#superseded: { readonly tag: string; readonly at: number }[] = [];

	/** @param ttlMs how long the tag of a replaced bundle is sent; 0: not at all */
	constructor(ttlMs: number) {
		this.#ttlMs = ttlMs;
	}

	/** The value of `If-None-Match`; undefined when there is nothing to name. */
	header(now = performance.now()): string | undefined {
		if (this.#current === undefined) return undefined;
		this.#superseded = this.#superseded.filter(({ at }) => now - at < this.#ttlMs);
		return [this.#current, ...this.#superseded.map(({ tag }) => tag)].join(", ");
	}

	/** A bundle came into force, with this tag or with none. */
	activated(tag: string | undefined, now = performance.now()): void {
		const before = this.#current;
		this.#current = tag;
		if (this.#ttlMs === 0) return;
		const others = this.#superseded.filter((each) => each.tag !== tag && each.tag !== before);
		const replaced = before === undefined || before === tag ? [] : [{ tag: before, at: now }];
		this.#superseded = [...replaced, ...others].slice(0, MOST_SUPERSEDED);
	}
}
