/** Puts a message's body together; written apart from the product's encoders, so that neither hides the other's faults. */
export class Bytes {
	readonly #parts: Buffer[] = [];

	int16(value: number): this {
		const bytes = Buffer.alloc(2);
		bytes.writeUInt16BE(value & 0xffff);
		return this.raw(bytes);
	}

	int32(value: number): this {
		const bytes = Buffer.alloc(4);
		bytes.writeInt32BE(value | 0);
		return this.raw(bytes);
	}

	byte(value: number): this {
		return this.raw(Buffer.from([value]));
	}

	/** With its terminator. */
	text(value: string | Buffer): this {
		return this.raw(Buffer.from(value as string)).byte(0);
	}

	/** Length and bytes; -1 for NULL. */
	value(value: Buffer | null): this {
		return value === null ? this.int32(-1) : this.int32(value.length).raw(value);
	}

	list<T>(items: readonly T[], each: (item: T) => unknown): this {
		this.int16(items.length);
		for (const item of items) each(item);
		return this;
	}

	raw(bytes: Buffer): this {
		this.#parts.push(bytes);
		return this;
	}

	/** The whole message. */
	message(type: string): Buffer {
		const body = Buffer.concat(this.#parts);
		return Buffer.concat([Buffer.from(type), new Bytes().int32(body.length + 4).body(), body]);
	}

	body(): Buffer {
		return Buffer.concat(this.#parts);
	}
}
