import { type ColumnMask, maskBytes } from "../../../masking/index.ts";
import type { RowField } from "./backend.ts";
import { ProtocolError } from "./errors.ts";

/** Type OIDs whose values are plain text in both formats, and which therefore take a masked text. */
const TEXT_TYPES: ReadonlySet<number> = new Set([
	25, // text
	1042, // bpchar
	1043, // varchar
	19, // name
]);

const SLAB_BYTES = 64 * 1024;
const HEADER = 5;

/**
 * Rewrites DataRows so that they hold no value that is to be masked. A column of a text type gets the masked text;
 * every other type (numbers, dates, json, bytea, arrays, enums, extension types ...) gets NULL, whatever the
 * transform, since anything else would not be of its type. NULL stays NULL, but where a text is made from a masked
 * column. Text and binary format are the same
 * here, because a text type's values are.
 */
export class RowMasker {
	readonly #plan: readonly (ColumnMask | null)[];
	readonly #isText: readonly boolean[];
	readonly #key: Buffer;
	/** Output grows here; pieces of it are handed out and never written again. */
	#slab: Buffer = Buffer.alloc(0);
	#from = 0;
	#used = 0;
	/** How far the incoming rows have been copied. */
	#copied = 0;

	/**
	 * @param fields as RowDescription gave them
	 * @param plan one entry for each field
	 * @param key for `hash`: one for each connection
	 * @throws ProtocolError `row_shape_unexpected` when plan and fields differ in number
	 */
	constructor(fields: readonly RowField[], plan: readonly (ColumnMask | null)[], key: Buffer) {
		if (fields.length !== plan.length) {
			throw new ProtocolError(
				"row_shape_unexpected",
				"the result does not have the columns that were analysed",
			);
		}
		this.#plan = plan;
		this.#isText = fields.map((field) => TEXT_TYPES.has(field.typeOid));
		this.#key = key;
	}

	/**
	 * Masks the DataRows that fill `buffer[start, end)`, as MessageReader's `extend` gives them.
	 * @returns as many DataRows, in memory that will not change
	 * @throws ProtocolError when a row is not what was announced; no part of it may go on then
	 */
	mask(buffer: Buffer, start: number, end: number): Buffer {
		this.#from = this.#used;
		this.#copied = start;
		for (let at = start; at < end; ) at = this.#maskRow(buffer, at, end);
		this.#copyUpTo(buffer, end);
		return this.#slab.subarray(this.#from, this.#used);
	}

	/** Copies are made only where a value changes; all bytes between two changed values go over in one piece. */
	#maskRow(buffer: Buffer, start: number, limit: number): number {
		const length = buffer.readInt32BE(start + 1);
		const end = start + 1 + length;
		if (end > limit || end < start + HEADER + 2) throw unexpected();
		if (buffer.readUInt16BE(start + HEADER) !== this.#plan.length) throw unexpected();
		let offset = start + HEADER + 2;
		let lengthAt = -1;
		let growth = 0;
		for (let column = 0; column < this.#plan.length; column++) {
			if (offset + 4 > end) throw unexpected();
			const size = buffer.readInt32BE(offset);
			const valueAt = offset + 4;
			offset = valueAt + Math.max(0, size);
			if (size < -1 || offset > end) throw unexpected();
			const mask = this.#plan[column];
			if (mask == null || (size === -1 && !this.#masksNull(column, mask))) continue;
			if (lengthAt === -1) lengthAt = this.#used - this.#from + (start + 1 - this.#copied);
			this.#copyUpTo(buffer, valueAt - 4);
			this.#copied = offset;
			const isText = this.#isText[column] === true;
			const value = isText ? maskBytes(mask, buffer.subarray(valueAt, offset), this.#key) : null;
			this.#appendValue(value);
			growth += (value?.length ?? 0) - Math.max(0, size);
		}
		if (offset !== end) throw unexpected();
		if (lengthAt !== -1) this.#slab.writeInt32BE(length + growth, this.#from + lengthAt);
		return end;
	}

	/** Where the masked text stands for every value, NULL must not stand out. */
	#masksNull(column: number, mask: ColumnMask): boolean {
		return mask.derived && mask.transform === "redact" && this.#isText[column] === true;
	}

	#copyUpTo(buffer: Buffer, end: number): void {
		const start = this.#copied;
		this.#reserve(end - start);
		buffer.copy(this.#slab, this.#used, start, end);
		this.#used += end - start;
		this.#copied = end;
	}

	#appendValue(value: Buffer | null): void {
		this.#reserve(4 + (value?.length ?? 0));
		this.#slab.writeInt32BE(value?.length ?? -1, this.#used);
		this.#used += 4;
		if (value === null) return;
		this.#slab.set(value, this.#used);
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

function unexpected(): ProtocolError {
	return new ProtocolError("row_shape_unexpected");
}
