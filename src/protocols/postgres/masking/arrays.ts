import type { MaskValue } from "./values.ts";

const MAX_DIMENSIONS = 6;
/** What array_out quotes: nothing at all, the word NULL, and texts with these characters. */
const NEEDS_QUOTES = /^$|^null$|[ \t\n\r\v\f"\\{},;]/i;

/**
 * Masks each element of an array in text format, `[0:1]={a,"b c",NULL}`; its form stays as it is. Null for what is not
 * an array.
 */
export function maskArrayText(value: Buffer, delimiter: string, mask: MaskValue): Buffer | null {
	const text = value.toString("utf8");
	const start = text.startsWith("[") ? text.indexOf("=") + 1 : 0;
	let masked = text.slice(0, start);
	let depth = 0;
	for (let at = start; at < text.length; ) {
		const character = text[at] as string;
		if (character === "{" || character === "}" || character === delimiter) {
			depth += character === "{" ? 1 : character === "}" ? -1 : 0;
			masked += character;
			at++;
			continue;
		}
		const element = elementAt(text, at, delimiter);
		if (element === null || depth < 1) return null;
		masked += element.content === null ? "NULL" : quoted(mask(Buffer.from(element.content)));
		at = element.end;
	}
	return depth === 0 && text[start] === "{" ? Buffer.from(masked) : null;
}

/** Content null is NULL. */
function elementAt(
	text: string,
	start: number,
	delimiter: string,
): { readonly content: string | null; readonly end: number } | null {
	if (text[start] !== '"') {
		let end = start;
		while (end < text.length && text[end] !== delimiter && text[end] !== "}" && text[end] !== "{") end++;
		const content = text.slice(start, end);
		return { content: content === "NULL" ? null : content.replaceAll(/\\(.)/gs, "$1"), end };
	}
	let content = "";
	for (let at = start + 1; at < text.length; at++) {
		const character = text[at];
		if (character === '"') return { content, end: at + 1 };
		content += character === "\\" ? text[++at] : character;
	}
	return null;
}

function quoted(value: Buffer | null): string {
	if (value === null) return "NULL";
	const text = value.toString("utf8");
	return NEEDS_QUOTES.test(text) ? `"${text.replaceAll(/["\\]/g, "\\$&")}"` : text;
}

/** The same in binary format: dimensions, whether there are NULLs, the element's type, bounds, elements. */
export function maskArrayBinary(value: Buffer, mask: MaskValue): Buffer | null {
	if (value.length < 12) return null;
	const dimensions = value.readInt32BE(0);
	const header = 12 + dimensions * 8;
	if (dimensions < 0 || dimensions > MAX_DIMENSIONS || header > value.length) return null;
	const elements = maskLengthPrefixed(value, header, mask);
	if (elements === null) return null;
	const head = Buffer.from(value.subarray(0, header));
	if (elements.hasNull) head.writeInt32BE(1, 4);
	return Buffer.concat([head, ...elements.pieces]);
}

const NULL_LENGTH = Buffer.from([0xff, 0xff, 0xff, 0xff]);

/** Values with their lengths before them, up to the end; null when the lengths don't fit. */
export function maskLengthPrefixed(
	value: Buffer,
	start: number,
	mask: MaskValue,
): { readonly pieces: Buffer[]; readonly hasNull: boolean } | null {
	const pieces: Buffer[] = [];
	let hasNull = false;
	for (let at = start; at < value.length; ) {
		if (at + 4 > value.length) return null;
		const size = value.readInt32BE(at);
		const end = at + 4 + Math.max(0, size);
		if (size < -1 || end > value.length) return null;
		const masked = size === -1 ? null : mask(value.subarray(at + 4, end));
		hasNull ||= masked === null;
		pieces.push(...withLength(masked));
		at = end;
	}
	return { pieces, hasNull };
}

export function withLength(value: Buffer | null): Buffer[] {
	if (value === null) return [NULL_LENGTH];
	const length = Buffer.alloc(4);
	length.writeInt32BE(value.length);
	return [length, value];
}
