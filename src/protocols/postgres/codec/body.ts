import { isUtf8 } from "node:buffer";
import { ProtocolError } from "./errors.ts";

/**
 * Reads a message's body strictly: nothing beyond `end`, and `finish` says when something is left over. Every
 * failure is a ProtocolError.
 */
export class BodyReader {
	readonly buffer: Buffer;
	offset: number;
	readonly end: number;
	readonly #what: string;

	/** @param start offset of the body's first byte, so behind type and length */
	constructor(buffer: Buffer, start: number, end: number, what: string) {
		this.buffer = buffer;
		this.offset = start;
		this.end = end;
		this.#what = what;
		if (start > end || start < 0 || end > buffer.length) throw this.malformed("shorter than its frame");
	}

	get left(): number {
		return this.end - this.offset;
	}

	malformed(why: string): ProtocolError {
		return new ProtocolError("message_malformed", `malformed ${this.#what} message: ${why}`);
	}

	uint8(): number {
		return this.buffer[this.skip(1)] as number;
	}

	int16(): number {
		return this.buffer.readInt16BE(this.skip(2));
	}

	/** Counts of parameters and columns: the server reads them as unsigned. */
	uint16(): number {
		return this.buffer.readUInt16BE(this.skip(2));
	}

	int32(): number {
		return this.buffer.readInt32BE(this.skip(4));
	}

	uint32(): number {
		return this.buffer.readUInt32BE(this.skip(4));
	}

	/** Moves over `size` bytes and returns where they begin. */
	skip(size: number): number {
		const at = this.offset;
		if (size < 0 || size > this.end - at) throw this.malformed("it ends too early");
		this.offset = at + size;
		return at;
	}

	/** A range of the buffer, not a copy. */
	bytes(size: number): Buffer {
		const at = this.skip(size);
		return this.buffer.subarray(at, at + size);
	}

	/** A NUL-terminated text; ProtocolError `text_encoding_invalid` when it is not UTF-8. */
	string(): string {
		const start = this.offset;
		const end = this.#terminator();
		return decodeUtf8(this.buffer, start, end);
	}

	/** A NUL-terminated text in whatever encoding: what is not UTF-8 becomes U+FFFD. For showing only. */
	lossyString(): string {
		const start = this.offset;
		const end = this.#terminator();
		return this.buffer.toString("utf8", start, end);
	}

	/** @throws ProtocolError when bytes are left */
	finish(): void {
		if (this.offset !== this.end) throw this.malformed(`${this.end - this.offset} bytes left over`);
	}

	/** Names are short: a loop finds their end sooner than a native search, which costs as much for any length. */
	#terminator(): number {
		const near = Math.min(this.end, this.offset + SHORT);
		for (let at = this.offset; at < near; at++) {
			if (this.buffer[at] !== 0) continue;
			this.offset = at + 1;
			return at;
		}
		const at = near === this.end ? -1 : this.buffer.indexOf(0, near);
		if (at < 0 || at >= this.end) throw this.malformed("a text without its terminator");
		this.offset = at + 1;
		return at;
	}
}

const SHORT = 64;

/**
 * Decodes UTF-8 and refuses what is not. (TextDecoder would swallow a byte order mark, and is slower.)
 * @throws ProtocolError `text_encoding_invalid`
 */
export function decodeUtf8(buffer: Buffer, start: number, end: number): string {
	if (start === end) return "";
	if (end - start <= SHORT && isAsciiRange(buffer, start, end)) return buffer.toString("latin1", start, end);
	if (!isUtf8(buffer.subarray(start, end))) {
		throw new ProtocolError("text_encoding_invalid", 'invalid byte sequence for encoding "UTF8"');
	}
	return buffer.toString("utf8", start, end);
}

function isAsciiRange(buffer: Buffer, start: number, end: number): boolean {
	for (let at = start; at < end; at++) if ((buffer[at] as number) > 0x7f) return false;
	return true;
}
