import type { Cell } from "../cells.ts";
import { GatheredValue } from "../gather.ts";

/**
 * A masked field of a COPY in one of the forms of text, while it comes. NULL is told by what stands there before
 * anything in it is unescaped, so that as much of it as the mark for NULL has is kept beside the value.
 */
export class MaskedField {
	readonly #cell: Cell;
	readonly #key: Buffer;
	readonly #nullMark: Buffer;
	#value: GatheredValue;
	#raw: number[] = [];

	constructor(cell: Cell, key: Buffer, nullMark: Buffer) {
		this.#cell = cell;
		this.#key = key;
		this.#nullMark = nullMark;
		this.#value = new GatheredValue(cell.masker, key);
	}

	/** A byte as it stands there: for NULL. */
	raw(byte: number): void {
		if (this.#raw.length <= this.#nullMark.length) this.#raw.push(byte);
	}

	/** A piece of the value that stands there as it is. */
	plain(piece: Buffer): void {
		for (let at = 0; at < piece.length && this.#raw.length <= this.#nullMark.length; at++)
			this.#raw.push(piece[at] as number);
		this.#value.add(piece);
	}

	/** A piece of the value. */
	value(piece: Buffer): void {
		this.#value.add(piece);
	}

	/** The masked value of the field that ends here; null is NULL. */
	end(mayBeNull: boolean): Buffer | null {
		const isNull = mayBeNull && this.#nullMark.equals(Buffer.from(this.#raw));
		const masked = isNull ? this.#cell.nullTo : this.#value.masked();
		this.#raw = [];
		this.#value = new GatheredValue(this.#cell.masker, this.#key);
		return masked;
	}
}
