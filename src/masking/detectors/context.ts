import { LOWER, UNDERSCORE, UPPER, WORD } from "./bytes.ts";
import type { Text } from "./kinds.ts";

/** How far behind a word what it announces may begin, in bytes. */
const REACH = 40;
/** How far back words are read that announce what stands at a place: those at the reach's end are read whole. */
export const CONTEXT_BYTES = 64;
/** In front of a number: CJK and Cyrillic labels, which have no words that could be told apart by bytes. */
const LABEL_REACH = 24;

/** Families that are announced throughout. */
export type Announced = ReadonlySet<number>;
export const NOTHING: Announced = new Set();

/**
 * Which words stand how far before a place. Some numbers have so weak a check that only a word before them (`BSN:`,
 * `phone`) makes one of many a hit. Words are parts of identifiers as well: `customerPhone`, `phone_number`. They are
 * read where somebody asks, for few numbers are such that anybody does.
 */
export class Context {
	readonly #families = new Map<string, number>();
	readonly #words = new Map<number, number[]>();
	/** By family: words in other scripts, and which bytes they begin with. */
	readonly #labels: { readonly words: Buffer[]; readonly begins: Uint8Array }[] = [];
	readonly #seenAt: number[] = [];
	#always: Announced = NOTHING;
	/** By the hash's last bits: whether any word has it. */
	readonly #some = new Uint8Array(8_192);
	/** Some word was seen. */
	#seen = false;
	/** How far words were read, or lie in something that was found. */
	#readTo = 0;
	/** Where a byte of another script was seen last. */
	#highAt = Number.NEGATIVE_INFINITY;

	/** Registers words of a family; those in other scripts must stand right before what they announce. */
	family(name: string, words: readonly string[]): number {
		const known = this.#families.get(name);
		if (known !== undefined) return known;
		const family = this.#families.size;
		this.#families.set(name, family);
		this.#seenAt.push(Number.NEGATIVE_INFINITY);
		const labels = { words: [] as Buffer[], begins: new Uint8Array(256) };
		this.#labels.push(labels);
		for (const word of words) {
			if (/^[a-z0-9]+$/.test(word)) {
				const hash = hashOf(word);
				this.#some[hash & 8_191] = 1;
				this.#words.set(hash, [...(this.#words.get(hash) ?? []), family]);
			} else {
				const bytes = Buffer.from(word);
				labels.words.push(bytes);
				labels.begins[bytes[0] as number] = 1;
			}
		}
		return family;
	}

	/** What a name announces: a column's does so for all its values. */
	announcedBy(name: string): Announced {
		const bytes = Buffer.from(name);
		const text = { bytes, start: 0, end: bytes.length };
		this.begin(text, NOTHING);
		for (let at = 0; at < bytes.length; )
			at = WORD[bytes[at] as number] === 0 ? at + 1 : this.#word(bytes, at, bytes.length);
		const found = new Set<number>();
		for (const [family, seenAt] of this.#seenAt.entries())
			if (seenAt >= 0 || this.#labelled(text, bytes.length, family)) found.add(family);
		return found.size === 0 ? NOTHING : found;
	}

	/** Begins a text of which so much is announced. */
	begin({ start }: Text, announced: Announced): void {
		this.#always = announced;
		this.#readTo = start;
		this.#highAt = Number.NEGATIVE_INFINITY;
		if (this.#seen) this.#seenAt.fill(Number.NEGATIVE_INFINITY);
		this.#seen = false;
	}

	/** Something was found that reaches from `start` to `end`: words in it announce nothing. */
	found(text: Text, start: number, end: number): void {
		this.#read(text, start);
		this.#readTo = end;
	}

	/** Whether what begins at `at` was announced. */
	announces(text: Text, at: number, family: number): boolean {
		if (this.#always.has(family)) return true;
		this.#read(text, at);
		if (at - (this.#seenAt[family] as number) <= REACH) return true;
		return at - this.#highAt <= LABEL_REACH && this.#labelled(text, at, family);
	}

	/** Reads the words before `to` that nobody has read. The first may be the end of one, and then it is none. */
	#read({ bytes, start }: Text, to: number): void {
		let at = Math.max(this.#readTo, to - CONTEXT_BYTES);
		if (at > start && at > this.#readTo && WORD[bytes[at - 1] as number] !== 0)
			while (at < to && WORD[bytes[at] as number] !== 0) at++;
		while (at < to) {
			const byte = bytes[at] as number;
			if (WORD[byte] !== 0) at = this.#word(bytes, at, to);
			else {
				if (byte >= 0x80) this.#highAt = at;
				at++;
			}
		}
		if (to > this.#readTo) this.#readTo = to;
	}

	/** Reads the word at `at`, remembers what its parts announce, and answers where it ends. */
	#word(bytes: Buffer, at: number, end: number): number {
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

	#labelled({ bytes, start }: Text, at: number, family: number): boolean {
		const labels = this.#labels[family];
		if (labels === undefined || labels.words.length === 0) return false;
		for (let from = Math.max(start, at - LABEL_REACH); from < at; from++) {
			if (labels.begins[bytes[from] as number] === 0) continue;
			for (const word of labels.words)
				if (from + word.length <= at && bytes.compare(word, 0, word.length, from, from + word.length) === 0)
					return true;
		}
		return false;
	}

	#see(hash: number, at: number): void {
		if (this.#some[hash & 8_191] === 0) return;
		const families = this.#words.get(hash);
		if (families === undefined) return;
		this.#seen = true;
		for (const family of families) this.#seenAt[family] = at;
	}
}

function hashOf(word: string): number {
	let hash = 0;
	for (let i = 0; i < word.length; i++) hash = (Math.imul(hash, 31) + (word.charCodeAt(i) | 0x20)) | 0;
	return hash;
}
