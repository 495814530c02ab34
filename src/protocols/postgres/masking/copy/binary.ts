import { type Slab, viewed } from "../../codec/index.ts";
import type { Cell } from "../cells.ts";
import { GatheredValue } from "../gather.ts";
import { RowFields } from "../row-fields.ts";
import { RowMasker } from "../rows.ts";
import { type CopyMasker, copyUnexpected } from "./index.ts";
import { CopyOutput } from "./output.ts";

/** The signature, no flags, and no extension: the server has none, and what would be in one nobody could look into. */
const BEGIN = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
const MESSAGE_HEADER = 5;

/**
 * COPY's binary format: a header, rows of a count and fields with their lengths, a trailer. A message that holds a row
 * is a DataRow but for its type, and masked as one.
 */
export class BinaryCopyMasker implements CopyMasker {
	rows = 0;
	readonly #cells: readonly (Cell | null)[];
	readonly #key: Buffer;
	readonly #out = new CopyOutput();
	readonly #rowMasker: RowMasker;
	readonly #fields: RowFields;
	#state: "header" | "row" | "length" | "content" | "over" = "header";
	#partial: Buffer = Buffer.alloc(0);
	#left = 0;
	#column = 0;
	#value: GatheredValue | null = null;

	constructor(cells: readonly (Cell | null)[], key: Buffer) {
		this.#cells = cells;
		this.#key = key;
		this.#rowMasker = new RowMasker(cells);
		this.#fields = new RowFields(cells.length);
	}

	messages(buffer: Buffer, start: number, end: number, out: Slab): readonly Buffer[] {
		const { view } = viewed(buffer);
		const pieces: Buffer[] = [];
		let rowsFrom = start;
		const endRows = (at: number): void => {
			if (at > rowsFrom) pieces.push(this.#rowMasker.mask(buffer, rowsFrom, at, out));
		};
		for (let at = start; at < end; ) {
			const next = at + 1 + view.getInt32(at + 1);
			const isRow = this.#state === "row" && this.#partial.length === 0;
			if (isRow && this.#fields.read(view, at + MESSAGE_HEADER, next)) this.rows += 1;
			else {
				endRows(at);
				rowsFrom = next;
				pieces.push(this.part(buffer, at + MESSAGE_HEADER, next, out));
			}
			at = next;
		}
		endRows(end);
		return pieces;
	}

	part(buffer: Buffer, start: number, end: number, out: Slab): Buffer {
		out.cut(0);
		this.#out.begin(out);
		for (let at = start; at < end; ) {
			if (this.#state === "over") throw copyUnexpected();
			at = this.#left > 0 ? this.#content(buffer, at, end) : this.#number(buffer, at, end);
		}
		this.#out.end();
		return out.take();
	}

	finish(): void {
		if (this.#state !== "over") throw copyUnexpected();
	}

	/** Header, count or length: gathered until it is whole. */
	#number(buffer: Buffer, at: number, end: number): number {
		const wanted = this.#state === "header" ? BEGIN.length : this.#state === "row" ? 2 : 4;
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
				if (!number.equals(BEGIN)) throw copyUnexpected();
				this.#out.bytes(number);
				this.#state = "row";
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
		const piece = buffer.subarray(at, at + size);
		if (this.#value === null) this.#out.bytes(piece);
		else this.#value.add(piece);
		this.#left -= size;
		if (this.#left === 0) {
			this.#endField();
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
