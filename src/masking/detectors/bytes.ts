import type { Text } from "./kinds.ts";

/** Classes of bytes that make up a word; bytes of other scripts (from 0x80 on) and all else are 0. */
export const DIGIT = 1;
export const UPPER = 2;
export const LOWER = 3;
export const UNDERSCORE = 4;

/** By byte. */
export const WORD = new Uint8Array(256);
WORD.fill(DIGIT, 0x30, 0x3a);
WORD.fill(UPPER, 0x41, 0x5b);
WORD.fill(LOWER, 0x61, 0x7b);
WORD[0x5f] = UNDERSCORE;

const SPACE = 0x20;
const HYPHEN = 0x2d;
const POINT = 0x2e;

/** The byte at an offset, 0 outside of the text: NUL occurs in no text of PostgreSQL's. */
export function byteAt({ bytes, start, end }: Text, at: number): number {
	return at >= start && at < end ? (bytes[at] as number) : 0;
}

export function classAt(text: Text, at: number): number {
	return WORD[byteAt(text, at)] as number;
}

export function isDigit(byte: number): boolean {
	return byte >= 0x30 && byte <= 0x39;
}

/**
 * How many bytes the letter of another script at `at` has, 0 where none begins: `«`, `，` and emoji are none. By lead
 * bytes only, which tell blocks of Unicode apart well enough.
 */
export function letterLength(text: Text, at: number): number {
	const lead = byteAt(text, at);
	if (lead < 0xc3 || lead > 0xf4 || lead === 0xe2) return 0;
	const second = byteAt(text, at + 1);
	if (lead < 0xe0) return 2;
	if ((lead === 0xe3 && second === 0x80) || lead === 0xef) return 0;
	if (lead < 0xf0) return 3;
	return lead === 0xf0 && second === 0x9f ? 0 : 4;
}

/** True where no word goes on. */
export function wordEnds(text: Text, at: number): boolean {
	return classAt(text, at) === 0;
}

/** True where a number that ends here isn't a piece of a longer one: `1234-5`, `1234.5`. */
export function numberEnds(text: Text, at: number): boolean {
	const next = byteAt(text, at);
	if (WORD[next] !== 0) return false;
	return !((next === HYPHEN || next === POINT) && isDigit(byteAt(text, at + 1)));
}

/** The same for its beginning. */
export function numberBegins(text: Text, at: number): boolean {
	const before = byteAt(text, at - 1);
	if (WORD[before] !== 0) return false;
	const joins = before === HYPHEN || before === POINT;
	return !(joins && isDigit(byteAt(text, at - 2)));
}

/** True where a number is the tail of an identifier: `INV-12345`. */
export function isTail(text: Text, at: number): boolean {
	return byteAt(text, at - 1) === HYPHEN && classAt(text, at - 2) !== 0;
}

/** A separator between two groups of digits: its length in bytes and what it counts as; length 0 for anything else. */
export function separatorAt(text: Text, at: number): { readonly length: number; readonly as: number } {
	const byte = byteAt(text, at);
	if (byte === SPACE || byte === HYPHEN || byte === POINT || byte === 0x2f)
		return SINGLE[byte] ?? NO_SEPARATOR;
	if (byte === 0xc2 && byteAt(text, at + 1) === 0xa0) return WIDE_SPACE_2;
	if (byte !== 0xe2 || byteAt(text, at + 1) !== 0x80) return NO_SEPARATOR;
	const last = byteAt(text, at + 2);
	if (last === 0xaf || last === 0x89) return WIDE_SPACE_3;
	return last >= 0x90 && last <= 0x93 ? WIDE_HYPHEN : NO_SEPARATOR;
}

const NO_SEPARATOR = { length: 0, as: 0 } as const;
const SINGLE: Readonly<Record<number, { length: number; as: number }>> = Object.fromEntries(
	[SPACE, HYPHEN, POINT, 0x2f].map((byte) => [byte, { length: 1, as: byte }]),
);
/** No-break space; narrow no-break and thin space; hyphens and en dash. */
const WIDE_SPACE_2 = { length: 2, as: SPACE } as const;
const WIDE_SPACE_3 = { length: 3, as: SPACE } as const;
const WIDE_HYPHEN = { length: 3, as: HYPHEN } as const;

/** Whether the ASCII text `expected` stands there. */
export function standsAt(text: Text, at: number, expected: string): boolean {
	if (at < text.start || at + expected.length > text.end) return false;
	for (let i = 0; i < expected.length; i++) if (text.bytes[at + i] !== expected.charCodeAt(i)) return false;
	return true;
}

/** A set of bytes: ASCII characters and ranges as in a character class, `A-Za-z0-9_-` with the hyphen last. */
export function byteSet(members: string): Uint8Array {
	const set = new Uint8Array(256);
	for (let i = 0; i < members.length; i++) {
		const from = members.charCodeAt(i);
		const isRange = members[i + 1] === "-" && i + 2 < members.length;
		const to = isRange ? members.charCodeAt(i + 2) : from;
		set.fill(1, from, to + 1);
		if (isRange) i += 2;
	}
	return set;
}

/** Where the bytes of a set end, at most `most` of them. */
export function runEnd({ bytes, end }: Text, at: number, set: Uint8Array, most: number): number {
	const limit = Math.min(end, at + most);
	let i = at;
	while (i < limit && set[bytes[i] as number] === 1) i++;
	return i;
}
