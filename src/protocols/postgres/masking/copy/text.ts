import type { Cell } from "../cells.ts";
import { MaskedField } from "./field.ts";
import { type CopyMasker, copyUnexpected } from "./index.ts";
import type { CopyForm } from "./options.ts";
import { CopyOutput } from "./output.ts";

const NEWLINE = 0x0a;
const BACKSLASH = 0x5c;
const ESCAPES: ReadonlyMap<number, number> = new Map(
	[..."\b\f\n\r\t\v"].map((character, index) => ["bfnrtv".charCodeAt(index), character.charCodeAt(0)]),
);
const LETTERS: ReadonlyMap<number, number> = new Map([...ESCAPES].map(([letter, byte]) => [byte, letter]));

/** COPY's text format: a row a line, fields with the delimiter between, special characters behind a backslash. */
export class TextCopyMasker implements CopyMasker {
	rows = 0;
	readonly #form: CopyForm;
	readonly #fields: readonly (MaskedField | null)[];
	readonly #out = new CopyOutput();
	#column = 0;
	#escaped = false;
	/** The first line names the columns. */
	#inHeader: boolean;

	constructor(form: CopyForm, cells: readonly (Cell | null)[], key: Buffer) {
		this.#form = form;
		this.#fields = cells.map((cell) => (cell === null ? null : new MaskedField(cell, key, form.nullMark)));
		this.#inHeader = form.header;
	}

	mask(buffer: Buffer, start: number, end: number): Buffer {
		for (let at = start; at < end; ) at = this.#piece(buffer, at, end);
		return this.#out.take();
	}

	finish(): void {
		if (this.#column !== 0 || this.#escaped || this.#inHeader) throw copyUnexpected();
	}

	/** Up to the next byte that means something, and that byte. */
	#piece(buffer: Buffer, start: number, end: number): number {
		const field = this.#inHeader ? null : (this.#fields[this.#column] ?? null);
		if (this.#escaped) {
			this.#escaped = false;
			const byte = buffer[start] as number;
			if (field === null) this.#out.byte(byte);
			else {
				field.raw(byte);
				field.value(Buffer.from([ESCAPES.get(byte) ?? byte]));
			}
			return start + 1;
		}
		let at = start;
		const { delimiter } = this.#form;
		while (at < end) {
			const byte = buffer[at] as number;
			if (byte === delimiter || byte === NEWLINE || byte === BACKSLASH) break;
			field?.raw(byte);
			at++;
		}
		if (field === null) this.#out.bytes(buffer, start, at);
		else if (at > start) field.value(buffer.subarray(start, at));
		return at === end ? end : this.#special(buffer[at] as number, field, at + 1);
	}

	#special(byte: number, field: MaskedField | null, next: number): number {
		if (byte === BACKSLASH) {
			this.#escaped = true;
			if (field === null) this.#out.byte(byte);
			else field.raw(byte);
			return next;
		}
		if (field !== null) this.#write(field.end(true));
		this.#out.byte(byte);
		this.#column += 1;
		if (byte === NEWLINE) this.#endRow();
		else if (this.#column >= this.#fields.length) throw copyUnexpected();
		return next;
	}

	#endRow(): void {
		const empty = this.#fields.length === 0 && this.#column === 1;
		if (this.#column !== this.#fields.length && !empty) throw copyUnexpected();
		this.#column = 0;
		if (this.#inHeader) this.#inHeader = false;
		else this.rows += 1;
	}

	#write(value: Buffer | null): void {
		if (value === null) return this.#out.bytes(this.#form.nullMark);
		for (const byte of value) {
			const letter = LETTERS.get(byte);
			if (letter !== undefined || byte === BACKSLASH || byte === this.#form.delimiter)
				this.#out.byte(BACKSLASH);
			this.#out.byte(letter ?? byte);
		}
	}
}
