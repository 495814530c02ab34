import { maskLengthPrefixed } from "./arrays.ts";
import type { MaskValue } from "./values.ts";

/** `[2024-05-17,2024-06-01)`, bounds in double quotes where they need them, nothing for an end that is open. */
const RANGE = /^([[(])("(?:[^"\\]|\\.|"")*"|[^",[\]()]*),("(?:[^"\\]|\\.|"")*"|[^",[\]()]*)([\])])$/s;
const LOWER_OPEN = 0x08;
const UPPER_OPEN = 0x10;
const EMPTY = 0x01;

/** Masks the bounds of a range in text format; null where a bound has no masked value. */
export function maskRangeText(value: Buffer, mask: MaskValue): Buffer | null {
	const text = value.toString("utf8");
	if (text === "empty") return value;
	const match = RANGE.exec(text);
	if (match === null) return null;
	const lower = bound(match[2] ?? "", mask);
	const upper = bound(match[3] ?? "", mask);
	return lower === null || upper === null ? null : Buffer.from(`${match[1]}${lower},${upper}${match[4]}`);
}

function bound(text: string, mask: MaskValue): string | null {
	if (text === "") return "";
	const content = text.startsWith('"')
		? text.slice(1, -1).replaceAll(/\\(.)|""/gs, (_, escaped?: string) => escaped ?? '"')
		: text;
	const masked = mask(Buffer.from(content))?.toString("utf8") ?? null;
	return masked === null
		? null
		: /[\s",[\]()\\]/.test(masked)
			? `"${masked.replaceAll(/["\\]/g, "\\$&")}"`
			: masked;
}

/** The same in binary format: flags, then the bounds that there are with their lengths. */
export function maskRangeBinary(value: Buffer, mask: MaskValue): Buffer | null {
	if (value.length === 0) return null;
	const flags = value[0] as number;
	if ((flags & EMPTY) !== 0) return value;
	const bounds = maskLengthPrefixed(value, 1, mask);
	const expected = ((flags & LOWER_OPEN) === 0 ? 1 : 0) + ((flags & UPPER_OPEN) === 0 ? 1 : 0);
	if (bounds === null || bounds.hasNull || bounds.pieces.length !== expected * 2) return null;
	return Buffer.concat([value.subarray(0, 1), ...bounds.pieces]);
}
