import { createHmac, hash } from "node:crypto";

/** A range of a text's UTF-8 bytes. */
export interface ByteRange {
	readonly start: number;
	readonly length: number;
}

/** What stands in the record where a password stood; its length says nothing of the password's. */
export const REDACTED = "[redacted]";

/**
 * A command's text as it may be recorded: blanked where the protocol's parse tree says that a password stands,
 * cut at `max_command_bytes`, serialised and hashed once. A prepared statement keeps it for all its executions.
 *
 * Where that is not the whole text, its size, what was done to it and a digest stand beside it:
 * `text_digest` is `sha256:HEX` of the full text, or `hmac-sha256:HEX` where anything of it is withheld: the plain hash
 * of `ALTER ROLE app PASSWORD '1234'` gives the password away to whoever tries a list of them. The key of the
 * latter is derived from the record's signing key, so whoever holds that can still tell whether a text was run.
 */
export class RecordedText {
	/** The fields of a `command` event where the text is kept, serialised. */
	readonly kept: string;
	/** Whether something of the text is withheld. What came with it, its parameters, is withheld then as well. */
	readonly redacted: boolean;
	readonly #text: string;
	readonly #key: Buffer;
	#withheld: string | undefined;

	/** `Recorder.text` makes these. */
	constructor(text: string, redactions: readonly ByteRange[], maxBytes: number, key: Buffer) {
		this.#text = text;
		this.#key = key;
		const full = Buffer.from(text);
		const { shown, redacted } = blank(full, redactions);
		this.redacted = redacted;
		const truncated = shown.length > maxBytes;
		if (!truncated && !redacted) {
			this.kept = `"text":${JSON.stringify(text)}`;
			return;
		}
		const json = JSON.stringify(truncated ? cut(shown, maxBytes) : shown.toString());
		const digest = redacted ? keyedDigest(full, key) : `sha256:${hash("sha256", full)}`;
		this.kept =
			`"text":${json},"text_bytes":${full.length},"text_truncated":${truncated},` +
			`"text_redacted":${redacted},"text_digest":"${digest}"`;
	}

	/** The same where none of the text is kept. */
	get withheld(): string {
		this.#withheld ??=
			`"text":null,"text_bytes":${Buffer.byteLength(this.#text)},"text_truncated":false,"text_redacted":false,` +
			`"text_digest":"${keyedDigest(this.#text, this.#key)}"`;
		return this.#withheld;
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
