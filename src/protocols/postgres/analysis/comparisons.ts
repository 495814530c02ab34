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
	if (env.context.catalog.userComparisons.length === 0) return;
	const types = new Set<number>();
	for (const value of values) {
		addType(value.type, types, env);
		for (const field of value.fields ?? []) addType(field.value.type, types, env);
		for (const { relation, column } of value.sources) {
			const found = relation.columns.find(({ name }) => name === column);
			if (found !== undefined) addType(found.typeOid, types, env);
		}
	}
	run(types, values, env);
}

/** A row is written: its indexes and foreign keys compare what is in it. */
export function columnsCompared(relation: Relation, env: Env): void {
	if (env.context.catalog.userComparisons.length === 0) return;
	const types = new Set<number>();
	for (const column of relation.columns) addType(column.typeOid, types, env);
	run(types, [], env);
}

function run(types: ReadonlySet<number>, values: readonly Value[], env: Env): void {
	const { catalog } = env.context;
	for (const { type, functionOid } of catalog.userComparisons) {
		if (!types.has(type) || env.stack.includes(functionOid)) continue;
		const called = catalog.functionByOid(functionOid);
		if (called === undefined) env.findings.opaque("an operator class runs a function that is not known");
		else if (isLibrary(called)) env.findings.function(called, ["operator class"]);
		else runFunction(called, values, env, ["operator class"]);
	}
}

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
