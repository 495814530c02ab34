import type { CatalogFunction, Relation } from "../catalog/model.ts";
import { baseOf } from "./coercion.ts";
import type { Env } from "./environment.ts";
import { runFunction } from "./functions.ts";
import type { Value } from "./value.ts";

/**
 * Values are sorted, grouped, compared or hashed, or go into something that may do so: what the default operator
 * classes of their types run that is not the server's own. Arrays, rows and ranges are compared by their parts, so
 * every type counts that a value, its fields, or the columns behind it have.
 */
export function compared(values: readonly Value[], env: Env): void {
	if (env.context.catalog.userComparisons.length > 0) run(typesOfAll(values, env), values, env);
}

/** An operator that users made may be of an operator class that is not the default: sorts and joins run that one's. */
export function comparedAnyhow(values: readonly Value[], env: Env): void {
	if (env.context.catalog.userComparisons.length > 0)
		run(typesOfAll(values, env), values, env, { anyClass: true });
}

/** Making a range compares its bounds. */
export function boundsCompared(range: number, values: readonly Value[], env: Env): void {
	run(new Set([range]), values, env);
}

function typesOfAll(values: readonly Value[], env: Env): ReadonlySet<number> {
	const types = new Set<number>();
	for (const value of values) {
		addType(value.type, types, env);
		for (const field of value.fields ?? []) addType(field.value.type, types, env);
		for (const { relation, column } of value.sources) {
			const found = relation.columns.find(({ name }) => name === column);
			if (found !== undefined) addType(found.typeOid, types, env);
		}
	}
	return types;
}

/** A row is written: its indexes and foreign keys compare what is in it. */
export function columnsCompared(relation: Relation, env: Env): void {
	if (env.context.catalog.userComparisons.length === 0) return;
	run(typesOf(relation, env), [], env);
	keysCompared(relation, env);
}

/** DDL goes over rows: it may name another operator class than the default one, for any of the columns. */
export function anyhowCompared(relation: Relation, env: Env): void {
	run(typesOf(relation, env), [], env, { anyClass: true });
}

/** Rows are looked for: the server takes an index or the bounds of partitions where that serves. */
export function keysCompared({ comparisons }: Relation, env: Env): void {
	for (const functionOid of comparisons) compare(functionOid, [], env);
}

function typesOf(relation: Relation, env: Env): Set<number> {
	const types = new Set<number>();
	for (const column of relation.columns) addType(column.typeOid, types, env);
	return types;
}

function run(
	types: ReadonlySet<number>,
	values: readonly Value[],
	env: Env,
	{ anyClass = false }: { readonly anyClass?: boolean } = {},
): void {
	for (const { type, functionOid, isDefault } of env.context.catalog.userComparisons) {
		if ((isDefault || anyClass) && (types.has(type) || type === RECORD)) compare(functionOid, values, env);
	}
}

function compare(functionOid: number, values: readonly Value[], env: Env): void {
	if (env.stack.includes(functionOid)) return;
	const called = env.context.catalog.functionByOid(functionOid);
	if (called === undefined) env.findings.opaque("an operator class runs a function that is not known");
	else if (isLibrary(called)) env.findings.function(called, ["operator class"]);
	else runFunction(called, values, env, ["operator class"]);
}

/** An operator class for `record` serves every row type. */
const RECORD = 2249;

/** An extension's comparison in C (citext, hstore): a superuser made its operator class, and it computes only. */
const isLibrary = (called: CatalogFunction): boolean =>
	(called.language === "c" || called.language === "internal") && called.volatility === "immutable";

/** The type and those that it is made of. */
function addType(oid: number, types: Set<number>, env: Env): void {
	const { catalog } = env.context;
	const base = baseOf(oid, catalog);
	if (base === 0 || types.has(base)) return;
	types.add(base);
	const type = catalog.typeByOid(base);
	if (type === undefined) return;
	addType(type.elementType, types, env);
	if (type.kind !== "composite") return;
	for (const column of catalog.relationByOid(type.relationOid)?.columns ?? [])
		addType(column.typeOid, types, env);
}
