import { type Hit, mark, type Replace, replaceFound, replaceHits } from "./detectors/index.ts";
import type { ColumnMask, Detection } from "./mask.ts";
import { maskBytes } from "./transforms.ts";

/** A digest or a part of what was found where the policy wants that; else the kind's mark. */
function replacer(mask: ColumnMask, key: Buffer): Replace {
	if (mask.transform !== "hash" && mask.transform !== "partial") return mark;
	return (hit, bytes) => maskBytes(mask, bytes, key) ?? mark(hit);
}

/**
 * A text with what the mask's detectors find in it replaced: by `[email]`, or by a digest or a part of it where the
 * transform is `hash` or `partial`. The same bytes where that is nothing.
 */
export function replaceDetected(mask: ColumnMask, detection: Detection, value: Buffer, key: Buffer): Buffer {
	return replaceFound(detection.detectors, value, detection.announced, replacer(mask, key));
}

/** What `writeDetected` answers where nothing was found, and where what is to be written has no room. */
export const UNTOUCHED = -1;
export const NO_ROOM = -2;

/**
 * The same for `from[start, end)`, written to `to[at]` where something was found.
 * @param most bytes that may be written
 * @returns how many were, `UNTOUCHED` or `NO_ROOM`
 */
export function writeDetected(
	mask: ColumnMask,
	{ detectors, announced }: Detection,
	from: Buffer,
	start: number,
	end: number,
	to: Buffer,
	at: number,
	most: number,
	key: Buffer,
): number {
	const hits = detectors.find({ bytes: from, start, end }, announced);
	if (hits.length === 0) return UNTOUCHED;
	const replace = replacer(mask, key);
	let read = start;
	let written = at;
	for (const hit of hits) {
		const bytes = replace(hit, from.subarray(hit.start, hit.end));
		if (written - at + (hit.start - read) + bytes.length + (end - hit.end) > most) return NO_ROOM;
		written += from.copy(to, written, read, hit.start);
		written += bytes.copy(to, written);
		read = hit.end;
	}
	return written + from.copy(to, written, read, end) - at;
}

/** Escapes of characters that need none, which would hide what is to be found. */
const NEEDLESS = /\\(?:\\|\/|u00([2-7][0-9a-f]))/gi;
const ESCAPE = /\\(?:u[0-9a-f]{4}|.)/gis;

/**
 * The same for a JSON text, which stays one: what is found in a string is replaced there, a number becomes a string.
 * Escapes that hide plain characters are written out first; those that stay are blanks to the detectors.
 */
export function replaceDetectedJson(
	mask: ColumnMask,
	detection: Detection,
	json: string,
	key: Buffer,
): string {
	const plain = json.replace(NEEDLESS, (written, code: string | undefined) => {
		const character = written === "\\/" ? "/" : String.fromCharCode(Number.parseInt(code ?? "22", 16));
		return character === '"' || character === "\\" ? written : character;
	});
	const looked = Buffer.from(plain.replace(ESCAPE, (written) => " ".repeat(Buffer.byteLength(written))));
	const hits = detection.detectors.find({ bytes: looked, start: 0, end: looked.length }, detection.announced);
	if (hits.length === 0) return json;
	const bytes = Buffer.from(plain);
	const inString = stringsOf(bytes);
	const replace = replacer(mask, key);
	return replaceHits(bytes, hits, (hit, found) => {
		const text = JSON.stringify(replace(hit, found).toString());
		return Buffer.from(inString(hit) ? text.slice(1, -1) : text);
	}).toString();
}

/** Tells for one hit after the other, in order, whether it begins within a string. */
function stringsOf(bytes: Buffer): (hit: Hit) => boolean {
	let at = 0;
	let inside = false;
	return ({ start }) => {
		for (; at < start; at++) {
			if (inside && bytes[at] === 0x5c) at++;
			else if (bytes[at] === 0x22) inside = !inside;
		}
		return inside;
	};
}

/**
 * Whether there is anything to be found in a value that has no place for a mark. Of numbers of milliseconds and of
 * serial numbers one in a hundred is some country's national number as well: such a number counts only where the
 * column's name announces something.
 */
export function holdsDetected(
	{ detectors, announced }: Detection,
	value: Buffer,
	isNumber: boolean,
): boolean {
	const hits = detectors.find({ bytes: value, start: 0, end: value.length }, announced);
	const doubtful = isNumber && announced.size === 0;
	return hits.some(({ kind }) => !(doubtful && kind === "national_id"));
}
