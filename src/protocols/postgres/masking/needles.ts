import type { Viewed } from "../codec/index.ts";

const ONES = 0x01010101;
const HIGH_BITS = 0x80808080;
const SPACE = 0x20;

/**
 * Some bytes that are looked for. Four bytes of the text are tried at once: the usual sets are control characters and
 * at most two others, and a word that holds none of them is told by a few operations.
 */
export class Needles {
	readonly #is = new Uint8Array(256);
	/** In each byte of a word: one more than the largest control character, and the two others. */
	readonly #below: number;
	readonly #one: number;
	readonly #other: number;
	readonly #byWords: boolean;

	constructor(bytes: readonly number[]) {
		for (const byte of bytes) this.#is[byte] = 1;
		const printable = [...new Set(bytes.filter((byte) => byte >= SPACE))];
		this.#below = (Math.max(-1, ...bytes.filter((byte) => byte < SPACE)) + 1) * ONES;
		const [one = bytes[0] ?? 0, other = one] = printable;
		this.#one = Math.imul(one, ONES);
		this.#other = Math.imul(other, ONES);
		this.#byWords = printable.length <= 2;
	}

	/** The first of them in `bytes[start, end)`; `end` where there is none. */
	next({ bytes, view }: Viewed, start: number, end: number): number {
		let at = start;
		if (this.#byWords)
			for (; at + 4 <= end; at += 4) {
				const word = view.getInt32(at, true);
				const one = word ^ this.#one;
				const other = word ^ this.#other;
				// A byte below a limit, and one that is zero, leave their highest bit set (Mycroft's trick).
				const found = ((word - this.#below) & ~word) | ((one - ONES) & ~one) | ((other - ONES) & ~other);
				if ((found & HIGH_BITS) !== 0) break;
			}
		const is = this.#is;
		while (at < end && is[bytes[at] as number] === 0) at++;
		return at;
	}
}
