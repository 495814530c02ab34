import { byteSet } from "./bytes.ts";
import { type Announced, CONTEXT_BYTES, NOTHING } from "./context.ts";
import type { Detectors } from "./detectors.ts";
import type { Hit } from "./kinds.ts";
import { KEY_BODY } from "./private-key.ts";

/**
 * How far what is found may reach before it counts as found: whatever goes on beyond is swallowed for as long as it
 * consists of what such a thing does (a key's text, the parts of a token).
 */
export const LOOK_AHEAD = 16 * 1024;
/** Pieces are gathered up to this size, so that the look-ahead isn't read again for each. */
const GATHERED = 3 * LOOK_AHEAD;

const BEYOND = byteSet("A-Za-z0-9_.=+/-");

/** What stands in the place of something found. */
export type Replace = (hit: Hit, bytes: Buffer) => Buffer;

/** `[email]`: what was there, and nothing of it. */
export function mark({ kind }: Hit): Buffer {
	let bytes = MARKS.get(kind);
	if (bytes === undefined) {
		bytes = Buffer.from(`[${kind}]`);
		if (MARKS.size < 1_000) MARKS.set(kind, bytes);
	}
	return bytes;
}
const MARKS = new Map<string, Buffer>();

/** A text with everything that is found replaced; the text itself where that is nothing. */
export function replaceFound(
	detectors: Detectors,
	bytes: Buffer,
	announced: Announced = NOTHING,
	replace: Replace = mark,
): Buffer {
	const hits = detectors.find({ bytes, start: 0, end: bytes.length }, announced);
	return hits.length === 0 ? bytes : replaceHits(bytes, hits, replace);
}

/** @param hits in order, without overlaps */
export function replaceHits(bytes: Buffer, hits: readonly Hit[], replace: Replace): Buffer {
	const pieces: Buffer[] = [];
	let at = 0;
	for (const hit of hits) {
		pieces.push(bytes.subarray(at, hit.start), replace(hit, bytes.subarray(hit.start, hit.end)));
		at = hit.end;
	}
	pieces.push(bytes.subarray(at));
	return Buffer.concat(pieces);
}

/**
 * The same for a text that comes in pieces, whatever its size: at most `GATHERED` bytes and one piece are held.
 */
export class ReplacingStream {
	readonly #detectors: Detectors;
	readonly #announced: Announced;
	readonly #replace: Replace;
	#held: Buffer = Buffer.alloc(0);
	/** Of what is held so much has gone on already and is there as context. */
	#done = 0;
	#swallowing: Uint8Array | null = null;

	constructor(detectors: Detectors, announced: Announced = NOTHING, replace: Replace = mark) {
		this.#detectors = detectors;
		this.#announced = announced;
		this.#replace = replace;
	}

	/** Takes a piece, which may be written over afterwards, and answers what can go on. */
	push(piece: Buffer): Buffer {
		this.#held = Buffer.concat([this.#held, piece]);
		return this.#held.length - this.#done < GATHERED ? Buffer.alloc(0) : this.#release(false);
	}

	/** The rest. */
	end(): Buffer {
		const rest = this.#release(true);
		this.#held = Buffer.alloc(0);
		this.#done = 0;
		this.#swallowing = null;
		return rest;
	}

	#release(last: boolean): Buffer {
		const held = this.#held;
		this.#swallow();
		const from = this.#done;
		const settled = last ? held.length : held.length - LOOK_AHEAD;
		if (from >= settled && !last) return Buffer.alloc(0);
		const hits = this.#detectors.find({ bytes: held, start: 0, end: held.length }, this.#announced, from);
		const pieces: Buffer[] = [];
		let at = from;
		for (const hit of hits) {
			if (hit.start >= settled) break;
			pieces.push(held.subarray(at, hit.start), this.#replace(hit, held.subarray(hit.start, hit.end)));
			at = hit.end;
			if (at === held.length && !last) this.#swallowing = hit.kind === "private_key" ? KEY_BODY : BEYOND;
		}
		if (at < settled) {
			pieces.push(held.subarray(at, settled));
			at = settled;
		}
		const keep = Math.max(0, at - CONTEXT_BYTES);
		this.#held = Buffer.from(held.subarray(keep));
		this.#done = at - keep;
		return Buffer.concat(pieces);
	}

	#swallow(): void {
		const set = this.#swallowing;
		if (set === null) return;
		let at = this.#done;
		while (at < this.#held.length && set[this.#held[at] as number] === 1) at++;
		if (at < this.#held.length) this.#swallowing = null;
		this.#done = at;
	}
}
