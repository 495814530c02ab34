import { MaskingError } from "./errors.ts";

/** A mask's column. Names are the catalog's own, so they are compared as they stand, case included; null is `*`. */
export interface MaskedColumnName {
	readonly schema: string | null;
	readonly table: string | null;
	readonly column: string | null;
}

/** One part: a quoted name with doubled quotes, or a run without dots and quotes. */
const PART = /"((?:[^"]|"")+)"|([^".]+)/y;

/**
 * Reads `schema.table.column`. A part in double quotes may hold anything (a quote is written twice); `*` without
 * quotes stands for every column of the table, every table of the schema, every schema.
 * @throws MaskingError `mask_column_name_invalid`
 */
export function parseColumnName(text: string): MaskedColumnName {
	const [schema, table, column, ...more] = parts(text);
	if (schema === undefined || table === undefined || column === undefined || more.length > 0) {
		throw new MaskingError("mask_column_name_invalid", `a mask names the column ${JSON.stringify(text)}`);
	}
	return { schema, table, column };
}

/** The parts' names, null for a bare `*`; empty when the text is not well formed. */
function parts(text: string): readonly (string | null)[] {
	const found: (string | null)[] = [];
	for (let at = 0; ; at = PART.lastIndex + 1) {
		PART.lastIndex = at;
		const match = PART.exec(text);
		if (match === null) return [];
		const quoted = match[1];
		const bare = match[2] === "*" ? null : (match[2] ?? "");
		found.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
		if (PART.lastIndex === text.length) return found;
		if (text[PART.lastIndex] !== ".") return [];
	}
}

/** Whether a mask's name is one of that table's. */
export function isTable(name: MaskedColumnName, schema: string, table: string): boolean {
	return (name.schema === null || name.schema === schema) && (name.table === null || name.table === table);
}
