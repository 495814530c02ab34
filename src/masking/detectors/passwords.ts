import { byteAt, byteSet, classAt, DIGIT, runEnd, standsAt } from "./bytes.ts";
import { NONE, type Text } from "./kinds.ts";

const LONGEST_AUTHORITY = 512;
const LONGEST_PASSWORD = 256;
/** How far around `password=` the other words of a connection string may stand, in bytes. */
const AROUND = 160;

const AUTHORITY = byteSet("!-~");
for (const byte of Buffer.from("/?#\"'<>`\\ ")) AUTHORITY[byte] = 0;
AUTHORITY.fill(1, 0x80);
const VALUE = byteSet("!-~");
for (const byte of Buffer.from(";&\"'`,<>\\")) VALUE[byte] = 0;
VALUE.fill(1, 0x80);

/** What stands for a password in examples and templates, or was hidden by somebody else already. */
const PLACEHOLDER = /^(?:[*x•.]+|[$%{<[(].*|password|pass|pwd|secret|changeme|null|none|redacted|your.*)$/i;
const OTHER_WORDS =
	/(?:host|hostaddr|server|data source|user|user id|uid|username|dbname|database|initial catalog)\s{0,2}=/i;
const KEYS = ["password", "passwd", "pwd"];

/** A password in `scheme://user:password@host`; `colon` is the one before the slashes. */
export function passwordInUrl(
	text: Text,
	colon: number,
): { readonly start: number; readonly end: number } | null {
	if (byteAt(text, colon + 1) !== 0x2f || byteAt(text, colon + 2) !== 0x2f || classAt(text, colon - 1) === 0)
		return null;
	const authority = colon + 3;
	const limit = runEnd(text, authority, AUTHORITY, LONGEST_AUTHORITY);
	const part = text.bytes.subarray(authority, limit);
	const end = part.lastIndexOf(0x40);
	const first = part.indexOf(0x3a);
	if (first === -1 || first >= end - 1) return null;
	const start = authority + first + 1;
	return isPlaceholder(text, start, authority + end) ? null : { start, end: authority + end };
}

/** A password in `host=db user=app password=s3cret`, `Server=db;Uid=app;Pwd=s3cret;`; `equals` is its sign. */
export function passwordBehind(
	text: Text,
	equals: number,
): { readonly start: number; readonly end: number } | null {
	let keyEnd = equals;
	while (byteAt(text, keyEnd - 1) === 0x20 && equals - keyEnd < 2) keyEnd--;
	if (keyBefore(text, keyEnd) === NONE) return null;
	let start = equals + 1;
	while (byteAt(text, start) === 0x20 && start - equals < 3) start++;
	const quote = byteAt(text, start);
	const isQuoted = quote === 0x22 || quote === 0x27;
	if (isQuoted) start++;
	const end = isQuoted ? quotedEnd(text, start, quote) : runEnd(text, start, VALUE, LONGEST_PASSWORD);
	if (end === start || isPlaceholder(text, start, end)) return null;
	const before = text.bytes.toString("latin1", Math.max(text.start, keyEnd - AROUND), keyEnd);
	const after = text.bytes.toString("latin1", end, Math.min(text.end, end + AROUND));
	return OTHER_WORDS.test(before) || OTHER_WORDS.test(after) ? { start, end } : null;
}

function keyBefore(text: Text, end: number): number {
	if ((byteAt(text, end - 1) | 0x20) !== 0x64) return NONE; // all of them end in `d`
	const word = text.bytes.toString("latin1", Math.max(text.start, end - 8), end).toLowerCase();
	for (const key of KEYS) {
		if (!word.endsWith(key)) continue;
		const kind = classAt(text, end - key.length - 1);
		if (kind === 0 || kind === DIGIT) return end - key.length;
	}
	return NONE;
}

function quotedEnd(text: Text, start: number, quote: number): number {
	const limit = Math.min(text.end, start + LONGEST_PASSWORD);
	const end = text.bytes.subarray(start, limit).indexOf(quote);
	return end === -1 ? limit : start + end;
}

function isPlaceholder(text: Text, start: number, end: number): boolean {
	return PLACEHOLDER.test(text.bytes.toString("latin1", start, end));
}

/** Where a connection string's scheme is followed by its authority. */
export const isUrl = (text: Text, colon: number) => standsAt(text, colon, "://");
