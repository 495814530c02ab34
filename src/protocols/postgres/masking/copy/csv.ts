import { type Viewed, viewed } from "../../codec/index.ts";
import type { Cell } from "../cells.ts";
import { Needles } from "../needles.ts";
import { Escaping } from "./escaping.ts";
import type { MaskedField } from "./field.ts";
import { LineCopyMasker } from "./lines.ts";
import type { CopyForm } from "./options.ts";
import { END_OF_DATA, type LineSyntax, NEWLINE } from "./whole-rows.ts";

const RETURN = 0x0d;

/** COPY's CSV format: fields in quotes may hold anything, line breaks included; the quote in them is escaped. */
export class CsvCopyMasker extends LineCopyMasker {
	readonly #form: CopyForm;
	/** What means something within quotes and outside of them. */
	readonly #inside: Needles;
	readonly #outside: Needles;
	#inQuotes = false;
	/** The field in hand had quotes: then it isn't NULL. */
	#quoted = false;
	/** Within quotes an escape (which may be the quote itself) has come: what follows says what it means. */
	#pending = false;

	constructor(form: CopyForm, cells: readonly (Cell | null)[], key: Buffer) {
		super(syntaxOf(form), form.header, cells, key);
		this.#form = form;
		this.#inside = new Needles([form.quote, form.escapeBy]);
		this.#outside = new Needles([form.quote, form.delimiter, NEWLINE]);
	}

	protected piece(source: Viewed, start: number, end: number, field: MaskedField | null): number {
		const { bytes } = source;
		if (this.#pending) return this.#behindEscape(bytes, start, field);
		const at = (this.#inQuotes ? this.#inside : this.#outside).next(source, start, end);
		this.plain(bytes.subarray(start, at), field);
		if (at === end) return end;
		const byte = bytes[at] as number;
		if (byte === this.#form.quote || this.#inQuotes) this.#quoteOrEscape(byte, field);
		else {
			this.endField(byte, field, this.#quoted);
			this.#quoted = false;
		}
		return at + 1;
	}

	#quoteOrEscape(byte: number, field: MaskedField | null): void {
		const { quote, escapeBy } = this.#form;
		if (field === null) this.out.byte(byte);
		if (!this.#inQuotes) {
			this.#inQuotes = true;
			this.#quoted = true;
		} else if (byte === escapeBy) this.#pending = true;
		else if (byte === quote) this.#inQuotes = false;
	}

	/** An escape before a quote or an escape means that one; a quote that is no escape ends the quoted part. */
	#behindEscape(buffer: Buffer, at: number, field: MaskedField | null): number {
		const { quote, escapeBy } = this.#form;
		const byte = buffer[at] as number;
		this.#pending = false;
		if (byte === quote || byte === escapeBy) {
			if (field === null) this.out.byte(byte);
			else field.value(buffer.subarray(at, at + 1));
			return at + 1;
		}
		if (escapeBy === quote) this.#inQuotes = false;
		else field?.value(Buffer.from([escapeBy]));
		return at;
	}
}

function syntaxOf(form: CopyForm): LineSyntax {
	const { quote, escapeBy, delimiter, nullMark } = form;
	const ends = new Needles([delimiter, NEWLINE, quote]);
	const escapes = new Needles([quote, escapeBy]);
	const specials = new Needles([quote, delimiter, NEWLINE, RETURN]);
	const escaping = new Escaping(escapeBy, [
		[quote, quote],
		[escapeBy, escapeBy],
	]);
	const quotes = Buffer.from([quote]);
	return {
		quote,
		nullMark,
		fieldEnd: (source, at, end) => {
			const { bytes } = source;
			const isQuoted = at < end && bytes[at] === quote;
			const next = isQuoted ? quotedEnd(form, escapes, source, at, end) : ends.next(source, at, end);
			const ended = next < end && (bytes[next] === delimiter || bytes[next] === NEWLINE);
			return ended ? next : -1;
		},
		escapes: { plain: new Needles([]), quoted: escapes },
		specials: { plain: specials, quoted: escapes },
		encode: (value, quoted) => {
			if (value === null) return nullMark;
			const special = specials.next(viewed(value), 0, value.length) < value.length;
			const plain = !quoted && !special && !value.equals(nullMark) && !value.equals(END_OF_DATA);
			return plain ? value : Buffer.concat([quotes, escaping.of(value), quotes]);
		},
	};
}

/** Behind the quote that ends what the quote at `at` begins. */
function quotedEnd(
	{ quote, escapeBy }: CopyForm,
	escapes: Needles,
	source: Viewed,
	start: number,
	end: number,
): number {
	const { bytes } = source;
	let at = start;
	for (;;) {
		at = escapes.next(source, at + 1, end);
		if (at >= end) return end;
		if (bytes[at] === quote && (escapeBy !== quote || bytes[at + 1] !== quote)) return at + 1;
		at++;
	}
}
