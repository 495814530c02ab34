import { ProtocolError, type Slab } from "../../codec/index.ts";
import type { Cell } from "../cells.ts";
import { BinaryCopyMasker } from "./binary.ts";
import { CsvCopyMasker } from "./csv.ts";
import type { CopyForm } from "./options.ts";
import { TextCopyMasker } from "./text.ts";

/**
 * Masks what a COPY TO STDOUT sends, whatever pieces it comes in: the server puts a row into a message, and that is
 * gone through fast, but the protocol doesn't say so. Throws ProtocolError `row_shape_unexpected` when rows are not
 * what was announced.
 */
export interface CopyMasker {
	/** Rows that have come to their end. */
	readonly rows: number;
	/**
	 * Takes the CopyData messages that fill `buffer[start, end)`, which may be changed.
	 * @param out where they are written
	 * @returns the same messages masked, in pieces
	 */
	messages(buffer: Buffer, start: number, end: number, out: Slab): readonly Buffer[];
	/**
	 * Takes a part of the data, `buffer[start, end)`.
	 * @returns the same masked as one CopyData message; empty when nothing can go on yet
	 */
	part(buffer: Buffer, start: number, end: number, out: Slab): Buffer;
	/** At CopyDone: throws when the data ends in the middle of a row. */
	finish(): void;
}

export function copyMasker(form: CopyForm, cells: readonly (Cell | null)[], key: Buffer): CopyMasker {
	switch (form.format) {
		case "text":
			return new TextCopyMasker(form, cells, key);
		case "csv":
			return new CsvCopyMasker(form, cells, key);
		case "binary":
			return new BinaryCopyMasker(cells, key);
	}
}

export function copyUnexpected(): ProtocolError {
	return new ProtocolError(
		"row_shape_unexpected",
		"the data of COPY does not have the form that was announced",
	);
}
