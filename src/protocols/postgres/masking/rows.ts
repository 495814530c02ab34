import { ProtocolError } from "../codec/index.ts";
import type { Cell } from "./cells.ts";

const SLAB_BYTES = 64 * 1024;
const HEADER = 5;

/**
 * Rewrites DataRows so that they hold no value that is to be masked. A value whose mask is as long as itself is
 * overwritten where it stands; otherwise the rows are copied, from the first value of another length on.
 */
export class RowMasker {
	readonly #cells: readonly (Cell | null)[];
	/** Output grows here; pieces of it are handed out and never written again. */
	#slab: Buffer = Buffer.alloc(0);
	#from = 0;
	#used = 0;
	/** How far the incoming rows have been copied. */
	#copied = 0;

	/** @param cells one entry for each column of the rows */
	constructor(cells: readonly (Cell | null)[]) {
		this.#cells = cells;
	}

	/**
	 * Masks the DataRows that fill `buffer[start, end)`, as MessageReader's `extend` gives them. The buffer is changed.
	 * @returns as many DataRows, in memory that will not change
	 * @throws ProtocolError when a row is not what was announced; no part of it may go on then
	 */
	mask(buffer: Buffer, start: number, end: number): Buffer {
		this.#from = this.#used;
		this.#copied = start;
		for (let at = start; at < end; ) at = this.#maskRow(buffer, at, end);
		if (this.#copied === start) return buffer.subarray(start, end);
		this.#copyUpTo(buffer, end);
		return this.#slab.subarray(this.#from, this.#used);
	}

	/** Copies are made only where a value changes; all bytes between two changed values go over in one piece. */
	#maskRow(buffer: Buffer, start: number, limit: number): number {
		const length = buffer.readInt32BE(start + 1);
		const end = start + 1 + length;
		if (end > limit || end < start + HEADER + 2) throw unexpected();
		if (buffer.readUInt16BE(start + HEADER) !== this.#cells.length) throw unexpected();
		let offset = start + HEADER + 2;
		let lengthAt = -1;
		let growth = 0;
		for (let column = 0; column < this.#cells.length; column++) {
			if (offset + 4 > end) throw unexpected();
			const size = buffer.readInt32BE(offset);
			const valueAt = offset + 4;
			offset = valueAt + Math.max(0, size);
			if (size < -1 || offset > end) throw unexpected();
			const cell = this.#cells[column];
			if (cell == null) continue;
			const value = size === -1 ? cell.nullTo : maskedOf(cell, buffer, valueAt, offset);
			const length = value?.length ?? -1;
			if (length === size) {
				if (value !== null && !standsAt(value, buffer, valueAt)) buffer.set(value, valueAt);
				continue;
			}
			if (lengthAt === -1) lengthAt = this.#used - this.#from + (start + 1 - this.#copied);
			this.#copyUpTo(buffer, valueAt - 4);
			this.#copied = offset;
			this.#appendValue(value);
			growth += Math.max(0, length) - Math.max(0, size);
		}
		if (offset !== end) throw unexpected();
		if (lengthAt !== -1) this.#slab.writeInt32BE(length + growth, this.#from + lengthAt);
		return end;
	}

	#copyUpTo(buffer: Buffer, end: number): void {
		const start = this.#copied;
		this.#reserve(end - start);
		copy(buffer, start, end, this.#slab, this.#used);
		this.#used += end - start;
		this.#copied = end;
	}

	#appendValue(value: Buffer | null): void {
		this.#reserve(4 + (value?.length ?? 0));
		this.#slab.writeInt32BE(value?.length ?? -1, this.#used);
		this.#used += 4;
		if (value === null) return;
		copy(value, 0, value.length, this.#slab, this.#used);
		this.#used += value.length;
	}

	/** Makes room; what this call wrote moves along when a new slab is needed. */
	#reserve(size: number): void {
		if (this.#used + size <= this.#slab.length) return;
		const written = this.#used - this.#from;
		const larger = Buffer.allocUnsafe(Math.max(SLAB_BYTES, (written + size) * 2));
		this.#slab.copy(larger, 0, this.#from, this.#used);
		this.#slab = larger;
		this.#from = 0;
		this.#used = written;
	}
}

/** Up to here a loop costs less than a call out of the language. */
const SMALL_COPY = 48;

function copy(from: Buffer, start: number, end: number, to: Buffer, at: number): void {
	if (end - start > SMALL_COPY) from.copy(to, at, start, end);
	else for (let index = start, place = at; index < end; index++, place++) to[place] = from[index] as number;
}

/** A transform that keeps the length may have written over the value. */
function standsAt(value: Buffer, buffer: Buffer, at: number): boolean {
	return value.buffer === buffer.buffer && value.byteOffset === buffer.byteOffset + at;
}

function maskedOf({ masker }: Cell, buffer: Buffer, start: number, end: number): Buffer | null {
	return masker.constant === undefined ? masker.mask(buffer.subarray(start, end)) : masker.constant;
}

function unexpected(): ProtocolError {
	return new ProtocolError("row_shape_unexpected");
}
