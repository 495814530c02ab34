import { printable } from "./printable.ts";

const MOST_WIDE = 60;

/** Rows as an aligned table in plain characters; long values are cut, null is spelt out. */
export function table(header: readonly string[], rows: readonly (readonly unknown[])[]): string[] {
	const titles = header.map(cell);
	const cells = rows.map((row) => header.map((_, index) => cell(row[index])));
	const widths = titles.map((title, index) =>
		cells.reduce((width, row) => Math.max(width, row[index]?.length ?? 0), title.length),
	);
	const line = (row: readonly string[]) =>
		row
			.map((value, index) => value.padEnd(widths[index] ?? 0))
			.join(" | ")
			.trimEnd();
	return [line(titles), widths.map((width) => "-".repeat(width)).join("-+-"), ...cells.map(line)];
}

function cell(value: unknown): string {
	const text = printable(typeof value === "string" ? value : value === null ? "null" : "?");
	if (text.length <= MOST_WIDE) return text;
	const characters = [...text];
	return characters.length <= MOST_WIDE ? text : `${characters.slice(0, MOST_WIDE - 1).join("")}…`;
}
