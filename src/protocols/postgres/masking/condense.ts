import { Backend, ProtocolError } from "../codec/index.ts";
import type { Cell } from "./cells.ts";
import { GatheredValue } from "./gather.ts";

const HEADER = 7;

/**
 * Masks a row that is too large to be held while it arrives: what is masked is gone through as it comes, so that only
 * the rest of the row is held. A value of 100 MB that is redacted takes no memory at all.
 */
export class RowCondenser {
	readonly #cells: readonly (Cell | null)[];
	readonly #key: Buffer;
	readonly #limit: number;
	/** What is known of the row as it will go on; its header is filled in at its end. */
	#pieces: Buffer[] = [];
	#held = 0;
	/** Header or length that came in part. */
	#partial: Buffer = Buffer.alloc(0);
	#column = -1;
	/** Bytes of the current value that are still to come. */
	#left = 0;
	#value: GatheredValue | null = null;

	/** @param limit bytes of the row that may be held; @param key as for the cells */
	constructor(cells: readonly (Cell | null)[], key: Buffer, limit: number) {
		this.#cells = cells;
		this.#key = key;
		this.#limit = limit;
	}

	/**
	 * Takes the next part of a DataRow.
	 * @returns the whole row, masked, after its last part; null before
	 * @throws ProtocolError when it is not what was announced, or what is not masked of it exceeds the limit
	 */
	part(buffer: Buffer, start: number, end: number, last: boolean): Buffer | null {
		for (let at = start; at < end; ) {
			if (this.#atEnd()) throw unexpected();
			at = this.#left > 0 ? this.#content(buffer, at, end) : this.#header(buffer, at, end);
		}
		if (!last) return null;
		if (!this.#atEnd()) throw unexpected();
		return this.#finish();
	}

	#atEnd(): boolean {
		return this.#column === this.#cells.length;
	}

	/** The row's own header, or the length of its next value. */
	#header(buffer: Buffer, at: number, end: number): number {
		const wanted = this.#column === -1 ? HEADER : 4;
		const size = Math.min(wanted - this.#partial.length, end - at);
		this.#partial = Buffer.concat([this.#partial, buffer.subarray(at, at + size)]);
		if (this.#partial.length < wanted) return at + size;
		const header = this.#partial;
		this.#partial = Buffer.alloc(0);
		if (this.#column === -1) {
			if (header.readUInt16BE(5) !== this.#cells.length) throw unexpected();
			this.#hold(header);
			this.#column = 0;
		} else this.#begin(header);
		return at + size;
	}

	#begin(header: Buffer): void {
		const size = header.readInt32BE(0);
		if (size < -1) throw unexpected();
		const cell = this.#cells[this.#column] ?? null;
		if (cell === null) this.#hold(header);
		else if (size === -1) this.#append(cell.nullTo);
		else this.#value = new GatheredValue(cell.masker, this.#key);
		this.#left = Math.max(0, size);
		if (this.#left === 0) this.#end();
	}

	#content(buffer: Buffer, at: number, end: number): number {
		const size = Math.min(this.#left, end - at);
		const piece = buffer.subarray(at, at + size);
		if (this.#value === null) this.#hold(Buffer.from(piece));
		else this.#value.add(piece);
		this.#left -= size;
		if (this.#left === 0) this.#end();
		return at + size;
	}

	#end(): void {
		if (this.#value !== null) this.#append(this.#value.masked());
		this.#value = null;
		this.#column += 1;
	}

	#append(value: Buffer | null): void {
		const length = Buffer.alloc(4);
		length.writeInt32BE(value?.length ?? -1);
		this.#hold(length);
		if (value !== null) this.#hold(value);
	}

	#hold(piece: Buffer): void {
		this.#held += piece.length;
		if (this.#held > this.#limit)
			throw new ProtocolError(
				"message_too_large",
				`a row has more than ${this.#limit} bytes besides what is masked`,
			);
		this.#pieces.push(piece);
	}

	#finish(): Buffer {
		const row = Buffer.concat(this.#pieces);
		row[0] = Backend.DataRow;
		row.writeInt32BE(row.length - 1, 1);
		this.#pieces = [];
		this.#held = 0;
		this.#column = -1;
		return row;
	}
}

function unexpected(): ProtocolError {
	return new ProtocolError("row_shape_unexpected");
}
