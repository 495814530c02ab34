import type { RowsEvent } from "./events.ts";
import type { JsonText } from "./json-text.ts";

/** Rows go into the log in pieces of about this size, so that a long answer is never held in memory. */
const PIECE_BYTES = 64 * 1024;

/**
 * Takes the rows of one command as the client sees them (masked) and puts them into the record, up to
 * `max_row_bytes` of JSON; what is beyond is not kept, and the last event says so.
 */
export class RowsRecorder {
	readonly #write: (event: RowsEvent) => void;
	readonly #session: string;
	readonly #command: string;
	readonly #columns: readonly string[];
	#room: number;
	#piece: string[] = [];
	#pieceBytes = 0;
	#full = false;

	constructor(
		write: (event: RowsEvent) => void,
		session: string,
		command: string,
		columns: readonly string[],
		maxBytes: number,
	) {
		this.#write = write;
		this.#session = session;
		this.#command = command;
		this.#columns = columns;
		this.#room = maxBytes;
	}

	/** Adds a row of values in text form. False when no further row will be kept: the caller may stop decoding. */
	add(values: readonly (string | null)[]): boolean {
		if (this.#full) return false;
		const json = JSON.stringify(values);
		const bytes = Buffer.byteLength(json) + 1;
		if (bytes > this.#room) {
			this.#full = true;
			return false;
		}
		this.#room -= bytes;
		this.#piece.push(json);
		this.#pieceBytes += bytes;
		if (this.#pieceBytes >= PIECE_BYTES) this.#flush(false);
		return true;
	}

	/** Call once after the last row, before the outcome. */
	finish(): void {
		if (this.#piece.length > 0 || this.#full) this.#flush(this.#full);
	}

	#flush(truncated: boolean): void {
		const rows = `[${this.#piece.join(",")}]` as JsonText;
		this.#piece = [];
		this.#pieceBytes = 0;
		this.#write({
			type: "rows",
			session: this.#session,
			command: this.#command,
			columns: this.#columns,
			rows,
			truncated,
		});
	}
}
