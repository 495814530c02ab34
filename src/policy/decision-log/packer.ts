import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { DecisionLogCounters } from "./counters.ts";

/** An event as JSON. */
export interface EventText {
	readonly json: string;
	/** The same without the cache of builtins, for when it is too large; absent where there is none. */
	readonly bare?: string;
}

/** A gzipped JSON array of events, as it is uploaded. */
export interface Chunk {
	readonly body: Buffer;
	readonly events: number;
}

const compress = promisify(gzip);

/** A chunk fuller than this, of the limit, is full enough. */
const FULL = 0.9;

/** What one chunk may hold uncompressed at most, so that packing it stays a matter of milliseconds. */
const MOST_UNCOMPRESSED = 64 << 20;

/**
 * Packs events into chunks of at most so many bytes compressed. How much fits uncompressed is found out on the way: the
 * guess is doubled after a chunk that was too empty and halved after one that was too full, which is then split.
 */
export class Packer {
	/** Bytes of JSON that are likely to fit into one chunk. */
	guess: number;
	readonly #limit: number;
	readonly #counters: DecisionLogCounters;

	constructor(limit: number, counters: DecisionLogCounters) {
		this.#limit = limit;
		this.#counters = counters;
		this.guess = limit;
	}

	/** Never rejects: an event that can't be packed is dropped and counted. */
	async pack(events: readonly EventText[]): Promise<Chunk[]> {
		if (events.length === 0) return [];
		const body = await compress(`[${events.map(({ json }) => json).join(",")}]`);
		if (body.length <= this.#limit) {
			if (body.length < this.#limit * FULL) this.guess = Math.min(this.guess * 2, MOST_UNCOMPRESSED);
			return [{ body, events: events.length }];
		}
		const [first] = events;
		if (events.length === 1 && first !== undefined) return this.#tooLarge(first);
		this.guess = Math.max(this.#limit, Math.floor(this.guess / 2));
		const half = Math.ceil(events.length / 2);
		return [...(await this.pack(events.slice(0, half))), ...(await this.pack(events.slice(half)))];
	}

	async #tooLarge({ bare }: EventText): Promise<Chunk[]> {
		if (bare === undefined) {
			this.#counters.dropped.encoding_failure++;
			return [];
		}
		this.#counters.builtinCachesDropped++;
		return this.pack([{ json: bare }]);
	}
}
