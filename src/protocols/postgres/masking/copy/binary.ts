import type { Cell } from "../cells.ts";
import { GatheredValue } from "../gather.ts";
import { type CopyMasker, copyUnexpected } from "./index.ts";
import { CopyOutput } from "./output.ts";

const SIGNATURE = Buffer.from("PGCOPY\n\xff\r\n\0", "latin1");
/** The signature, flags, and the length of an extension. */
const HEADER = SIGNATURE.length + 8;

/** COPY's binary format: a header, rows of a count and fields with their lengths, a trailer. */
export class BinaryCopyMasker implements CopyMasker {
	rows = 0;
	readonly #cells: readonly (Cell | null)[];
	readonly #key: Buffer;
	readonly #out = new CopyOutput();
	#state: "header" | "extension" | "row" | "length" | "content" | "over" = "header";
	#partial: Buffer = Buffer.alloc(0);
	#left = 0;
	#column = 0;
	#value: GatheredValue | null = null;

	constructor(cells: readonly (Cell | null)[], key: Buffer) {
		this.#cells = cells;
		this.#key = key;
	}

	mask(buffer: Buffer, start: number, end: number): Buffer {
		for (let at = start; at < end; ) {
			if (this.#state === "over") throw copyUnexpected();
			at = this.#left > 0 ? this.#content(buffer, at, end) : this.#number(buffer, at, end);
		}
		return this.#out.take();
	}

	finish(): void {
		if (this.#state !== "over") throw copyUnexpected();
	}

	/** Header, count or length: gathered until it is whole. */
	#number(buffer: Buffer, at: number, end: number): number {
		const wanted = this.#state === "header" ? HEADER : this.#state === "row" ? 2 : 4;
		const size = Math.min(wanted - this.#partial.length, end - at);
		this.#partial = Buffer.concat([this.#partial, buffer.subarray(at, at + size)]);
		if (this.#partial.length === wanted) {
			const number = this.#partial;
			this.#partial = Buffer.alloc(0);
			this.#take(number);
		}
		return at + size;
	}

	#take(number: Buffer): void {
		switch (this.#state) {
			case "header": {
				const flags = number.readUInt32BE(SIGNATURE.length);
				if (!number.subarray(0, SIGNATURE.length).equals(SIGNATURE) || flags !== 0) throw copyUnexpected();
				this.#out.bytes(number);
				this.#left = number.readInt32BE(SIGNATURE.length + 4);
				if (this.#left < 0) throw copyUnexpected();
				this.#state = this.#left === 0 ? "row" : "extension";
				return;
			}
			case "row": {
				const count = number.readInt16BE(0);
				if (count !== -1 && count !== this.#cells.length) throw copyUnexpected();
				this.#out.bytes(number);
				this.#column = 0;
				this.#state = count === -1 ? "over" : "length";
				if (count === 0) this.#endRow();
				return;
			}
			default:
				return this.#begin(number);
		}
	}

	#begin(length: Buffer): void {
		const size = length.readInt32BE(0);
		if (size < -1) throw copyUnexpected();
		const cell = this.#cells[this.#column] ?? null;
		if (cell === null) this.#out.bytes(length);
		else if (size === -1) this.#write(cell.nullTo);
		else this.#value = new GatheredValue(cell.masker, this.#key);
		this.#left = Math.max(0, size);
		this.#state = "content";
		if (this.#left === 0) this.#endField();
	}

	#content(buffer: Buffer, at: number, end: number): number {
		const size = Math.min(this.#left, end - at);
		if (this.#value === null) this.#out.bytes(buffer, at, at + size);
		else this.#value.add(buffer.subarray(at, at + size));
		this.#left -= size;
		if (this.#left === 0) {
			if (this.#state === "extension") this.#state = "row";
			else this.#endField();
		}
		return at + size;
	}

	#endField(): void {
		if (this.#value !== null) this.#write(this.#value.masked());
		this.#value = null;
		this.#column += 1;
		if (this.#column === this.#cells.length) this.#endRow();
		else this.#state = "length";
	}

	#endRow(): void {
		this.rows += 1;
		this.#state = "row";
	}

	#write(value: Buffer | null): void {
		const length = Buffer.alloc(4);
		length.writeInt32BE(value?.length ?? -1);
		this.#out.bytes(length);
		if (value !== null) this.#out.bytes(value);
	}
}
