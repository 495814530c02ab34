import { printable } from "../../recording/index.ts";

const SHOWN_ROWS = 8;
const WIDEST = 40;

/** Rows as aligned lines under their columns' names; no more than a screenful of them. */
export function columns(names: readonly string[], rows: readonly (readonly (string | null)[])[]): string[] {
	const shown = [names, ...rows.slice(0, SHOWN_ROWS)].map((row) => row.map(cell));
	const widths = names.map((_, at) => Math.max(...shown.map((row) => length(row[at]))));
	const lines = shown.map((row) =>
		row
			.map((text, at) => text.padEnd((widths[at] ?? 0) + text.length - length(text)))
			.join("  ")
			.trimEnd(),
	);
	return rows.length > SHOWN_ROWS ? [...lines, `... ${rows.length} rows in all`] : lines;
}

const length = (text = "") => [...text].length;

function cell(value: string | null): string {
	const text = printable(value ?? "null");
	return length(text) > WIDEST ? `${[...text].slice(0, WIDEST - 1).join("")}…` : text;
}
