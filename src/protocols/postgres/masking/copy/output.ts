import { Backend } from "../../codec/index.ts";

const FIRST_BYTES = 4_096;
const HEADER = 5;

/** Where a masked COPY is written: one CopyData message for each piece of the incoming one. */
export class CopyOutput {
	#buffer: Buffer = Buffer.alloc(0);
	#used = HEADER;

	bytes(from: Buffer, start = 0, end: number = from.length): void {
		this.#reserve(end - start);
		from.copy(this.#buffer, this.#used, start, end);
		this.#used += end - start;
	}

	byte(value: number): void {
		this.#reserve(1);
		this.#buffer[this.#used++] = value;
	}

	/** What was written as a CopyData message; nothing when that was nothing. */
	take(): Buffer {
		if (this.#used === HEADER) return Buffer.alloc(0);
		const message = this.#buffer.subarray(0, this.#used);
		message[0] = Backend.CopyData;
		message.writeInt32BE(this.#used - 1, 1);
		this.#buffer = Buffer.alloc(0);
		this.#used = HEADER;
		return message;
	}

	#reserve(size: number): void {
		if (this.#used + size <= this.#buffer.length) return;
		const larger = Buffer.allocUnsafe(Math.max(FIRST_BYTES, (this.#used + size) * 2));
		this.#buffer.copy(larger, 0, 0, this.#used);
		this.#buffer = larger;
	}
}
