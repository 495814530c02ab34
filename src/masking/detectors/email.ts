import { byteAt, byteSet, classAt, DIGIT, LOWER, letterLength, UPPER, WORD } from "./bytes.ts";
import type { Text } from "./kinds.ts";

/** RFC 5321, 4.5.3.1: octets of a local part and of a domain. */
const LONGEST_LOCAL = 64;
const LONGEST_DOMAIN = 255;
const LONGEST_LABEL = 63;

/** RFC 5322's `atext` and the dot, without what stands around addresses in texts: `'`, `/`, `=`, `|`, braces. */
const LOCAL = byteSet("A-Za-z0-9.!#$%&*+?^_~-");
/** Lead bytes of letters from À on: Latin, Greek, Cyrillic; the next byte continues them (RFC 6531). */
const isLead = (byte: number) => byte >= 0xc3 && byte <= 0xdf;
const isContinuation = (byte: number) => byte >= 0x80 && byte <= 0xbf;

const POINT = 0x2e;
const HYPHEN = 0x2d;

/** What files and systemd's units are called behind the last dot; no domain ends so. */
const NO_TOP_LEVEL: ReadonlySet<string> = new Set(
	(
		"png jpg jpeg gif svg webp bmp ico css js mjs cjs ts tsx jsx json yaml yml xml html htm txt log pdf csv sql " +
		"service socket timer target mount slice scope local localhost internal lan home invalid"
	).split(" "),
);

/** The address around the `@` at `at`; `floor` is where the last hit ended. */
export function emailAround(
	text: Text,
	at: number,
	floor: number,
): { readonly start: number; readonly end: number } | null {
	const start = localStart(text, at, floor);
	if (start === at) return null;
	const before = byteAt(text, start - 1);
	// A user in a URL, or another address's tail.
	if (before === 0x2f && byteAt(text, start - 2) === 0x2f) return null;
	if (before === 0x40) return null;
	const end = domainEnd(text, at + 1);
	return end === 0 ? null : { start, end };
}

function localStart(text: Text, at: number, floor: number): number {
	const limit = Math.max(floor, text.start, at - LONGEST_LOCAL);
	let start = at;
	while (start > limit) {
		const byte = text.bytes[start - 1] as number;
		if (LOCAL[byte] === 1) start--;
		else if (isContinuation(byte) && start - 2 >= limit && isLead(text.bytes[start - 2] as number))
			start -= 2;
		else break;
	}
	while (start < at && LOCAL[text.bytes[start] as number] === 1 && WORD[text.bytes[start] as number] === 0)
		start++;
	return text.bytes[at - 1] === POINT ? at : start;
}

/** 0 where no domain with a top level stands. */
function domainEnd(text: Text, from: number): number {
	let end = 0;
	let at = from;
	for (let label = 0; at - from < LONGEST_DOMAIN; label++) {
		const first = at;
		let letters = true;
		for (; at - first <= LONGEST_LABEL; at++) {
			const byte = byteAt(text, at);
			const kind = WORD[byte] as number;
			if (byte === HYPHEN || kind === DIGIT) letters = false;
			else if (kind !== LOWER && kind !== UPPER) {
				const length = letterLength(text, at);
				if (length === 0) break;
				at += length - 1;
			}
		}
		if (at === first || at - first > LONGEST_LABEL) break;
		if (byteAt(text, at - 1) === HYPHEN || byteAt(text, first) === HYPHEN) break;
		if (label > 0 && isTopLevel(text, first, at, letters)) end = at;
		if (byteAt(text, at) !== POINT) break;
		at++;
	}
	return end > 0 && classAt(text, end) === 0 && byteAt(text, end) !== 0x40 ? end : 0;
}

function isTopLevel(text: Text, start: number, end: number, letters: boolean): boolean {
	const name = text.bytes.toString("latin1", start, end).toLowerCase();
	if (name.startsWith("xn--")) return true;
	return letters && end - start >= 2 && !NO_TOP_LEVEL.has(name);
}
