import { createHmac, hash } from "node:crypto";

/** A range of a text's UTF-8 bytes. */
export interface ByteRange {
	readonly start: number;
	readonly length: number;
}

/** What of a text is not to be kept: passwords, and constants that may be values of masked columns. */
export interface WithheldRanges {
	readonly redactions: readonly ByteRange[];
	readonly masked: readonly ByteRange[];
}

/** What stands in the record where a password stood; its length says nothing of the password's. */
export const REDACTED = "[redacted]";

/** At most, of a character of a string in UTF-8. */
const BYTES_OF_CHARACTER = 3;

/**
 * A command's text as it may be recorded: blanked where the protocol's parse tree says that a password stands, cut at
 * `max_command_bytes`, serialised and hashed at most once.
 *
 * Where that is not the whole text, its size, what was done to it and a digest stand beside it:
 * `text_digest` is `sha256:HEX` of the full text, or `hmac-sha256:HEX` where anything of it is withheld: the plain hash
 * of `ALTER ROLE app PASSWORD '1234'` gives the password away to whoever tries a list of them. The key of the
 * latter is derived from the record's signing key, so whoever holds that can still tell whether a text was run.
 * `text_masked` says that tokens stand for constants that may be values of masked columns.
 */
export class RecordedText {
	readonly #text: string;
	readonly #quoted: string | null;
	readonly #redactions: readonly ByteRange[];
	readonly #masked: readonly ByteRange[];
	readonly #maxBytes: number;
	readonly #key: Buffer;
	#kept: string | undefined;
	#withheld: string | undefined;

	/** `Recorder.text` makes these. @param quoted the text as JSON, where somebody has that already */
	constructor(
		text: string,
		quoted: string | null,
		{ redactions, masked }: WithheldRanges,
		maxBytes: number,
		key: Buffer,
	) {
		this.#text = text;
		this.#quoted = quoted;
		this.#redactions = redactions;
		this.#masked = masked;
		this.#maxBytes = maxBytes;
		this.#key = key;
	}

	/** The fields of a `command` event where the text is kept, serialised. */
	get kept(): string {
		this.#kept ??= this.#keep();
		return this.#kept;
	}

	/** Whether a password is withheld of the text. What came with it, its parameters, is withheld then as well. */
	get redacted(): boolean {
		return this.#redactions.length > 0;
	}

	/** The same where none of the text is kept. */
	get withheld(): string {
		this.#withheld ??=
			`"text":null,"text_bytes":${Buffer.byteLength(this.#text)},"text_truncated":false,"text_redacted":false,` +
			`"text_digest":"${keyedDigest(this.#text, this.#key)}"`;
		return this.#withheld;
	}

	#keep(): string {
		const text = this.#text;
		const whole = () => `"text":${this.#quoted ?? JSON.stringify(text)}`;
		const short = text.length * BYTES_OF_CHARACTER <= this.#maxBytes;
		const masked = this.#masked.length > 0;
		if (short && this.#redactions.length === 0 && !masked) return whole();
		const full = Buffer.from(text);
		const { shown, redacted } =
			masked && this.#redactions.length === 0
				? { shown: withTokens(full, this.#masked, this.#key), redacted: false }
				: blank(full, [...this.#redactions, ...this.#masked]);
		const truncated = shown.length > this.#maxBytes;
		if (!truncated && !redacted && !masked) return whole();
		const json = JSON.stringify(truncated ? cut(shown, this.#maxBytes) : shown.toString());
		const digest = redacted || masked ? keyedDigest(full, this.#key) : `sha256:${hash("sha256", full)}`;
		return (
			`"text":${json},"text_bytes":${full.length},"text_truncated":${truncated},` +
			`"text_redacted":${redacted},${masked ? '"text_masked":true,' : ""}"text_digest":"${digest}"`
		);
	}
}

/** `hmac-sha256:HEX` of something that the record withholds. */
export function keyedDigest(data: string | Buffer, key: Buffer): string {
	return `hmac-sha256:${createHmac("sha256", key).update(data).digest("hex")}`;
}

/**
 * What stands in the record for a constant that may be a masked column's value: the same for the same value, as a
 * constant and as a parameter, and nobody without the record's key can tell which value that is.
 */
export function maskedToken(value: string, key: Buffer): string {
	return `masked:${createHmac("sha256", key).update(`masked ${value}`).digest("hex").slice(0, 16)}`;
}

/** Each of the ranges, which don't overlap and come in order, as a string of SQL with its token; a comment is left out. */
function withTokens(full: Buffer, ranges: readonly ByteRange[], key: Buffer): Buffer {
	const parts: Buffer[] = [];
	let at = 0;
	for (const { start, length } of ranges) {
		const text = full.toString("utf8", start, start + length);
		const value = /^'[^']*'$/.test(text) ? text.slice(1, -1) : text;
		const isComment = text.startsWith("--") || text.startsWith("/*");
		parts.push(full.subarray(at, start), Buffer.from(isComment ? "/* */" : `'${maskedToken(value, key)}'`));
		at = start + length;
	}
	return Buffer.concat([...parts, full.subarray(at)]);
}

/** A text with what must not be written anywhere replaced, to its full length. */
export function blanked(text: string, redactions: readonly ByteRange[]): string {
	return blank(Buffer.from(text), redactions).shown.toString();
}

/** Replaces the ranges, which may overlap and come in any order; what lies outside of the text is ignored. */
function blank(full: Buffer, ranges: readonly ByteRange[]): { shown: Buffer; redacted: boolean } {
	const parts: Buffer[] = [];
	let at = 0;
	let blankedTo = -1;
	for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
		const start = Math.max(0, range.start);
		const end = Math.min(full.length, range.start + range.length);
		if (end <= start) continue;
		if (start > at || blankedTo < 0) {
			parts.push(full.subarray(at, Math.max(at, start)), Buffer.from(REDACTED));
		}
		at = Math.max(at, end);
		blankedTo = at;
	}
	if (blankedTo < 0) return { shown: full, redacted: false };
	parts.push(full.subarray(at));
	return { shown: Buffer.concat(parts), redacted: true };
}

/** The first bytes of a text, less those of a character that the cut would split. */
function cut(text: Buffer, bytes: number): string {
	let end = bytes;
	while (end > 0 && ((text[end] ?? 0) & 0xc0) === 0x80) end--;
	return text.toString("utf8", 0, end);
}
