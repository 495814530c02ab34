import { Backend } from "../../codec/index.ts";

const SLAB_BYTES = 64 * 1024;
const HEADER = 5;
const NOTHING = Buffer.alloc(0);

/** Where a masked COPY is written: one CopyData message for each piece of the incoming one. */
export class CopyOutput {
	/** Messages stand in it one after the other; those handed out are never written again. */
	#slab: Buffer = NOTHING;
	#from = 0;
	#used = HEADER;

	bytes(from: Buffer, start = 0, end: number = from.length): void {
		this.#reserve(end - start);
		from.copy(this.#slab, this.#used, start, end);
		this.#used += end - start;
	}

	byte(value: number): void {
		this.#reserve(1);
		this.#slab[this.#used++] = value;
	}

	/** What was written as a CopyData message; nothing when that was nothing. */
	take(): Buffer {
		const length = this.#used - this.#from;
		if (length === HEADER) return NOTHING;
		const message = this.#slab.subarray(this.#from, this.#used);
		message[0] = Backend.CopyData;
		message.writeInt32BE(length - 1, 1);
		this.#from = this.#used;
		this.#used += HEADER;
		return message;
	}

	/** Makes room; what the message in hand has moves along when a new slab is needed. */
	#reserve(size: number): void {
		if (this.#used + size <= this.#slab.length) return;
		const written = this.#used - this.#from;
		const larger = Buffer.allocUnsafe(Math.max(SLAB_BYTES, (written + size) * 2));
		this.#slab.copy(larger, 0, this.#from, Math.min(this.#used, this.#slab.length));
		this.#slab = larger;
		this.#from = 0;
		this.#used = written;
	}
}
