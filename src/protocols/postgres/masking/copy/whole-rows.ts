import type { Slab, Viewed } from "../../codec/index.ts";
import type { Cell } from "../cells.ts";
import type { Needles } from "../needles.ts";
import { SHORT, UNCHANGED, UNWRITTEN, WRITE_ROOM, type WriteValue } from "../write.ts";

export const NEWLINE = 0x0a;
const HEADER = 5;
const UNENDED = -1;

/** How fields are written in lines. */
export interface LineSyntax {
	/** What begins and ends a field that may hold anything; -1 where there is no such byte. */
	readonly quote: number;
	readonly nullMark: Buffer;
	/** Where the field at `at` ends, with its quotes; -1 where that can't be told by its bytes alone. */
	fieldEnd(source: Viewed, at: number, end: number): number;
	/** What in a field means more than itself, by whether the field stands in quotes. */
	readonly escapes: { readonly plain: Needles; readonly quoted: Needles };
	/** What a value must not hold to be written as it is. */
	readonly specials: { readonly plain: Needles; readonly quoted: Needles };
	/** The field that stands for a value; null is NULL. */
	encode(value: Buffer | null, quoted: boolean): Buffer;
}

/** A masked column, and what is the same in all its fields. */
interface Column {
	readonly cell: Cell;
	readonly nullTo: Buffer;
	readonly constant: { readonly plain: Buffer; readonly quoted: Buffer } | null;
}

/** Masks rows each of which is a message of its own. */
export class WholeRows {
	readonly #syntax: LineSyntax;
	readonly #columns: readonly (Column | null)[];
	/** How far the row in hand has been copied. */
	#copied = 0;

	constructor(syntax: LineSyntax, cells: readonly (Cell | null)[]) {
		this.#syntax = syntax;
		this.#columns = cells.map((cell) => {
			if (cell === null) return null;
			const { constant } = cell.masker;
			const nullTo = syntax.encode(cell.nullTo, false);
			if (constant === undefined) return { cell, nullTo, constant: null };
			const [plain, quoted] = [syntax.encode(constant, false), syntax.encode(constant, true)];
			return { cell, nullTo, constant: { plain, quoted } };
		});
	}

	/**
	 * Appends the CopyData message `source[start, end)` masked.
	 * @returns false, having appended nothing, where it is not one row whose masked fields can be read as they stand
	 */
	write(source: Viewed, start: number, end: number, out: Slab): boolean {
		const { bytes } = source;
		const from = out.written;
		const last = this.#columns.length - 1;
		this.#copied = start;
		let at = start + HEADER;
		for (let column = 0; column <= last; column++) {
			const field = at;
			at = this.#syntax.fieldEnd(source, field, end);
			const ends = at !== UNENDED && (bytes[at] === NEWLINE) === (column === last);
			const masked = this.#columns[column] as Column | null;
			if (!ends || (masked !== null && !this.#field(source, field, at, masked, out))) {
				out.cut(from);
				return false;
			}
			at++;
		}
		if (last < 0 || at !== end) {
			out.cut(from);
			return false;
		}
		out.copy(source, this.#copied, end);
		out.patchLength(from + 1, out.written - from - 1);
		return true;
	}

	#field(source: Viewed, start: number, end: number, column: Column, out: Slab): boolean {
		const { bytes } = source;
		const { quote, nullMark, encode } = this.#syntax;
		const quoted = end > start && bytes[start] === quote;
		if (!quoted && standsAt(nullMark, bytes, start, end)) {
			this.#replace(source, start, end, column.nullTo, out);
			return true;
		}
		if (column.constant !== null) {
			const { plain, quoted: inQuotes } = column.constant;
			this.#replace(source, start, end, quoted ? inQuotes : plain, out);
			return true;
		}
		const first = quoted ? start + 1 : start;
		const last = quoted ? end - 1 : end;
		const { escapes } = this.#syntax;
		if ((quoted ? escapes.quoted : escapes.plain).next(source, first, last) !== last) return false;
		const { masker } = column.cell;
		if (
			masker.write === null ||
			last - first > SHORT ||
			!this.#write(source, first, last, masker.write, quoted, out)
		)
			this.#replace(source, start, end, encode(masker.mask(bytes.subarray(first, last)), quoted), out);
		return true;
	}

	/** Has the value written there where the output goes on; false where it can't be, or could not stand there so. */
	#write(source: Viewed, start: number, end: number, write: WriteValue, quoted: boolean, out: Slab): boolean {
		const before = start - this.#copied;
		out.reserve(before + end - start + WRITE_ROOM);
		const to = out.at + before;
		const size = write(source.bytes, start, end, out.bytes, to);
		if (size === UNCHANGED) return true;
		if (size === UNWRITTEN || (!quoted && this.#looksSpecial(size))) return false;
		const { specials } = this.#syntax;
		if ((quoted ? specials.quoted : specials.plain).next(out, to, to + size) !== to + size) return false;
		out.copy(source, this.#copied, start);
		out.at += size;
		this.#copied = end;
		return true;
	}

	/** So short or so long as what means something as a whole: NULL, the end of the data. */
	#looksSpecial(size: number): boolean {
		return size === this.#syntax.nullMark.length || size === END_OF_DATA.length;
	}

	#replace(source: Viewed, start: number, end: number, field: Buffer, out: Slab): void {
		out.copy(source, this.#copied, start);
		out.append(field);
		this.#copied = end;
	}
}

/** A line of its own that ends the data in a file, so that a value is written otherwise. */
export const END_OF_DATA: Buffer = Buffer.from("\\.");

function standsAt(expected: Buffer, bytes: Buffer, start: number, end: number): boolean {
	if (end - start !== expected.length) return false;
	for (let index = 0; index < expected.length; index++)
		if (bytes[start + index] !== expected[index]) return false;
	return true;
}
