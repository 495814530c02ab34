import { CatalogError } from "./errors.ts";
import type { CatalogQuery } from "./query.ts";
import { rows } from "./rows.ts";

/**
 * The names in a setting's text as SHOW gives it, read as the server's SplitIdentifierString does: unquoted ones in
 * lower case, quoted ones as they are with `""` for a quote. Throws CatalogError where the server would refuse it.
 */
export function parseSearchPath(setting: string): readonly string[] {
	const names: string[] = [];
	let at = skipBlanks(setting, 0);
	if (at === setting.length) return names;
	for (;;) {
		const element = /"(?:[^"]|"")*"|[^",\s][^,\s]*/y;
		element.lastIndex = at;
		const found = element.exec(setting)?.[0];
		if (found === undefined) throw malformed(setting);
		names.push(cut(found.startsWith('"') ? found.slice(1, -1).replaceAll('""', '"') : lowerAscii(found)));
		at = skipBlanks(setting, at + found.length);
		if (at === setting.length) return names;
		if (setting[at] !== ",") throw malformed(setting);
		at = skipBlanks(setting, at + 1);
	}
}

function skipBlanks(text: string, at: number): number {
	while (/[ \t\n\r\f\v]/.test(text[at] ?? "")) at++;
	return at;
}

/** In a multi-byte encoding the server folds ASCII letters only. */
function lowerAscii(name: string): string {
	return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Names are cut to 63 bytes, at a character. */
function cut(name: string): string {
	if (Buffer.byteLength(name) <= 63) return name;
	const bytes = Buffer.from(name).subarray(0, 64);
	let end = 63;
	while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
	return bytes.toString("utf8", 0, end);
}

function malformed(setting: string): CatalogError {
	return new CatalogError("catalog_unreadable", undefined, {
		operator: `search_path is ${JSON.stringify(setting)}`,
	});
}

/** What a role may use: existing schemas by name. Includes other sessions' temporary ones. */
export async function usableSchemas(query: CatalogQuery, role: string): Promise<ReadonlySet<string>> {
	const literal = `'${role.replaceAll("'", "''")}'`;
	const found = await rows(
		query,
		`SELECT n.nspname FROM pg_catalog.pg_namespace n, pg_catalog.pg_roles r
WHERE r.rolname OPERATOR(pg_catalog.=) ${literal} AND pg_catalog.has_schema_privilege(r.oid, n.oid, 'USAGE')`,
	);
	return new Set(found.map((row) => row.text(0)));
}

/**
 * The schemas that a name is looked for in, first to last, as the server's recomputeNamespacePath makes them out of
 * the setting: what doesn't exist or may not be used is left out, `pg_catalog` comes first unless it is named, and
 * before it the session's temporary schema unless `pg_temp` is. `temporarySchema` is its name, null while it has none.
 */
export function effectivePath(
	setting: string,
	role: string,
	usable: ReadonlySet<string>,
	temporarySchema: string | null,
): readonly string[] {
	const path: string[] = [];
	for (const name of parseSearchPath(setting)) {
		const schema = name === "$user" ? role : name;
		if (schema === "pg_temp") {
			if (temporarySchema !== null && !path.includes(temporarySchema)) path.push(temporarySchema);
		} else if ((usable.has(schema) || schema === temporarySchema) && !path.includes(schema))
			path.push(schema);
	}
	if (!path.includes("pg_catalog")) path.unshift("pg_catalog");
	if (temporarySchema !== null && !path.includes(temporarySchema)) path.unshift(temporarySchema);
	return path;
}
