import { ProtocolError } from "./errors.ts";
import type { LengthLimits } from "./limits.ts";
import { Backend } from "./types.ts";

const HEADER = 5;
const EMPTY = Buffer.alloc(0);
const SMALLEST_ASSEMBLY = 4096;
/** PostgreSQL makes no message longer than this (MaxAllocSize). */
const MAX_STREAMED = 0x3fff_ffff;

/** How much of a message the reader's current range holds; anything but `whole` only where streaming is on. */
export type Part = "whole" | "first" | "middle" | "last";

/**
 * Splits a stream into messages (type byte, 32-bit length, body) without copying: after `push`, each `next` that
 * returns true leaves a message in `buffer[start, end)`, its type byte at `start`. Only a message that is split over
 * two chunks is copied together, into a buffer of its own that grows with what has really arrived, so that a length
 * in a header costs nothing until its bytes are there.
 *
 * Chunks given to `push` belong to the reader from then on: ranges of them are handed out. It knows nothing of a
 * message's contents, and untyped start-up packets are not its business.
 */
export class MessageReader {
	/** The current message's type byte. */
	type = 0;
	buffer: Buffer = EMPTY;
	/** Offset of the type byte. The body begins at `start + 5` (where `part` is `whole` or `first`). */
	start = 0;
	/** Offset behind the last byte. */
	end = 0;
	part: Part = "whole";

	/**
	 * DataRow and CopyData of more than this many bytes come in parts as they arrive, instead of being held until they
	 * are complete. Switch it (Infinity is off) only between messages.
	 */
	streamAbove = Number.POSITIVE_INFINITY;

	readonly #limits: LengthLimits;
	#chunk: Buffer = EMPTY;
	#offset = 0;
	/** A message that began in an earlier chunk. */
	#assembly: Buffer = EMPTY;
	#filled = 0;
	/** Bytes of a streamed message that are still to come. */
	#streaming = 0;

	constructor(limits: LengthLimits) {
		this.#limits = limits;
	}

	/** True while a message has begun and not ended: a stream that ends now was cut. */
	get midMessage(): boolean {
		return this.#filled > 0 || this.#streaming > 0 || this.#offset < this.#chunk.length;
	}

	/** Takes the next bytes of the stream. The earlier chunk must have been read until `next` said false. */
	push(chunk: Buffer): void {
		this.#chunk = this.#offset < this.#chunk.length ? Buffer.concat([this.remainder(), chunk]) : chunk;
		this.#offset = 0;
	}

