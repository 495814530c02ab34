const INITIAL = 128;

/** Builds one typed message; `finish` writes its length. Texts must not hold NUL (`cString` refuses it). */
export class MessageWriter {
	#buffer = Buffer.allocUnsafe(INITIAL);
	#length = 5;

	constructor(type: number) {
		this.#buffer[0] = type;
	}

	uint8(value: number): this {
		const at = this.#reserve(1);
		this.#buffer[at] = value;
		return this;
	}

	uint16(value: number): this {
		const at = this.#reserve(2);
		this.#buffer.writeUInt16BE(value & 0xffff, at);
		return this;
	}

	int32(value: number): this {
		const at = this.#reserve(4);
		this.#buffer.writeInt32BE(value | 0, at);
		return this;
	}

	bytes(value: Uint8Array): this {
		const at = this.#reserve(value.length);
		this.#buffer.set(value, at);
		return this;
	}

	/** UTF-8 and its terminator. */
	cString(text: string): this {
		if (text.includes("\0")) throw new RangeError("a text for the wire holds NUL");
		const size = Buffer.byteLength(text, "utf8");
		const at = this.#reserve(size + 1);
		this.#buffer.write(text, at, "utf8");
		this.#buffer[at + size] = 0;
		return this;
	}

	/** A 32-bit length and the bytes; null is length -1. */
	value(value: Uint8Array | null): this {
		if (value === null) return this.int32(-1);
		return this.int32(value.length).bytes(value);
	}

	finish(): Buffer {
		this.#buffer.writeInt32BE(this.#length - 1, 1);
		return this.#buffer.subarray(0, this.#length);
	}

	#reserve(size: number): number {
		const at = this.#length;
		this.#length = at + size;
		if (this.#length > this.#buffer.length) {
			const larger = Buffer.allocUnsafe(Math.max(this.#length, this.#buffer.length * 2));
			this.#buffer.copy(larger, 0, 0, at);
			this.#buffer = larger;
		}
		return at;
	}
}
