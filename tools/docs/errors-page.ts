import type { RoomTable } from "./error-tables.ts";

const HEAD = `# Errors

Every error that Sallyport raises on purpose has a code, in its log, its API and on its command line. This page has
each code with its cause and what to do about it, by the part of the product that raises it.

A message may say more than the cause here, and its remedy may be a closer one. PostgreSQL clients are told an SQLSTATE
besides.

This page is written by \`node tools/generate-docs.ts\` from the tables in the sources; a test holds it to them.
`;

/** The whole of `docs/errors.md`. */
export function errorsPage(tables: readonly RoomTable[]): string {
	const sections = tables.map(({ room, table }) => {
		const rows = Object.entries(table).map(
			([code, { cause, remedy }]) => `| \`${code}\` | ${cell(cause)} | ${cell(remedy)} |`,
		);
		return [`## ${room}`, "", "| code | cause | remedy |", "| --- | --- | --- |", ...rows, ""].join("\n");
	});
	return [HEAD, ...sections].join("\n");
}

/** One form for all rooms: a sentence. */
function cell(text: string): string {
	const sentence = text.charAt(0).toUpperCase() + text.slice(1);
	return `${sentence}${/[.!?]$/.test(sentence) ? "" : "."}`.replaceAll("|", "\\|");
}
