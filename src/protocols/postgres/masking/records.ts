import { withLength } from "./arrays.ts";
import type { MaskValue } from "./values.ts";

/** Masks each field of a row in text format, `(1,"a b",)`; null when it has other fields than its type. */
export function maskRecordText(value: Buffer, fields: readonly MaskValue[]): Buffer | null {
	const contents = fieldsOf(value.toString("utf8"));
	if (contents === null || contents.length !== fields.length) return null;
	const masked = contents.map((content, index) =>
		content === null ? "" : quoted(fields[index]?.(Buffer.from(content)) ?? null),
	);
	return Buffer.from(`(${masked.join(",")})`);
}

/** Nothing at all is NULL. */
function fieldsOf(text: string): (string | null)[] | null {
	if (!text.startsWith("(") || !text.endsWith(")")) return null;
	const fields: (string | null)[] = [];
	let content: string | null = null;
	let inQuotes = false;
	for (let at = 1; at < text.length - 1; at++) {
		const character = text[at] as string;
		if (character === '"') {
			const doubled = inQuotes && text[at + 1] === '"';
			if (doubled) at++;
			else inQuotes = !inQuotes;
			content = `${content ?? ""}${doubled ? '"' : ""}`;
		} else if (character === "," && !inQuotes) {
			fields.push(content);
			content = null;
		} else content = `${content ?? ""}${character === "\\" ? text[++at] : character}`;
	}
	return inQuotes ? null : [...fields, content];
}

function quoted(value: Buffer | null): string {
	if (value === null) return "";
	const text = value.toString("utf8");
	return text === "" || /[\s",()\\]/.test(text) ? `"${text.replaceAll(/["\\]/g, "$&$&")}"` : text;
}

/** The same in binary format: the number of fields, and of each its type, length and bytes. */
export function maskRecordBinary(value: Buffer, fields: readonly MaskValue[]): Buffer | null {
	if (value.length < 4 || value.readInt32BE(0) !== fields.length) return null;
	const pieces: Buffer[] = [value.subarray(0, 4)];
	let at = 4;
	for (const mask of fields) {
		if (at + 8 > value.length) return null;
		const size = value.readInt32BE(at + 4);
		const end = at + 8 + Math.max(0, size);
		if (size < -1 || end > value.length) return null;
		const masked = size === -1 ? null : mask(value.subarray(at + 8, end));
		pieces.push(value.subarray(at, at + 4), ...withLength(masked));
		at = end;
	}
	return at === value.length ? Buffer.concat(pieces) : null;
}
