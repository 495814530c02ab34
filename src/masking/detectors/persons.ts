import { byteAt, letterLength, WORD } from "./bytes.ts";
import type { Hit, Text } from "./kinds.ts";

/** Longest name of a dictionary, in words. */
const MOST_WORDS = 6;

const FILTER = 0xffff;

/** How many bytes of a word stand there. */
const partLength = (text: Text, at: number) => (WORD[byteAt(text, at)] !== 0 ? 1 : letterLength(text, at));

/**
 * Finds the names of a dictionary: whole words, in the case that the dictionary writes them in or in capitals. Between
 * the words of a name may be blanks, a hyphen or an apostrophe, whichever the dictionary has. Text is read once; a word costs one look-up.
 */
export class Persons {
	/** By the first word's hash: the words of each name that begins so. */
	readonly #names = new Map<number, (readonly Buffer[])[]>();

	/** By the hash's last bits: whether some name begins so. */
	readonly #some = new Uint8Array(FILTER + 1);
	/** By the first two bytes: the same. Most words are told by them. */
	readonly #begins = new Uint8Array(FILTER + 1);

	constructor(names: readonly string[]) {
		for (const name of names) {
			const words = name
				.split(/[\s'’-]+/u)
				.filter((word) => word !== "")
				.slice(0, MOST_WORDS);
			if (words.length === 0) continue;
			for (const written of new Set([words.join(" "), words.join(" ").toUpperCase()])) {
				const parts = written.split(" ").map((word) => Buffer.from(word));
				const hash = hashOf(parts[0] as Buffer, 0, (parts[0] as Buffer).length);
				this.#some[hash & FILTER] = 1;
				this.#begin(parts[0] as Buffer);
				this.#names.set(
					hash,
					[...(this.#names.get(hash) ?? []), parts].sort((a, b) => b.length - a.length),
				);
			}
		}
	}

	/** All names in the text, from `from` on, from left to right. */
	find(text: Text, from: number, hits: Hit[]): void {
		const { bytes, end } = text;
		for (let at = from; at < end; ) {
			const first = bytes[at] as number;
			if (first < 0x80 && this.#begins[(first << 8) | (bytes[at + 1] as number)] === 0) {
				at = WORD[first] === 0 ? at + 1 : wordEnd(text, at);
				continue;
			}
			const stop = wordEnd(text, at);
			let hash = 0;
			for (let each = at; each < stop; each++) hash = (Math.imul(hash, 31) + (bytes[each] as number)) | 0;
			const known = stop > at && this.#some[hash & FILTER] === 1 && wordBegins(text, at);
			const found = known ? this.#named(text, at, stop, hash) : 0;
			if (found > 0) hits.push({ kind: "person", of: "person", start: at, end: found });
			at = Math.max(stop, found, at + 1);
		}
	}

	#begin(word: Buffer): void {
		const first = (word[0] as number) << 8;
		if (word.length === 1) this.#begins.fill(1, first, first + 256);
		else this.#begins[first | (word[1] as number)] = 1;
	}

	#named(text: Text, at: number, stop: number, hash: number): number {
		for (const words of this.#names.get(hash) ?? []) {
			const end = matchWords(text, at, words);
			if (end >= stop) return end;
		}
		return 0;
	}
}

/** Where the word ends that goes on at `at`; `at` where none does. */
function wordEnd(text: Text, at: number): number {
	const { bytes, end } = text;
	let stop = at;
	for (;;) {
		while (stop < end && WORD[bytes[stop] as number] !== 0) stop++;
		const length = stop < end && (bytes[stop] as number) >= 0x80 ? letterLength(text, stop) : 0;
		if (length === 0) return stop;
		stop = Math.min(end, stop + length);
	}
}

/** Only where `from` lies in a word can one go on there. */
function wordBegins(text: Text, at: number): boolean {
	for (let back = 1; back <= 4; back++) if (partLength(text, at - back) === back) return false;
	return true;
}

/** Blanks, `'`, `’`, `-`. */
function gapEnd(text: Text, at: number): number {
	let end = at;
	while (end - at < 4 && [0x20, 0x09, 0x27, 0x2d].includes(byteAt(text, end))) end++;
	const isQuote = end === at && byteAt(text, at) === 0xe2 && byteAt(text, at + 2) === 0x99;
	return isQuote ? at + 3 : end;
}

function matchWords(text: Text, at: number, words: readonly Buffer[]): number {
	const { bytes, end } = text;
	let next = at;
	for (const [index, word] of words.entries()) {
		if (index > 0) {
			const gap = gapEnd(text, next);
			if (gap === next) return 0;
			next = gap;
		}
		if (next + word.length > end || bytes.compare(word, 0, word.length, next, next + word.length) !== 0)
			return 0;
		next += word.length;
		if (partLength(text, next) > 0) return 0;
	}
	return next;
}

function hashOf(bytes: Buffer, start: number, end: number): number {
	let hash = 0;
	for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0;
	return hash;
}
