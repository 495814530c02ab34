import { isUtf8 } from "node:buffer";
import {
	type ColumnMask,
	type Detection,
	holdsDetected,
	LONGEST_JSON,
	LONGEST_SHOWN,
	maskBytes,
	maskPaths,
	maskValue,
	REDACTED,
	redactedValue,
	replaceDetected,
	replaceDetectedJson,
	type ValueKind,
} from "../../../masking/index.ts";
import { BINARY_FORMAT, parameterText } from "../codec/index.ts";
import { maskArrayBinary, maskArrayText } from "./arrays.ts";
import { binaryEncoder } from "./encode.ts";
import { maskRangeBinary, maskRangeText } from "./ranges.ts";
import { maskRecordBinary, maskRecordText } from "./records.ts";
import type { Shape } from "./types.ts";
import { isPlainText, type WriteValue, writerOf } from "./write.ts";

/** Rewrites one value, in the format in which it stands; null is NULL. */
export type MaskValue = (value: Buffer) => Buffer | null;

export interface ValueMasker {
	/** What every value becomes alike; undefined where each has its own. */
	readonly constant: Buffer | null | undefined;
	readonly mask: MaskValue;
	readonly write: WriteValue | null;
	/** A value of more bytes is not gathered when it comes in pieces: it becomes `long`, or its digest. */
	readonly gathers: number;
	readonly long: Buffer | null | "digest";
}

/**
 * How values of one shape are masked in one format. Whatever is not what the type says (bytes that don't fit, a date
 * in another style than ISO) becomes NULL.
 */
export function valueMasker(shape: Shape, format: number, mask: ColumnMask, key: Buffer): ValueMasker {
	if (mask.detect !== null) return detecting(shape, format, mask, mask.detect, key);
	const constant = constantOf(shape, format, mask);
	if (constant !== undefined)
		return { constant, mask: () => constant, write: null, gathers: 0, long: constant };
	const isText = shape.of === "scalar" && shape.kind === "text";
	const digest = isText && mask.transform === "hash" && !mask.preserve;
	return {
		constant,
		mask: shape.of === "scalar" ? ofScalar(shape, format, mask, key) : ofParts(shape, format, mask, key),
		write: writerOf(shape, format, mask, key),
		gathers: mask.within === null ? LONGEST_SHOWN : LONGEST_JSON,
		long: digest ? "digest" : isText ? Buffer.from(REDACTED) : null,
	};
}

/**
 * Looks into every value. A text keeps what is around what was found, and so does JSON; of any other type a value that
 * holds something becomes NULL. What is too long to be gathered is masked whole.
 */
function detecting(
	shape: Shape,
	format: number,
	mask: ColumnMask,
	detect: Detection,
	key: Buffer,
): ValueMasker {
	const isText = shape.of === "scalar" && shape.kind === "text";
	const long = isText ? Buffer.from(REDACTED) : null;
	return {
		constant: undefined,
		mask: detectIn(shape, format, mask, detect, key),
		write: writerOf(shape, format, mask, key),
		gathers: LONGEST_JSON,
		long,
	};
}

function detectIn(shape: Shape, format: number, mask: ColumnMask, detect: Detection, key: Buffer): MaskValue {
	if (shape.of !== "scalar")
		return shape.of === "range" ? (value) => value : ofParts(shape, format, mask, key);
	const { oid, kind, longest = Number.POSITIVE_INFINITY } = shape;
	if (isPlainText(shape, format))
		return (value) => fitting(replaceDetected(mask, detect, value, key), longest, mask);
	if (!isJson(shape)) {
		return (value) =>
			holdsDetected(detect, plain(oid, kind, format, value), NUMBERS.has(kind)) ? null : value;
	}
	const paths = mask.within === null ? null : valueMasker(shape, format, { ...mask, detect: null }, key).mask;
	return (value) => {
		const masked = paths === null ? value : paths(value);
		const text = masked === null ? null : decode(oid, format, masked);
		if (text === null) return null;
		const replaced = replaceDetectedJson(mask, detect, text, key);
		return replaced === text ? masked : encode(oid, kind, format, replaced);
	};
}

const NUMBERS: ReadonlySet<ValueKind> = new Set(["smallint", "integer", "bigint", "decimal", "float"]);

/** What of a value that is no text detectors look at: its text form, and of bytes the bytes. */
function plain(oid: number, kind: ValueKind, format: number, value: Buffer): Buffer {
	if (kind === "bytes") {
		const isHex = format !== BINARY_FORMAT && value[0] === 0x5c && value[1] === 0x78;
		return isHex ? Buffer.from(value.toString("latin1", 2), "hex") : value;
	}
	return format === BINARY_FORMAT ? Buffer.from(decode(oid, format, value) ?? value) : value;
}

