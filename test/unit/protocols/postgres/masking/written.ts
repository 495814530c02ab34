import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import {
	type ColumnMask,
	Detectors,
	maskBytes,
	partialText,
	REDACTED,
	replaceDetected,
} from "../../../../../src/masking/index.ts";
import { Backend } from "../../../../../src/protocols/postgres/codec/index.ts";
import type { CopyForm } from "../../../../../src/protocols/postgres/masking/index.ts";
import { columnMask } from "../../../../support/masks.ts";

/** What the server writes for rows in each form, and what it would write were the values masked ones: byte by byte, by the book. */
export type Row = readonly (Buffer | null)[];
export const KEY: Buffer = Buffer.alloc(32, 7);

const detectors = new Detectors(["*"]);
const detect = { wanted: ["*"], detectors, announced: detectors.announcedBy("note") };
const MASKS: readonly ColumnMask[] = [
	columnMask("redact"),
	columnMask("null"),
	columnMask("hash"),
	columnMask("partial"),
	columnMask("partial", { keep: 4 }),
	columnMask("partial", { keep: 1, keepFirst: 2 }),
	columnMask("redact", { detect }),
	columnMask("redact", { derived: true }),
];
const TEXTS = [
	"",
	"*",
	"**",
	"\\.",
	"\\N",
	"a\tb",
	"line\nbreak",
	"carriage\rreturn",
	'"quoted"',
	"it's; a, b",
	"back\\slash",
	"\\",
	"\b\f\v",
	"ada@example.com",
	"see ada@example.com, or call",
	"4111 1111 1111 4242",
	"Ünïcödé",
	"日本語テキスト",
	"😀@example.com",
	"NULL",
	"[redacted]",
];

export const aMask: fc.Arbitrary<ColumnMask | null> = fc.constantFrom(null, null, ...MASKS);

const text = fc.oneof(
	fc.constantFrom(...TEXTS),
	fc.string({ maxLength: 40 }),
	fc.string({ unit: "grapheme", maxLength: 12 }),
	fc.array(fc.constantFrom(...'\t\n\r\\",;|@.*a1 '), { maxLength: 12 }).map((each) => each.join("")),
	fc.nat(9_000).map((length) => "x".repeat(length)),
);
const bytes = fc.uint8Array({ min: 1, maxLength: 12 }).map((each) => Buffer.from(each));

export const aValue: fc.Arbitrary<Buffer | null> = fc.oneof(
	{ arbitrary: text.map((each) => Buffer.from(each.replaceAll("\0", ""))), weight: 8 },
	{ arbitrary: bytes, weight: 1 },
	{ arbitrary: fc.constant(null), weight: 1 },
);

/** The value that a mask makes, without any of the short cuts. */
export function expected(mask: ColumnMask | null, value: Buffer | null): Buffer | null {
	if (mask === null) return value;
	if (value === null) return mask.derived ? Buffer.from(REDACTED) : null;
	if (mask.detect !== null) return replaceDetected(mask, mask.detect, value, KEY);
	if (mask.transform !== "partial") return maskBytes(mask, value, KEY);
	return Buffer.from(isUtf8(value) ? partialText(value.toString(), mask.keep, mask.keepFirst) : REDACTED);
}

/** One row in the form. @param as the values that decide on quotes: the server's own */
export function written(form: CopyForm, row: Row, as: Row): Buffer {
	if (form.format === "binary") return binaryRow(row);
	const fields = row.map((value, column) =>
		form.format === "text" ? textField(form, value) : csvField(form, value, as[column] ?? null),
	);
	const delimiter = Buffer.from([form.delimiter]);
	const line = fields.flatMap((field, column) => (column === 0 ? [field] : [delimiter, field]));
	return Buffer.concat([...line, Buffer.from("\n")]);
}

export function binaryRow(row: Row): Buffer {
	const count = Buffer.alloc(2);
	count.writeUInt16BE(row.length);
	const values = row.flatMap((value) => {
		const length = Buffer.alloc(4);
		length.writeInt32BE(value?.length ?? -1);
		return value === null ? [length] : [length, value];
	});
	return Buffer.concat([count, ...values]);
}

const LETTERS: Readonly<Record<string, string>> = {
	"\b": "b",
	"\f": "f",
	"\n": "n",
	"\r": "r",
	"\t": "t",
	"\v": "v",
	"\\": "\\",
};

function textField({ nullMark, delimiter }: CopyForm, value: Buffer | null): Buffer {
	if (value === null) return nullMark;
	const escaped = Array.from(value.toString("latin1"), (character) => {
		const letter = LETTERS[character] ?? (character.charCodeAt(0) === delimiter ? character : undefined);
		return letter === undefined ? character : `\\${letter}`;
	});
	return Buffer.from(escaped.join(""), "latin1");
}

function csvField(form: CopyForm, value: Buffer | null, as: Buffer | null): Buffer {
	if (value === null) return form.nullMark;
	const quote = String.fromCharCode(form.quote);
	const escapeBy = String.fromCharCode(form.escapeBy);
	const text = value.toString("latin1");
	if (!needsQuotes(form, value) && (as === null || !needsQuotes(form, as))) return value;
	const escaped = Array.from(text, (each) => (each === quote || each === escapeBy ? escapeBy + each : each));
	return Buffer.from(`${quote}${escaped.join("")}${quote}`, "latin1");
}

function needsQuotes({ quote, delimiter, nullMark }: CopyForm, value: Buffer): boolean {
	const special = [quote, delimiter, 0x0a, 0x0d].some((byte) => value.includes(byte));
	return special || value.equals(nullMark) || value.toString("latin1") === "\\.";
}

export function message(type: number, body: Buffer): Buffer {
	const header = Buffer.alloc(5);
	header[0] = type;
	header.writeInt32BE(body.length + 4, 1);
	return Buffer.concat([header, body]);
}

export const copyData = (body: Buffer): Buffer => message(Backend.CopyData, body);

const form = (format: CopyForm["format"], given: Partial<CopyForm>): CopyForm => ({
	...{ format, delimiter: format === "csv" ? 0x2c : 0x09, quote: 0x22, escapeBy: 0x22, header: false },
	nullMark: Buffer.from(format === "csv" ? "" : "\\N"),
	...given,
});

/** The usual forms, and those whose special characters are among what masks write. */
export const FORMS: Readonly<Record<string, CopyForm>> = {
	text: form("text", {}),
	"text with a header": form("text", { header: true }),
	"text with stars between": form("text", { delimiter: 0x2a }),
	"text with another NULL": form("text", { nullMark: Buffer.from("***") }),
	CSV: form("csv", {}),
	"CSV with a header": form("csv", { header: true }),
	"CSV with stars between": form("csv", { delimiter: 0x2a }),
	"CSV with another quote and escape": form("csv", { quote: 0x27, escapeBy: 0x5c }),
	"CSV with an at sign for an escape": form("csv", { escapeBy: 0x40 }),
	"CSV with the mark for NULL": form("csv", { nullMark: Buffer.from("[redacted]") }),
	"CSV with stars for NULL": form("csv", { nullMark: Buffer.from("***") }),
	binary: form("binary", {}),
};
