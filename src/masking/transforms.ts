import { isUtf8 } from "node:buffer";
import type { ColumnMask, Transform } from "./mask.ts";
import { hmacHex } from "./values/digest.ts";
import { generalisedValue } from "./values/generalised.ts";
import { hashedValue } from "./values/hashed.ts";
import { maskJson } from "./values/json.ts";
import type { ValueKind } from "./values/kinds.ts";
import { partialDigits, partialText } from "./values/partial.ts";
import { NOT_ASCII, PARTIAL_GROWTH, writePartial } from "./values/partial-ascii.ts";
import { tokenOf } from "./values/tokens.ts";

/** What stands in place of a text that is masked whole. */
export const REDACTED = "[redacted]";

/** How many hexadecimal digits of a digest stand for a text. */
export const HASH_CHARACTERS = 32;
/** A longer value is masked whole, unless by a digest: the other transforms would be worked out of copies of it. */
export const LONGEST_SHOWN = 1 << 20;
const REDACTED_BYTES = Buffer.from(REDACTED);

/** A longer document is masked whole: walking through it takes a few times its size. */
export const LONGEST_JSON = 16 << 20;

/** What `redact` with `zero` gives where there can't be a mark. */
const ZEROS: Readonly<Partial<Record<ValueKind, string>>> = {
	smallint: "0",
	integer: "0",
	bigint: "0",
	decimal: "0",
	float: "0",
	boolean: "f",
	date: "2000-01-01",
	timestamp: "2000-01-01 00:00:00",
	time: "00:00:00",
	interval: "00:00:00",
	uuid: "00000000-0000-0000-0000-000000000000",
	address: "0.0.0.0",
	hardware: "00:00:00:00:00:00",
	json: "{}",
	bytes: "\\x",
};

/** What stands for every value that `redact` meets, whatever it was. */
export function redactedValue(kind: ValueKind, zero: boolean): string | null {
	if (kind === "text") return REDACTED;
	return zero ? (ZEROS[kind] ?? null) : null;
}

/**
 * Masks one value's UTF-8 bytes, where the value is a text. The caller keeps NULL as it is: only values come here.
 *
 * - `null`: null.
 * - `redact`: `[redacted]`.
 * - `hash`: HMAC-SHA-256 of the bytes with `key`, its first 32 hexadecimal digits: equal values stay equal within
 *   one connection, and nobody without the key can try values out. With `preserve` see `hashedValue`.
 * - `tokenise`: see `tokenOf`.
 * - `generalise`: see `generalisedValue`.
 * - `partial`: see `partialText`.
 *
 * What the last three can't read, because it is not UTF-8 or too long, is masked whole.
 *
 * @param key at least 32 random bytes, one key for each connection
 */
export function maskBytes(mask: Transform, value: Buffer, key: Buffer): Buffer | null {
	switch (mask.transform) {
		case "null":
			return null;
		case "redact":
			return REDACTED_BYTES;
		case "hash":
			if (!mask.preserve) return Buffer.from(hmacHex(key, value).slice(0, HASH_CHARACTERS));
			break;
		case "tokenise":
			return value.length > LONGEST_SHOWN ? REDACTED_BYTES : Buffer.from(tokenOf(value, key));
		case "partial": {
			if (value.length > LONGEST_SHOWN) return REDACTED_BYTES;
			const masked = Buffer.allocUnsafe(value.length + PARTIAL_GROWTH);
			const written = writePartial(mask, value, 0, value.length, masked, 0);
			if (written !== NOT_ASCII) return masked.subarray(0, written);
			break;
		}
		case "generalise":
	}
	if (value.length > LONGEST_SHOWN || !isUtf8(value)) return REDACTED_BYTES;
	const masked = maskValue("text", mask, value.toString("utf8"), key);
	return masked === null ? null : Buffer.from(masked);
}

/**
 * Masks one value of any kind in its text form. Null where the transform has no valid value of the kind.
 * @param key as for `maskBytes`
 */
export function maskValue(kind: ValueKind, mask: Transform, text: string, key: Buffer): string | null {
	switch (mask.transform) {
		case "null":
			return null;
		case "redact":
			return redactedValue(kind, mask.zero);
		case "hash":
			return hashed(kind, mask.preserve, text, key);
		case "tokenise":
			return kind === "text" ? tokenOf(Buffer.from(text), key) : null;
		case "generalise":
			return generalisedValue(kind, text, mask.to);
		case "partial":
			return partial(kind, text, mask);
	}
}

/** For a text, lone surrogates counting as what UTF-8 makes of them. */
export function maskText(mask: Transform, value: string, key: Buffer): string | null {
	return maskBytes(mask, Buffer.from(value, "utf8"), key)?.toString("utf8") ?? null;
}

function hashed(kind: ValueKind, preserve: boolean, text: string, key: Buffer): string | null {
	if (kind === "json") return JSON.stringify(digestOf(text, key));
	return kind === "text" && !preserve ? digestOf(text, key) : hashedValue(kind, text, preserve, key);
}

const digestOf = (text: string, key: Buffer): string =>
	hmacHex(key, Buffer.from(text)).slice(0, HASH_CHARACTERS);

function partial(kind: ValueKind, text: string, { keep, keepFirst }: Transform): string | null {
	switch (kind) {
		case "text":
			return partialText(text, keep, keepFirst);
		case "smallint":
		case "integer":
		case "bigint": {
			const digits = BigInt(partialDigits(text.replace("-", ""), keep, keepFirst));
			return String(text.startsWith("-") ? -digits : digits);
		}
		case "decimal":
			return /^-?[\d.]+$/.test(text)
				? partialDigits(text, keep, keepFirst).replace(/^-(?=[0.]+$)/, "")
				: null;
		case "uuid":
		case "hardware":
			return partialDigits(text, keep, keepFirst);
		default:
			return null;
	}
}

/**
 * Masks what lies at the paths of a column's mask in a JSON text, each leaf as what it is. Null where the text is not
 * JSON.
 */
export function maskPaths(mask: ColumnMask, text: string, key: Buffer): string | null {
	if (mask.within === null || text.length > LONGEST_JSON) return null;
	return maskJson(text, mask.within, (at, json) => maskLeaf(at, json, key));
}

/** A part that is null says no more than that there is none. What has no valid value of its kind gets the mark. */
function maskLeaf(mask: Transform, json: string, key: Buffer): string {
	if (json === "null" || mask.transform === "null") return "null";
	if (mask.transform === "redact") return JSON.stringify(REDACTED);
	const first = json[0] ?? "";
	if (first === '"') {
		const masked = maskText(mask, JSON.parse(json) as string, key);
		return masked === null ? JSON.stringify(REDACTED) : JSON.stringify(masked);
	}
	if (mask.transform === "hash" && (first === "{" || first === "["))
		return JSON.stringify(digestOf(json, key));
	const masked = /^-?\d+(\.\d+)?$/.test(json) ? maskValue("decimal", mask, json, key) : null;
	return masked === null ? JSON.stringify(REDACTED) : String(Number(masked));
}