function constantOf(shape: Shape, format: number, mask: ColumnMask): Buffer | null | undefined {
	if (mask.within !== null) return isJson(shape) ? undefined : null;
	if (mask.transform === "null") return null;
	if (mask.transform !== "redact") return shape.of === "scalar" && shape.kind === "other" ? null : undefined;
	switch (shape.of) {
		case "scalar": {
			const text = redactedValue(shape.kind, mask.zero);
			return text === null
				? null
				: encode(shape.oid, shape.kind, format, zoned(shape.oid, text.slice(0, shape.longest)));
		}
		case "array":
			return mask.zero ? (format === BINARY_FORMAT ? emptyArray(shape.elementOid) : Buffer.from("{}")) : null;
		case "range":
			return mask.zero ? (format === BINARY_FORMAT ? EMPTY_RANGE : Buffer.from("empty")) : null;
		case "row":
			return null;
	}
}

/** The flag for an empty range, and nothing behind it. */
const EMPTY_RANGE = Buffer.from([0x01]);

/** No dimensions, no NULLs, the element's type. */
function emptyArray(elementOid: number): Buffer {
	const buffer = Buffer.alloc(12);
	buffer.writeUInt32BE(elementOid, 8);
	return buffer;
}

const isJson = (shape: Shape): boolean => shape.of === "scalar" && shape.kind === "json";

const TIMESTAMPTZ = 1184;
const TIMETZ = 1266;
const zoned = (oid: number, text: string): string =>
	oid === TIMESTAMPTZ || oid === TIMETZ ? `${text}+00` : text;

function ofScalar(
	{ oid, kind, longest }: Extract<Shape, { of: "scalar" }>,
	format: number,
	mask: ColumnMask,
	key: Buffer,
): MaskValue {
	if (kind === "text") {
		if (longest === undefined) return (value) => maskBytes(mask, value, key);
		return (value) => fitting(maskBytes(mask, value, key), longest, mask);
	}
	const change =
		mask.within === null
			? (text: string) => maskValue(kind, mask, text, key)
			: (text: string) => maskPaths(mask, text, key);
	return (value) => {
		const text = decode(oid, format, value);
		const masked = text === null ? null : change(text);
		return masked === null ? null : encode(oid, kind, format, masked);
	};
}

/** A text that would be longer than its column's values may be is cut; what must stay whole is NULL then. */
function fitting(masked: Buffer | null, longest: number, { transform }: ColumnMask): Buffer | null {
	if (masked === null || masked.length <= longest) return masked;
	const characters = Array.from(masked.toString("utf8"));
	if (characters.length <= longest) return masked;
	const whole = transform === "tokenise" || transform === "generalise";
	return whole ? null : Buffer.from(characters.slice(0, longest).join(""));
}

function ofParts(
	shape: Exclude<Shape, { of: "scalar" }>,
	format: number,
	mask: ColumnMask,
	key: Buffer,
): MaskValue {
	const binary = format === BINARY_FORMAT;
	switch (shape.of) {
		case "array": {
			const { mask: element } = valueMasker(shape.element, format, mask, key);
			return binary
				? (value) => maskArrayBinary(value, element)
				: (value) => maskArrayText(value, shape.delimiter, element);
		}
		case "range": {
			// The bounds of any other transform would no longer be in order.
			if (mask.transform !== "generalise") return () => null;
			const { mask: bound } = valueMasker(shape.bound, format, mask, key);
			return binary ? (value) => maskRangeBinary(value, bound) : (value) => maskRangeText(value, bound);
		}
		case "row": {
			const fields = shape.fields.map((field) => valueMasker(field, format, mask, key).mask);
			return binary ? (value) => maskRecordBinary(value, fields) : (value) => maskRecordText(value, fields);
		}
	}
}

function decode(oid: number, format: number, value: Buffer): string | null {
	if (format !== BINARY_FORMAT) return isUtf8(value) ? value.toString("utf8") : null;
	if (oid === MACADDR || oid === MACADDR8) return value.toString("hex").replaceAll(/..(?=.)/g, "$&:");
	return parameterText(oid, format, value);
}

const MACADDR = 829;
const MACADDR8 = 774;

function encode(oid: number, kind: ValueKind, format: number, text: string): Buffer | null {
	if (format !== BINARY_FORMAT || kind === "text") return Buffer.from(text);
	return binaryEncoder(oid)?.(text) ?? null;
}
