import { LOWER, UNDERSCORE, UPPER, WORD } from "./bytes.ts";
import type { Text } from "./kinds.ts";

/** How far behind a word what it announces may begin, in bytes. */
const REACH = 40;
/** In front of a number: CJK and Cyrillic labels, which have no words that could be told apart by bytes. */
const LABEL_REACH = 24;

/** Families that are announced throughout. */
export type Announced = ReadonlySet<number>;
export const NOTHING: Announced = new Set();

/**
 * Which words were seen how long ago. Some numbers have so weak a check that only a word before them (`BSN:`,
 * `phone`) makes one of many a hit. Words are parts of identifiers as well: `customerPhone`, `phone_number`.
 */
export class Context {
	readonly #families = new Map<string, number>();
	readonly #words = new Map<number, number[]>();
	readonly #labels: { readonly bytes: Buffer; readonly family: number }[] = [];
	readonly #seenAt: number[] = [];
	#always: Announced = NOTHING;
	/** By the hash's last bits: whether any word has it. */
	readonly #some = new Uint8Array(8_192);
	/** Where a byte of another script was seen last. */
	highAt = Number.NEGATIVE_INFINITY;

	/** Registers words of a family; those in other scripts must stand right before what they announce. */
	family(name: string, words: readonly string[]): number {
		const known = this.#families.get(name);
		if (known !== undefined) return known;
		const family = this.#families.size;
		this.#families.set(name, family);
		this.#seenAt.push(Number.NEGATIVE_INFINITY);
		for (const word of words) {
			if (/^[a-z0-9]+$/.test(word)) {
				const hash = hashOf(word);
				this.#some[hash & 8_191] = 1;
				this.#words.set(hash, [...(this.#words.get(hash) ?? []), family]);
			} else this.#labels.push({ bytes: Buffer.from(word), family });
		}
		return family;
	}

	/** What a name announces: a column's does so for all its values. */
	announcedBy(name: string): Announced {
		this.forget(NOTHING);
		const bytes = Buffer.from(name);
		const text = { bytes, start: 0, end: bytes.length };
		for (let at = 0; at < bytes.length; ) at = WORD[bytes[at] as number] === 0 ? at + 1 : this.word(text, at);
		const found = new Set<number>();
		for (const [family, seenAt] of this.#seenAt.entries())
			if (seenAt >= 0 || this.#labelled(text, bytes.length, family)) found.add(family);
		return found.size === 0 ? NOTHING : found;
	}

	/** Begins a text of which so much is announced. */
	forget(announced: Announced): void {
		this.#always = announced;
		this.#seenAt.fill(Number.NEGATIVE_INFINITY);
		this.highAt = Number.NEGATIVE_INFINITY;
	}

	/** Reads the word at `at`, remembers what its parts announce, and answers where it ends. */
	word({ bytes, end }: Text, at: number): number {
		let hash = 0;
		let whole = 0;
		let lower = false;
		let i = at;
		for (; i < end; i++) {
			const byte = bytes[i] as number;
			const kind = WORD[byte];
			if (kind === 0) break;
			if (kind === UNDERSCORE || (kind === UPPER && lower)) {
				this.#see(hash, i);
				hash = 0;
				lower = false;
				if (kind === UNDERSCORE) continue;
			}
			hash = (Math.imul(hash, 31) + (byte | 0x20)) | 0;
			whole = (Math.imul(whole, 31) + (byte | 0x20)) | 0;
			lower = kind === LOWER;
		}
		this.#see(hash, i);
		if (whole !== hash) this.#see(whole, i);
		return i;
	}

	/** Whether what begins at `at` was announced. */
	announces(text: Text, at: number, family: number): boolean {
		if (this.#always.has(family) || at - (this.#seenAt[family] as number) <= REACH) return true;
		return at - this.highAt <= LABEL_REACH && this.#labelled(text, at, family);
	}

	#labelled({ bytes, start }: Text, at: number, family: number): boolean {
		const before = bytes.subarray(Math.max(start, at - LABEL_REACH), at);
		return this.#labels.some((label) => label.family === family && before.includes(label.bytes));
	}

	#see(hash: number, at: number): void {
		if (this.#some[hash & 8_191] === 0) return;
		const families = this.#words.get(hash);
		if (families === undefined) return;
		for (const family of families) this.#seenAt[family] = at;
	}
}

function hashOf(word: string): number {
	let hash = 0;
	for (let i = 0; i < word.length; i++) hash = (Math.imul(hash, 31) + (word.charCodeAt(i) | 0x20)) | 0;
	return hash;
}
