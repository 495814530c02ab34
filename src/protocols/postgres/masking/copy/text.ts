import type { Viewed } from "../../codec/index.ts";
import type { Cell } from "../cells.ts";
import { Needles } from "../needles.ts";
import { Escaping } from "./escaping.ts";
import type { MaskedField } from "./field.ts";
import { LineCopyMasker } from "./lines.ts";
import type { CopyForm } from "./options.ts";
import { type LineSyntax, NEWLINE } from "./whole-rows.ts";

const BACKSLASH = 0x5c;
const ESCAPES: ReadonlyMap<number, number> = new Map(
	[..."\b\f\n\r\t\v"].map((character, index) => ["bfnrtv".charCodeAt(index), character.charCodeAt(0)]),
);
const LETTERS = new Map([...ESCAPES].map(([letter, byte]) => [byte, letter]));

/** COPY's text format: a row a line, fields with the delimiter between, special characters behind a backslash. */
export class TextCopyMasker extends LineCopyMasker {
	readonly #special: Needles;
	#escaped = false;

	constructor(form: CopyForm, cells: readonly (Cell | null)[], key: Buffer) {
		super(syntaxOf(form), form.header, cells, key);
		this.#special = new Needles([form.delimiter, NEWLINE, BACKSLASH]);
	}

	protected piece(source: Viewed, start: number, end: number, field: MaskedField | null): number {
		const { bytes } = source;
		if (this.#escaped) return this.#behindBackslash(bytes, start, field);
		const at = this.#special.next(source, start, end);
		this.plain(bytes.subarray(start, at), field);
		if (at === end) return end;
		const byte = bytes[at] as number;
		if (byte === BACKSLASH) {
			this.#escaped = true;
			if (field === null) this.out.byte(byte);
			else field.raw(byte);
		} else this.endField(byte, field, false);
		return at + 1;
	}

	#behindBackslash(buffer: Buffer, at: number, field: MaskedField | null): number {
		const byte = buffer[at] as number;
		this.#escaped = false;
		if (field === null) this.out.byte(byte);
		else {
			field.raw(byte);
			field.value(Buffer.from([ESCAPES.get(byte) ?? byte]));
		}
		return at + 1;
	}
}

function syntaxOf({ delimiter, nullMark }: CopyForm): LineSyntax {
	const ends = new Needles([delimiter, NEWLINE]);
	const escapes = new Needles([BACKSLASH]);
	const escaping = new Escaping(BACKSLASH, [[delimiter, delimiter], [BACKSLASH, BACKSLASH], ...LETTERS]);
	const specials = new Needles([...LETTERS.keys(), BACKSLASH, delimiter]);
	return {
		quote: -1,
		nullMark,
		fieldEnd: (source: Viewed, at, end) => {
			const next = ends.next(source, at, end);
			// Behind a backslash it may be part of the value: that takes reading the backslashes before it.
			const escaped = next > at && source.bytes[next - 1] === BACKSLASH;
			return next === end || escaped ? -1 : next;
		},
		escapes: { plain: escapes, quoted: escapes },
		specials: { plain: specials, quoted: specials },
		encode: (value) => (value === null ? nullMark : escaping.of(value)),
	};
}
