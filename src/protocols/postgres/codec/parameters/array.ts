import type { BinaryDecoder } from "./binary.ts";

const MAX_DIMENSIONS = 6;
/** What array_out quotes: nothing at all, the word NULL, and texts with these characters. */
const NEEDS_QUOTES = /^$|^null$|[ \t\n\r\v\f"\\{},]/i;

/**
 * Renders an array in binary format: `{1,2,NULL}`, `{{a,b},{c,d}}`, with its bounds (`[0:1]={...}`) where they do not
 * begin at 1. Throws when the bytes do not fit, the element type is another one included.
 */
export function arrayText(value: Buffer, elementOid: number, decode: BinaryDecoder): string {
	const dimensions = value.readInt32BE(0);
	if (dimensions < 0 || dimensions > MAX_DIMENSIONS) throw new RangeError("dimensions");
	if (value.readUInt32BE(8) !== elementOid) throw new RangeError("element type");
	let offset = 12;
	const lengths: number[] = [];
	const bounds: string[] = [];
	let total = dimensions === 0 ? 0 : 1;
	for (let left = dimensions; left > 0; left--) {
		const length = value.readInt32BE(offset);
		const lower = value.readInt32BE(offset + 4);
		if (length < 0) throw new RangeError("length");
		offset += 8;
		total *= length;
		lengths.push(length);
		bounds.push(`[${lower}:${lower + length - 1}]`);
	}
	if (total > (value.length - offset) / 4) throw new RangeError("more elements than bytes");
	const elements: string[] = [];
	for (let left = total; left > 0; left--) {
		const length = value.readInt32BE(offset);
		offset += 4;
		if (length < -1 || offset + Math.max(0, length) > value.length) throw new RangeError("element");
		elements.push(length === -1 ? "NULL" : quoted(decode(value.subarray(offset, offset + length))));
		offset += Math.max(0, length);
	}
	if (offset !== value.length) throw new RangeError("bytes left over");
	if (total === 0) return "{}";
	const plain = bounds.every((bound) => bound.startsWith("[1:"));
	return `${plain ? "" : `${bounds.join("")}=`}${nest(elements, lengths)}`;
}

function quoted(text: string): string {
	return NEEDS_QUOTES.test(text) ? `"${text.replaceAll(/["\\]/g, "\\$&")}"` : text;
}

/** Puts the flat list of elements into braces, innermost dimension first. */
function nest(elements: readonly string[], lengths: readonly number[]): string {
	let level = elements;
	for (const length of lengths.toReversed()) {
		const groups: string[] = [];
		for (let at = 0; at < level.length; at += length)
			groups.push(`{${level.slice(at, at + length).join(",")}}`);
		level = groups;
	}
	return level[0] ?? "{}";
}
