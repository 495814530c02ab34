import { createHmac, hash } from "node:crypto";

/** A range of a text's UTF-8 bytes. */
export interface ByteRange {
	readonly start: number;
	readonly length: number;
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
 */
export class RecordedText {
	readonly #text: string;
	readonly #quoted: string | null;
	readonly #redactions: readonly ByteRange[];
	readonly #maxBytes: number;
	readonly #key: Buffer;
	#kept: string | undefined;
	#withheld: string | undefined;

	/** `Recorder.text` makes these. @param quoted the text as JSON, where somebody has that already */
	constructor(
		text: string,
		quoted: string | null,
		redactions: readonly ByteRange[],
		maxBytes: number,
		key: Buffer,
	) {
		this.#text = text;
		this.#quoted = quoted;
		this.#redactions = redactions;
		this.#maxBytes = maxBytes;
		this.#key = key;
	}

	/** The fields of a `command` event where the text is kept, serialised. */
	get kept(): string {
		this.#kept ??= this.#keep();
		return this.#kept;
	}

	/** Whether something of the text is withheld. What came with it, its parameters, is withheld then as well. */
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
		if (short && this.#redactions.length === 0) return whole();
		const full = Buffer.from(text);
		const { shown, redacted } = blank(full, this.#redactions);
		const truncated = shown.length > this.#maxBytes;
		if (!truncated && !redacted) return whole();
		const json = JSON.stringify(truncated ? cut(shown, this.#maxBytes) : shown.toString());
		const digest = redacted ? keyedDigest(full, this.#key) : `sha256:${hash("sha256", full)}`;
		return (
			`"text":${json},"text_bytes":${full.length},"text_truncated":${truncated},` +
			`"text_redacted":${redacted},"text_digest":"${digest}"`
		);
	}
}

/** `hmac-sha256:HEX` of something that the record withholds. */
export function keyedDigest(data: string | Buffer, key: Buffer): string {
	return `hmac-sha256:${createHmac("sha256", key).update(data).digest("hex")}`;
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
