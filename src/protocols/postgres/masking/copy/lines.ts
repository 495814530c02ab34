import { type Slab, type Viewed, viewed } from "../../codec/index.ts";
import type { Cell } from "../cells.ts";
import { MaskedField } from "./field.ts";
import { type CopyMasker, copyUnexpected } from "./index.ts";
import { CopyOutput } from "./output.ts";
import { type LineSyntax, NEWLINE, WholeRows } from "./whole-rows.ts";

const HEADER = 5;

/**
 * A COPY of which each row is a line, in text or CSV. A message that holds a row is gone through as a whole; what comes
 * in other pieces, and what is escaped in a masked column, by one piece of a field after the other.
 */
export abstract class LineCopyMasker implements CopyMasker {
	rows = 0;
	protected readonly out = new CopyOutput();
	readonly #syntax: LineSyntax;
	readonly #whole: WholeRows;
	readonly #fields: readonly (MaskedField | null)[];
	#column = 0;
	/** The first line names the columns. */
	#inHeader: boolean;
	/** A row has begun and not come to its end. */
	#midRow = false;

	constructor(syntax: LineSyntax, header: boolean, cells: readonly (Cell | null)[], key: Buffer) {
		this.#syntax = syntax;
		this.#whole = new WholeRows(syntax, cells);
		this.#fields = cells.map((cell) => (cell === null ? null : new MaskedField(cell, key, syntax.nullMark)));
		this.#inHeader = header;
	}

	messages(buffer: Buffer, start: number, end: number, out: Slab): readonly Buffer[] {
		const source = viewed(buffer);
		out.cut(0);
		for (let at = start; at < end; ) {
			const next = at + 1 + source.view.getInt32(at + 1);
			if (!this.#midRow && !this.#inHeader && this.#whole.write(source, at, next, out)) this.rows += 1;
			else this.#part(source, at + HEADER, next, out);
			at = next;
		}
		return [out.take()];
	}

	part(buffer: Buffer, start: number, end: number, out: Slab): Buffer {
		out.cut(0);
		this.#part(viewed(buffer), start, end, out);
		return out.take();
	}

	finish(): void {
		if (this.#midRow || this.#inHeader) throw copyUnexpected();
	}

	#part(source: Viewed, start: number, end: number, out: Slab): void {
		this.out.begin(out);
		for (let at = start; at < end; ) {
			this.#midRow = true;
			at = this.piece(source, at, end, this.#inHeader ? null : (this.#fields[this.#column] ?? null));
		}
		this.out.end();
	}

	/**
	 * Goes on to the next byte that means something.
	 * @param field that it is in; null for one that is not masked
	 * @returns where to go on
	 */
	protected abstract piece(source: Viewed, start: number, end: number, field: MaskedField | null): number;

	/** What stands there as it is, up to the next byte that means something. */
	protected plain(piece: Buffer, field: MaskedField | null): void {
		if (field === null) this.out.bytes(piece);
		else if (piece.length > 0) field.plain(piece);
	}

	/** A field ends with this delimiter or line end. */
	protected endField(byte: number, field: MaskedField | null, quoted: boolean): void {
		if (field !== null) this.out.bytes(this.#syntax.encode(field.end(!quoted), quoted));
		this.out.byte(byte);
		this.#column += 1;
		if (byte === NEWLINE) this.#endRow();
		else if (this.#column >= this.#fields.length) throw copyUnexpected();
	}

	#endRow(): void {
		const empty = this.#fields.length === 0 && this.#column === 1;
		if (this.#column !== this.#fields.length && !empty) throw copyUnexpected();
		this.#column = 0;
		this.#midRow = false;
		if (this.#inHeader) this.#inHeader = false;
		else this.rows += 1;
	}
}
