/** Reads LEB128 numbers, names and raw ranges from a WebAssembly binary; throws on anything past the end. */
export class ByteReader {
	readonly bytes: Uint8Array;
	readonly end: number;
	offset: number;

	constructor(bytes: Uint8Array, offset = 0, end = bytes.length) {
		this.bytes = bytes;
		this.offset = offset;
		this.end = end;
	}

	get atEnd(): boolean {
		return this.offset >= this.end;
	}

	byte(): number {
		const value = this.offset < this.end ? this.bytes[this.offset] : undefined;
		if (value === undefined) throw new RangeError("the module ends inside an item");
		this.offset++;
		return value;
	}

	/** An unsigned number of at most 32 bits. */
	unsigned(): number {
		let value = 0;
		for (let shift = 0; shift < 35; shift += 7) {
			const byte = this.byte();
			value += (byte & 0x7f) * 2 ** shift;
			if ((byte & 0x80) === 0) {
				if (value > 0xffff_ffff) throw new RangeError("a number exceeds 32 bits");
				return value;
			}
		}
		throw new RangeError("a number is longer than 5 bytes");
	}

	/** Skips a signed or unsigned number of at most `bits` bits. */
	skipNumber(bits: 32 | 64): void {
		for (let read = 0; read < Math.ceil(bits / 7); read++) if ((this.byte() & 0x80) === 0) return;
		throw new RangeError(`a number is longer than ${bits} bits`);
	}

	skip(count: number): void {
		if (count > this.end - this.offset) throw new RangeError("the module ends inside an item");
		this.offset += count;
	}

	/** A reader of the next `count` bytes, which this one skips. */
	range(count: number): ByteReader {
		const start = this.offset;
		this.skip(count);
		return new ByteReader(this.bytes, start, start + count);
	}

	name(): string {
		const range = this.range(this.unsigned());
		return new TextDecoder("utf-8", { fatal: true }).decode(this.bytes.subarray(range.offset, range.end));
	}
}

/** Grows as it is written to. */
export class ByteWriter {
	#bytes: Uint8Array;
	#length = 0;

	constructor(capacity = 1024) {
		this.#bytes = new Uint8Array(capacity);
	}

	append(bytes: Uint8Array | readonly number[]): void {
		const needed = this.#length + bytes.length;
		if (needed > this.#bytes.length) {
			const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
			grown.set(this.#bytes.subarray(0, this.#length));
			this.#bytes = grown;
		}
		this.#bytes.set(bytes, this.#length);
		this.#length = needed;
	}

	unsigned(value: number): void {
		this.append(unsignedLeb(value));
	}

	name(text: string): void {
		const bytes = new TextEncoder().encode(text);
		this.unsigned(bytes.length);
		this.append(bytes);
	}

	bytes(): Uint8Array<ArrayBuffer> {
		return this.#bytes.slice(0, this.#length);
	}
}

export function unsignedLeb(value: number): number[] {
	const bytes: number[] = [];
	let rest = value;
	while (rest > 0x7f) {
		bytes.push((rest % 0x80) | 0x80);
		rest = Math.floor(rest / 0x80);
	}
	bytes.push(rest);
	return bytes;
}

/** A signed number, as `i32.const` takes it. */
export function signedLeb(value: number): number[] {
	const bytes: number[] = [];
	let rest = value | 0;
	for (;;) {
		const byte = rest & 0x7f;
		rest >>= 7;
		if ((rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0)) {
			bytes.push(byte);
			return bytes;
		}
		bytes.push(byte | 0x80);
	}
}
