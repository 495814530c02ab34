import { MaskingError } from "./errors.ts";
import type { JsonPath } from "./mask.ts";

/** A mask's column. Names are the catalog's own, so they are compared as they stand, case included; null is `*`. */
export interface MaskedColumnName {
	readonly schema: string | null;
	readonly table: string | null;
	readonly column: string | null;
	/** Of a JSON column the part that is masked; null for all of it. */
	readonly path: JsonPath | null;
}

/** One part: a quoted name with doubled quotes, or a run without dots and quotes. */
const PART = /"((?:[^"]|"")+)"|([^".]+)/y;
/** `#>>{card,number}` or `#>{card}` behind the name: elements as in a text array, those in double quotes as they are. */
const PATH = /^(.*?)#>>?\{(.*)\}$/s;
const ELEMENT = /"((?:[^"\\]|\\.)*)"|([^",{}\\\s][^",{}\\]*)/y;

/**
 * Reads `schema.table.column`. A part in double quotes may hold anything (a quote is written twice); `*` without
 * quotes stands for every column of the table, every table of the schema, every schema; alone for all of them. A path into a JSON column may
 * follow: `public.orders.payload#>>{card,number}`, `*` for any key and every element of an array.
 * @throws MaskingError `mask_column_name_invalid`
 */
export function parseColumnName(text: string): MaskedColumnName {
	if (text === "*") return { schema: null, table: null, column: null, path: null };
	const pathed = text.endsWith("}") ? PATH.exec(text) : null;
	const path = pathed === null ? null : pathOf(pathed[2] ?? "");
	const [schema, table, column, ...more] = parts(pathed?.[1] ?? text);
	const missing = schema === undefined || table === undefined || column === undefined;
	if (missing || more.length > 0 || (path !== null && (path.length === 0 || column === null)))
		throw new MaskingError("mask_column_name_invalid", `a mask names the column ${JSON.stringify(text)}`);
	return { schema, table, column, path };
}

/** The parts' names, null for a bare `*`; empty when the text is not well formed. */
function parts(text: string): readonly (string | null)[] {
	return listed(text, PART, ".", (quoted) => quoted.replaceAll('""', '"'));
}

function pathOf(text: string): JsonPath {
	return listed(text, ELEMENT, ",", (quoted) => quoted.replaceAll(/\\(.)/gs, "$1"));
}

function listed(
	text: string,
	pattern: RegExp,
	separator: string,
	unquote: (quoted: string) => string,
): readonly (string | null)[] {
	const found: (string | null)[] = [];
	for (let at = 0; ; at = pattern.lastIndex + 1) {
		pattern.lastIndex = at;
		const match = pattern.exec(text);
		if (match === null) return [];
		const quoted = match[1];
		const bare = match[2] === "*" ? null : (match[2] ?? "");
		found.push(quoted === undefined ? bare : unquote(quoted));
		if (pattern.lastIndex === text.length) return found;
		if (text[pattern.lastIndex] !== separator) return [];
	}
}

/** `*.*.*`: what has no column behind it counts too where detectors look. */
export function isEverything({ schema, table, column }: MaskedColumnName): boolean {
	return schema === null && table === null && column === null;
}

/** Whether a mask's name is that column's. */
export function coversColumn(
	name: MaskedColumnName,
	{ schema, table, column }: { readonly schema: string; readonly table: string; readonly column: string },
): boolean {
	return (name.column === null || name.column === column) && isTable(name, schema, table);
}

/** Whether a mask's name is one of that table's. */
export function isTable(name: MaskedColumnName, schema: string, table: string): boolean {
	return (name.schema === null || name.schema === schema) && (name.table === null || name.table === table);
}
