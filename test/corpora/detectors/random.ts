/** A generator of numbers that is the same everywhere: mulberry32. */
export class Random {
	#state: number;

	constructor(seed: number) {
		this.#state = seed >>> 0;
	}

	/** From 0 up to, not including, `below`. */
	below(below: number): number {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
	}

	between(from: number, to: number): number {
		return from + this.below(to - from + 1);
	}

	of<T>(list: readonly T[]): T {
		return list[this.below(list.length)] as T;
	}

	text(characters: string, length: number): string {
		return Array.from({ length }, () => characters[this.below(characters.length)]).join("");
	}

	digits(length: number): string {
		return this.text("0123456789", length);
	}
}

export const LOWER = "abcdefghijklmnopqrstuvwxyz";
export const ALNUM = `ABCDEFGHIJKLMNOPQRSTUVWXYZ${LOWER}0123456789`;
export const HEX = "0123456789abcdef";
export const BASE64URL = `${ALNUM}-_`;
