import { printable, printableLines } from "../recording/index.ts";

const FRAMES = ["|", "/", "-", "\\"];
const PROGRESS_AFTER_MS = 1_000;
const FRAME_MS = 120;

/** Where a command writes: results to `stdout`, everything else to `stderr`. */
export class Terminal {
	readonly #out: NodeJS.WriteStream;
	readonly #err: NodeJS.WriteStream;
	readonly #color: boolean;

	constructor(out: NodeJS.WriteStream, err: NodeJS.WriteStream, env: NodeJS.ProcessEnv) {
		this.#out = out;
		this.#err = err;
		this.#color = out.isTTY === true && env["NO_COLOR"] === undefined;
	}

	/** One line. What could act on the terminal is spelt out. */
	line(text = ""): void {
		for (const each of printableLines(text)) this.#out.write(`${each}\n`);
	}

	/** Text that is written as it is: JSON and other results of which not a byte may change. */
	raw(text: string | Uint8Array): void {
		this.#out.write(text);
	}

	json(value: unknown): void {
		this.raw(`${JSON.stringify(value, null, 2)}\n`);
	}

	/** A line that is not part of the result. */
	note(text: string): void {
		for (const each of printableLines(text)) this.#err.write(`${each}\n`);
	}

	/** The parser's own messages and help. */
	rawNote(text: string): void {
		this.#err.write(text);
	}

	/** One line that stands out on a terminal. */
	heading(text: string): void {
		this.#out.write(`${this.#bold(printable(text))}\n`);
	}

	#bold(text: string): string {
		return this.#color ? `\u001b[1m${text}\u001b[22m` : text;
	}

	/** A table with aligned columns; the header stands out on a terminal. `none` is said when there are no rows. */
	table(header: readonly string[], rows: readonly (readonly string[])[], none: string): void {
		if (rows.length === 0) {
			this.note(none);
			return;
		}
		const clean = rows.map((row) => row.map(printable));
		const widths = header.map((name, at) =>
			Math.max(name.length, ...clean.map((row) => [...(row[at] ?? "")].length)),
		);
		const align = (cells: readonly string[]) =>
			cells
				.map((cell, at) =>
					at === cells.length - 1 ? cell : cell.padEnd((widths[at] ?? 0) + cell.length - [...cell].length),
				)
				.join("  ")
				.trimEnd();
		this.raw(`${this.#bold(align(header))}\n`);
		for (const row of clean) this.raw(`${align(row)}\n`);
	}

	/** Name and value, a line each, the values aligned. */
	facts(facts: readonly (readonly [name: string, value: string | null])[]): void {
		const width = Math.max(...facts.map(([name]) => name.length));
		for (const [name, value] of facts) {
			if (value === null) continue;
			const [first = "", ...rest] = printableLines(value);
			this.raw(`${this.#bold(name.padEnd(width))}  ${first}\n`);
			for (const line of rest) this.raw(`${" ".repeat(width + 2)}${line}\n`);
		}
	}

	/** Draws that something is under way, on a terminal and only once it takes more than a second. */
	async during<T>(label: string, work: Promise<T>): Promise<T> {
		if (this.#err.isTTY !== true) return work;
		let frame = 0;
		let drawing: NodeJS.Timeout | undefined;
		const start = setTimeout(() => {
			drawing = setInterval(() => {
				this.#err.write(`\r${FRAMES[frame % FRAMES.length]} ${printable(label)}`);
				frame += 1;
			}, FRAME_MS);
		}, PROGRESS_AFTER_MS);
		try {
			return await work;
		} finally {
			clearTimeout(start);
			clearInterval(drawing);
			if (frame > 0) this.#err.write("\r\u001b[K");
		}
	}
}

/** An instant in the viewer's zone: `2026-11-26 11:05:33 +01:00`. */
export function localTime(instant: string | null): string {
	if (instant === null) return "-";
	const date = new Date(instant);
	const two = (value: number) => String(value).padStart(2, "0");
	const offset = -date.getTimezoneOffset();
	const zone = `${offset < 0 ? "-" : "+"}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
	const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
	return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())} ${zone}`;
}
