import { copyBytes, ProtocolError, type Slab, type Viewed, viewed } from "../codec/index.ts";
import type { Cell } from "./cells.ts";
import { RowFields } from "./row-fields.ts";
import { SHORT, UNCHANGED, UNWRITTEN, WRITE_ROOM, type WriteValue } from "./write.ts";

const HEADER = 5;

/**
 * Rewrites DataRows so that they hold no value that is to be masked. A value whose mask is as long as itself is
 * overwritten where it stands; otherwise the rows are copied, from the first value of another length on.
 */
export class RowMasker {
	readonly #cells: readonly (Cell | null)[];
	/** Those columns that are masked. */
	readonly #masked: readonly number[];
	readonly #fields: RowFields;
	/** How far the incoming rows have been copied. */
	#copied = 0;
	/** Of the row in hand: where in the output its length stands, -1 before it is copied; by how much it grew. */
	#lengthAt = -1;
	#growth = 0;

	/** @param cells one entry for each column of the rows */
	constructor(cells: readonly (Cell | null)[]) {
		this.#cells = cells;
		this.#masked = [...cells.keys()].filter((column) => cells[column] != null);
		this.#fields = new RowFields(cells.length);
	}

	/**
	 * Masks the DataRows that fill `buffer[start, end)`, as MessageReader's `extend` gives them. The buffer is changed.
	 * @param out where they are copied
	 * @returns as many DataRows, in the buffer or in `out`
	 * @throws ProtocolError when a row is not what was announced; no part of it may go on then
	 */
	mask(buffer: Buffer, start: number, end: number, out: Slab): Buffer {
		const rows = viewed(buffer);
		out.cut(0);
		this.#copied = start;
		for (let at = start; at < end; ) {
			const length = at + HEADER <= end ? rows.view.getInt32(at + 1) : 0;
			const next = at + 1 + length;
			if (length < HEADER || next > end || !this.#fields.read(rows.view, at + HEADER, next))
				throw unexpected();
			this.#maskRow(rows, at, length, out);
			at = next;
		}
		if (this.#copied === start) return buffer.subarray(start, end);
		out.copy(rows, this.#copied, end);
		return out.take();
	}

	/** Copies are made only where a value changes; all bytes between two changed values go over in one piece. */
	#maskRow(rows: Viewed, start: number, length: number, out: Slab): void {
		this.#lengthAt = -1;
		this.#growth = 0;
		const { starts, sizes } = this.#fields;
		for (const column of this.#masked) {
			const { masker, nullTo } = this.#cells[column] as Cell;
			const at = starts[column] as number;
			const size = sizes[column] as number;
			if (size === -1) this.#replace(rows, start, at, size, nullTo, out);
			else if (masker.constant !== undefined) this.#replace(rows, start, at, size, masker.constant, out);
			else if (
				masker.write === null ||
				size > SHORT ||
				!this.#write(rows, start, at, size, masker.write, out)
			) {
				const value = rows.bytes.subarray(at, at + size);
				const masked = masker.mask(value);
				if (masked !== value) this.#replace(rows, start, at, size, masked, out);
			}
		}
		if (this.#lengthAt !== -1) out.patchLength(this.#lengthAt, length + this.#growth);
	}

	/** Has the value written there where the output goes on once what stands before it was copied. */
	#write(rows: Viewed, row: number, at: number, size: number, write: WriteValue, out: Slab): boolean {
		const before = at - this.#copied;
		out.reserve(before + size + WRITE_ROOM);
		const to = out.at + before;
		const written = write(rows.bytes, at, at + size, out.bytes, to);
		if (written === UNWRITTEN) return false;
		if (written === size) copyBytes(out, to, to + size, rows, at);
		else if (written !== UNCHANGED) {
			this.#copyUpTo(rows, row, at, out);
			out.view.setInt32(to - 4, written);
			out.at += written;
			this.#growth += written - size;
			this.#copied = at + size;
		}
		return true;
	}

	#replace(rows: Viewed, row: number, at: number, size: number, value: Buffer | null, out: Slab): void {
		const length = value?.length ?? -1;
		if (length === size) {
			if (value !== null) rows.bytes.set(value, at);
			return;
		}
		this.#copyUpTo(rows, row, at, out);
		out.view.setInt32(out.at - 4, length);
		if (value !== null) out.append(value);
		this.#growth += Math.max(0, length) - Math.max(0, size);
		this.#copied = at + Math.max(0, size);
	}

	/** Copies what stands before the value at `at`, its length with it. */
	#copyUpTo(rows: Viewed, row: number, at: number, out: Slab): void {
		if (this.#lengthAt === -1) this.#lengthAt = out.written + row + 1 - this.#copied;
		out.copy(rows, this.#copied, at);
	}
}

function unexpected(): ProtocolError {
	return new ProtocolError("row_shape_unexpected");
}
