import type { Cell } from "../cells.ts";
import { MaskedField } from "./field.ts";
import { type CopyMasker, copyUnexpected } from "./index.ts";
import type { CopyForm } from "./options.ts";
import { CopyOutput } from "./output.ts";

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** COPY's CSV format: fields in quotes may hold anything, line breaks included; the quote in them is escaped. */
export class CsvCopyMasker implements CopyMasker {
	rows = 0;
	readonly #form: CopyForm;
	readonly #fields: readonly (MaskedField | null)[];
	readonly #out = new CopyOutput();
	#column = 0;
	#inQuotes = false;
	/** The field in hand had quotes: then it isn't NULL. */
	#quoted = false;
	/** Within quotes an escapeBy (which may be the quote itself) has come: what follows says what it means. */
	#pending = false;
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
		if (this.#column !== 0 || this.#inQuotes || this.#quoted || this.#inHeader) throw copyUnexpected();
	}

	#piece(buffer: Buffer, start: number, end: number): number {
		const field = this.#inHeader ? null : (this.#fields[this.#column] ?? null);
		const { quote, escapeBy, delimiter } = this.#form;
		if (this.#pending) return this.#behindEscape(buffer, start, field);
		let at = start;
		while (at < end) {
			const byte = buffer[at] as number;
			if (byte === quote || (this.#inQuotes && byte === escapeBy)) break;
			if (!this.#inQuotes && (byte === delimiter || byte === NEWLINE)) break;
			field?.raw(byte);
			at++;
		}
		if (field === null) this.#out.bytes(buffer, start, at);
		else if (at > start) field.value(buffer.subarray(start, at));
		if (at === end) return end;
		const byte = buffer[at] as number;
		if (byte === quote || this.#inQuotes) this.#quoteOrEscape(byte, field);
		else this.#endField(byte, field);
		return at + 1;
	}

	#quoteOrEscape(byte: number, field: MaskedField | null): void {
		const { quote, escapeBy } = this.#form;
		if (field === null) this.#out.byte(byte);
		if (!this.#inQuotes) {
			this.#inQuotes = true;
			this.#quoted = true;
		} else if (byte === escapeBy) this.#pending = true;
		else if (byte === quote) this.#inQuotes = false;
	}

	/** An escapeBy before a quote or an escapeBy means that one; a quote that is no escapeBy ends the quoted part. */
	#behindEscape(buffer: Buffer, at: number, field: MaskedField | null): number {
		const { quote, escapeBy } = this.#form;
		const byte = buffer[at] as number;
		this.#pending = false;
		if (byte === quote || byte === escapeBy) {
			if (field === null) this.#out.byte(byte);
			else field.value(buffer.subarray(at, at + 1));
			return at + 1;
		}
		if (escapeBy === quote) this.#inQuotes = false;
		else field?.value(Buffer.from([escapeBy]));
		return at;
	}

	#endField(byte: number, field: MaskedField | null): void {
		if (field !== null) this.#write(field.end(!this.#quoted));
		this.#out.byte(byte);
		this.#quoted = false;
		this.#column += 1;
		if (byte !== NEWLINE) {
			if (this.#column >= this.#fields.length) throw copyUnexpected();
			return;
		}
		const empty = this.#fields.length === 0 && this.#column === 1;
		if (this.#column !== this.#fields.length && !empty) throw copyUnexpected();
		this.#column = 0;
		if (this.#inHeader) this.#inHeader = false;
		else this.rows += 1;
	}

	#write(value: Buffer | null): void {
		const { quote, escapeBy, nullMark } = this.#form;
		if (value === null) return this.#out.bytes(nullMark);
		if (!this.#needsQuotes(value)) return this.#out.bytes(value);
		this.#out.byte(quote);
		for (const byte of value) {
			if (byte === quote || byte === escapeBy) this.#out.byte(escapeBy);
			this.#out.byte(byte);
		}
		this.#out.byte(quote);
	}

	#needsQuotes(value: Buffer): boolean {
		const { quote, delimiter, nullMark } = this.#form;
		const special = [quote, delimiter, NEWLINE, RETURN].some((byte) => value.includes(byte));
		return special || this.#quoted || value.equals(nullMark) || value.equals(END_OF_DATA);
	}
}

const END_OF_DATA = Buffer.from("\\.");