	/**
	 * Moves to the next message. False: more bytes are needed.
	 * @throws ProtocolError on an unknown type, an invalid length or one beyond the limit; the stream is lost then.
	 */
	next(): boolean {
		if (this.#streaming > 0) return this.#nextPart();
		if (this.#filled > 0) return this.#assemble();
		const chunk = this.#chunk;
		const offset = this.#offset;
		const available = chunk.length - offset;
		if (available < HEADER) return this.#keep(available);
		const type = chunk[offset] as number;
		const total = this.#totalLength(chunk, offset);
		if (total > available) {
			if (this.#isStreamed(type, total)) return this.#begin(chunk, offset, chunk.length, type, total);
			return this.#keep(available, total);
		}
		this.type = type;
		this.part = "whole";
		this.buffer = chunk;
		this.start = offset;
		this.end = this.#offset = offset + total;
		return true;
	}

	/**
	 * Widens the current range over the complete messages of the same type that follow it directly, so that a run of
	 * rows is forwarded as one piece.
	 * @param atMost how many messages the range may hold in all
	 * @returns how many messages the range holds
	 */
	extend(atMost: number = Number.POSITIVE_INFINITY): number {
		let count = 1;
		const chunk = this.#chunk;
		if (this.buffer !== chunk || this.part !== "whole") return count;
		let offset = this.#offset;
		while (count < atMost && chunk.length - offset >= HEADER && chunk[offset] === this.type) {
			const total = this.#totalLength(chunk, offset);
			if (total > chunk.length - offset) break;
			offset += total;
			count++;
		}
		this.end = this.#offset = offset;
		return count;
	}

	/** What was pushed and not yet read as messages: for handing the stream on. Empty in the middle of a message. */
	remainder(): Buffer {
		return this.#chunk.subarray(this.#offset);
	}

	#nextPart(): boolean {
		const available = this.#chunk.length - this.#offset;
		if (available === 0) return false;
		const size = Math.min(available, this.#streaming);
		this.#streaming -= size;
		this.part = this.#streaming === 0 ? "last" : "middle";
		this.buffer = this.#chunk;
		this.start = this.#offset;
		this.end = this.#offset += size;
		return true;
	}

	#begin(buffer: Buffer, start: number, end: number, type: number, total: number): true {
		this.#streaming = total - (end - start);
		this.type = type;
		this.part = "first";
		this.buffer = buffer;
		this.start = start;
		this.end = end;
		if (buffer === this.#chunk) this.#offset = end;
		return true;
	}

	/** Puts the chunk's tail aside, to be completed by the chunks to come. @param total of the message, as far as known */
	#keep(available: number, total = HEADER): false {
		if (available === 0) return false;
		this.#assembly = Buffer.allocUnsafe(Math.min(total, Math.max(SMALLEST_ASSEMBLY, available * 2)));
		this.#filled = this.#chunk.copy(this.#assembly, 0, this.#offset);
		this.#offset = this.#chunk.length;
		return false;
	}

	#assemble(): boolean {
		if (this.#filled < HEADER && !this.#take(HEADER)) return false;
		const type = this.#assembly[0] as number;
		const total = this.#totalLength(this.#assembly, 0);
		const streamed = this.#isStreamed(type, total);
		if (!streamed && !this.#take(total)) return false;
		const buffer = this.#assembly;
		const filled = this.#filled;
		this.#assembly = EMPTY;
		this.#filled = 0;
		if (streamed) return this.#begin(buffer, 0, filled, type, total);
		this.type = type;
		this.part = "whole";
		this.buffer = buffer;
		this.start = 0;
		this.end = total;
		return true;
	}

	/** Copies from the chunk until `wanted` bytes are assembled; false when the chunk is used up before. */
	#take(wanted: number): boolean {
		const size = Math.min(wanted - this.#filled, this.#chunk.length - this.#offset);
		const needed = this.#filled + size;
		if (needed > this.#assembly.length) {
			const larger = Buffer.allocUnsafe(Math.max(needed, Math.min(wanted, this.#assembly.length * 2)));
			this.#assembly.copy(larger, 0, 0, this.#filled);
			this.#assembly = larger;
		}
		this.#chunk.copy(this.#assembly, this.#filled, this.#offset, this.#offset + size);
		this.#filled = needed;
		this.#offset += size;
		return needed === wanted;
	}

	#isStreamed(type: number, total: number): boolean {
		return total > this.streamAbove && (type === Backend.DataRow || type === Backend.CopyData);
	}

	/** The length with the type byte. Lengths from 2^31 on read as negative and are refused with those below 4. */
	#totalLength(bytes: Buffer, offset: number): number {
		const type = bytes[offset] as number;
		const length =
			((bytes[offset + 1] as number) << 24) |
			((bytes[offset + 2] as number) << 16) |
			((bytes[offset + 3] as number) << 8) |
			(bytes[offset + 4] as number);
		if (length < 4 || length > this.#limit(type, length)) throw this.#refuse(type, length);
		return length + 1;
	}

	/** What is handed on in parts takes no memory: there the server's own limit is enough. */
	#limit(type: number, length: number): number {
		const limit = this.#limits[type] as number;
		return limit > 0 && length <= MAX_STREAMED && this.#isStreamed(type, length) ? MAX_STREAMED : limit;
	}

	#refuse(type: number, length: number): ProtocolError {
		const limit = this.#limits[type] as number;
		if (limit === 0) return new ProtocolError("message_type_unknown", `unknown message type ${type}`);
		if (length < 4) return new ProtocolError("message_length_invalid", `invalid message length ${length}`);
		return new ProtocolError("message_too_large", `message of ${length} bytes, the limit is ${limit}`);
	}
}
