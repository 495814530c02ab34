import { Definitions } from "./definitions.ts";
import { CatalogError } from "./errors.ts";
import { namesHold, operatorsHold } from "./names.ts";
import { Objects } from "./objects.ts";
import type { CatalogQuery } from "./query.ts";
import { readBareFunctions, readFunctions, readObjects, readTypes } from "./read-objects.ts";
import { readBareRelations, readRelations } from "./read-relations.ts";
import { type Row, rows } from "./rows.ts";
import { CatalogSnapshot } from "./snapshot.ts";
import * as sql from "./sql.ts";

const OLDEST = 140_000;

/** What belongs to a server itself and doesn't change while it runs: read once for each database. */
export interface ServerCatalog {
	readonly version: number;
	readonly objects: Objects;
}

/** Reads the server's own objects. The connection's search path must be empty. */
export async function loadServerCatalog(query: CatalogQuery): Promise<ServerCatalog> {
	const version = (await rows(query, sql.SERVER_VERSION))[0]?.number(0) ?? 0;
	if (version < OLDEST) {
		throw new CatalogError(
			"catalog_unreadable",
			`the upstream is PostgreSQL ${version}; 14 is the oldest that is known`,
		);
	}
	return { version, objects: (await readPart(query, "server", null, false)).objects };
}

export interface LoadOptions {
	readonly server: ServerCatalog;
	readonly epoch: number;
	/** An earlier state of the same database: definitions that can't have changed are taken from it. */
	readonly base?: CatalogSnapshot;
	/**
	 * True on a session's own connection: sees its temporary objects and its uncommitted changes, waits for locks, and
	 * leaves search path and transaction as they were. Its connection must not be in a failed transaction.
	 */
	readonly session?: boolean;
}

/**
 * Reads the user's part of the catalog: OIDs from 16384 on, and all schemas. Other sessions' temporary objects are left
 * out. On a control connection the search path must be empty.
 *
 * Rejects with CatalogError when an answer isn't understood, and with whatever `query` rejects with.
 */
export async function loadCatalog(query: CatalogQuery, options: LoadOptions): Promise<CatalogSnapshot> {
	const { server, epoch } = options;
	const read = (on: CatalogQuery) => readPart(on, "user", options.base ?? null, options.session === true);
	const { objects, definitions } =
		options.session === true ? await withEmptySearchPath(query, read) : await read(query);
	return new CatalogSnapshot(epoch, server.version, server.objects, objects, definitions);
}

async function readPart(
	query: CatalogQuery,
	part: "server" | "user",
	base: CatalogSnapshot | null,
	patient: boolean,
): Promise<{ readonly objects: Objects; readonly definitions: Definitions }> {
	const objects = new Objects();
	const schemas = await readSchemas(query);
	for (const name of schemas.values()) objects.schemas.add(name);
	await readObjects(query, part, schemas, objects);
	const types = await readTypes(query, part, schemas);
	for (const type of types) objects.addType(type);
	const functions = await readBareFunctions(query, part, schemas);
	const relations = await readBareRelations(query, part, schemas);
	const reusable =
		base !== null &&
		namesHold(base.user, { relations, functions, types }) &&
		operatorsHold(base.user, objects);
	const definitions = new Definitions(query, reusable ? base.definitions : null, patient);
	await readFunctions(functions, definitions, objects);
	await readRelations(query, part, relations, definitions, objects);
	return { objects, definitions };
}

/** Names by OID; other sessions' temporary schemas are left out. */
export async function readSchemas(query: CatalogQuery): Promise<ReadonlyMap<number, string>> {
	const schemas = new Map<number, string>();
	for (const row of await rows(query, sql.SCHEMAS)) {
		const name = row.text(1);
		if (/^pg_(toast_)?temp_/.test(name) && !row.boolean(2)) continue;
		schemas.set(row.number(0), name);
	}
	return schemas;
}

/**
 * Runs `work` with each statement of it on an empty search path. The path is set within the very statement that needs
 * it, because outside a block it would not last until the next, and for the transaction only; OFFSET is worked out
 * before the first row is. Each answer carries a witness that it held; afterwards the path is what it was. Without JIT:
 * a session that has turned off kinds of plans makes them look expensive enough to be compiled, for a second each.
 */
export async function withEmptySearchPath<T>(
	query: CatalogQuery,
	work: (query: CatalogQuery) => Promise<T>,
): Promise<T> {
	const [before] = await rows(query, SETTINGS);
	const pinned: CatalogQuery = async (statement) => {
		const pinnedStatement = `SELECT x.*, pg_catalog.current_setting('search_path') FROM (${statement}
OFFSET (SELECT pg_catalog.length(pg_catalog.set_config('search_path', '', true)))) AS x`;
		const answer = await query(pinnedStatement, WITHOUT_JIT);
		return answer.map((row) => {
			if (row.at(-1) === "") return row.slice(0, -1);
			throw new CatalogError("catalog_unreadable", undefined, { operator: "the search path was not empty" });
		});
	};
	try {
		return await work(pinned);
	} finally {
		// A failed transaction refuses this, and has lost the setting already.
		if (before !== undefined) await query(restoring(before)).catch(() => {});
	}
}

const SETTINGS = "SELECT pg_catalog.current_setting('search_path'), pg_catalog.current_setting('jit')";
const WITHOUT_JIT = "SELECT pg_catalog.set_config('jit', 'off', true)";

/** To what `SETTINGS` gave. */
function restoring(before: Row): string {
	const set = (name: string, value: string) =>
		`pg_catalog.set_config('${name}', '${value.replaceAll("'", "''")}', true)`;
	return `SELECT ${set("search_path", before.text(0))}, ${set("jit", before.text(1))}`;
}
