import { type Changes, isNothing, type Reading, readChanges } from "./changes.ts";
import { Definitions } from "./definitions.ts";
import { readSchemas, type ServerCatalog, withEmptySearchPath } from "./load.ts";
import { type Bare, languagesHold, namesHold } from "./names.ts";
import type { CatalogQuery } from "./query.ts";
import { readBareFunctions, readFunctions, readTypes } from "./read-objects.ts";
import { readBareRelations, readRelations } from "./read-relations.ts";
import { CatalogSnapshot } from "./snapshot.ts";

/** A picture of the catalog, and what it was taken of. */
export interface Picture {
	readonly catalog: CatalogSnapshot;
	readonly reading: Reading;
}

export interface AdvanceOptions {
	readonly server: ServerCatalog;
	/** For the new picture, where there has to be one. */
	readonly epoch: () => number;
	/** As for `loadCatalog`. */
	readonly session?: boolean;
}

/**
 * The picture as it is now, of which only that is read that has changed; the same catalog where nothing has that
 * anybody but its session sees. Null when all has to be read again: after a change that others' definitions show, such
 * as another name, or that is too rare to be followed.
 */
export function advance(
	query: CatalogQuery,
	picture: Picture,
	options: AdvanceOptions,
): Promise<Picture | null> {
	const work = (on: CatalogQuery) => advanceOn(on, picture, options);
	return options.session === true ? withEmptySearchPath(query, work) : work(query);
}

async function advanceOn(
	query: CatalogQuery,
	{ catalog, reading }: Picture,
	{ server, epoch, session = false }: AdvanceOptions,
): Promise<Picture | null> {
	const changes = await readChanges(query, reading, session);
	if (changes === null) return null;
	if (isNothing(changes)) return { catalog, reading: changes.reading };
	const bare = await readBare(query, changes);
	if (!namesHold(catalog.user, bare) || !languagesHold(catalog.user, bare.functions)) return null;
	if (!isSeen(catalog, changes, bare)) return { catalog, reading: changes.reading };
	const objects = catalog.user.without(changes);
	if (session) for (const name of bare.schemas.values()) objects.schemas.add(name);
	const definitions = new Definitions(query, catalog.definitions, session, true);
	for (const type of bare.types) objects.addType(type);
	await readFunctions(bare.functions, definitions, objects);
	await readRelations(query, [...changes.relations], bare.relations, definitions, objects);
	const next = new CatalogSnapshot(epoch(), server.version, server.objects, objects, definitions);
	return { catalog: next, reading: changes.reading };
}

async function readBare(
	query: CatalogQuery,
	{ relations, functions, types }: Changes,
): Promise<Bare & { readonly schemas: ReadonlyMap<number, string> }> {
	const schemas = await readSchemas(query);
	const [newTypes, newFunctions, newRelations] = await Promise.all([
		types.size === 0 ? [] : readTypes(query, [...types], schemas),
		functions.size === 0 ? [] : readBareFunctions(query, [...functions], schemas),
		relations.size === 0 ? [] : readBareRelations(query, [...relations], schemas),
	]);
	return { schemas, types: newTypes, functions: newFunctions, relations: newRelations };
}

/** Not when all of it is other sessions' temporary objects. */
function isSeen({ user }: CatalogSnapshot, changes: Changes, bare: Bare): boolean {
	const known = (oids: ReadonlySet<number>, objects: ReadonlyMap<number, unknown>) =>
		[...oids].some((oid) => objects.has(oid));
	return (
		bare.relations.length + bare.functions.length + bare.types.length > 0 ||
		known(changes.relations, user.relations) ||
		known(changes.functions, user.functions) ||
		known(changes.types, user.types)
	);
}
