import type { RangeVar, TypeName } from "libpg-query-18";
import { type CatalogType, FIRST_USER_OID, type Relation } from "../catalog/model.ts";
import type { Env } from "./environment.ts";
import { fail, shown } from "./failures.ts";
import { texts } from "./tree.ts";

/** The schema that a qualified name means: `pg_temp` is the session's own. */
export function schemaNamed(name: string, env: Env): string {
	return name === "pg_temp" ? (env.context.scope.temporarySchema ?? "pg_temp") : name;
}

/** The relation of that name as the server would find it, or undefined; nothing is reported. */
export function lookUpRelation(schema: string | undefined, name: string, env: Env): Relation | undefined {
	const { catalog } = env.context;
	if (schema !== undefined && schema !== "") return catalog.relation(schemaNamed(schema, env), name);
	if (env.made?.has(name) === true) return undefined;
	for (const candidate of env.path) {
		const relation = catalog.relation(candidate, name);
		if (relation !== undefined) return relation;
	}
	return undefined;
}

/** The relation that a RangeVar names; reports what the server would when there is none. */
export function namedRelation(range: RangeVar, env: Env): Relation | undefined {
	const { catalogname, schemaname, relname = "" } = range;
	if (catalogname !== undefined && catalogname !== "" && catalogname !== env.context.scope.database) {
		const whole = shown(catalogname, schemaname, relname);
		fail(env, "0A000", `cross-database references are not implemented: "${whole}"`, range.location);
		return undefined;
	}
	const relation = lookUpRelation(schemaname, relname, env);
	if (relation === undefined)
		fail(env, "42P01", `relation "${shown(schemaname, relname)}" does not exist`, range.location);
	return relation;
}

/** Schemas in which functions, operators and (by `types`) types of that name are looked for. */
export function schemasFor(schema: string | undefined, env: Env, types = false): readonly string[] {
	if (schema !== undefined) return [schemaNamed(schema, env)];
	const temporary = env.context.scope.temporarySchema;
	return types || temporary === null ? env.path : env.path.filter((candidate) => candidate !== temporary);
}

/** Splits a list of name parts as the server does: `[db.][schema.]name`. */
export function split(parts: readonly string[]): { schema: string | undefined; name: string } {
	return { schema: parts.at(-2), name: parts.at(-1) ?? "" };
}

/** The type of that name, or undefined; nothing is reported. */
export function lookUpType(parts: readonly string[], env: Env): CatalogType | undefined {
	const { schema, name } = split(parts);
	for (const candidate of schemasFor(schema, env, true)) {
		const type = env.context.catalog.type(candidate, name);
		if (type !== undefined) return type;
	}
	return undefined;
}

/** A type's OID; 0 for arrays, `%TYPE` and what isn't found, which is reported as the server would. */
export function typeOf(typeName: TypeName | undefined, env: Env): number {
	const type = namedType(typeName, env);
	if (type === undefined) return 0;
	if ((typeName?.arrayBounds?.length ?? 0) === 0) return type.oid;
	// The server names an array's type so, unless that name is taken.
	const array = env.context.catalog.type(type.schema, `_${type.name}`);
	return array?.elementType === type.oid ? array.oid : 0;
}

/** The type that a TypeName names (of an array: its element). */
export function namedType(typeName: TypeName | undefined, env: Env): CatalogType | undefined {
	if (typeName === undefined || typeName.pct_type) return undefined;
	const parts = texts(typeName.names);
	if (parts.length === 0) return undefined;
	const type = lookUpType(parts, env);
	if (type !== undefined) return type;
	const { schema } = split(parts);
	if (schema !== undefined && !env.context.catalog.hasSchema(schemaNamed(schema, env))) {
		fail(env, "3F000", `schema "${schema}" does not exist`, typeName.location);
	} else {
		fail(env, "42704", `type "${shown(...parts)}" does not exist`, typeName.location);
	}
	return undefined;
}

export const isUsers = (oid: number): boolean => oid >= FIRST_USER_OID;
