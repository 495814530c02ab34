import type { CatalogFunction } from "../catalog/model.ts";
import { mayStandFor } from "./coercion.ts";
import type { Env } from "./environment.ts";
import { schemasFor, split } from "./names.ts";
import { TYPE, type Value } from "./value.ts";

/**
 * The functions that a call by this name with these values may mean: those that take so many arguments and, as far as
 * types are known, of such types; if the types fit none, all of them. `ordered` counts the values of WITHIN GROUP.
 */
export function candidatesFor(
	names: readonly string[],
	values: readonly Value[],
	named: readonly string[],
	env: Env,
	ordered = 0,
): readonly CatalogFunction[] {
	const { schema, name } = split(names);
	const count = values.length + ordered;
	const found: CatalogFunction[] = [];
	for (const candidate of schemasFor(schema, env)) {
		for (const each of env.context.catalog.functions(candidate, name)) {
			if (each.kind !== "procedure" && takes(each, count, named)) found.push(each);
		}
	}
	if (found.length < 2 || named.length > 0) return found;
	const exact = found.find((each) => isExact(each, values));
	if (exact !== undefined) return [exact];
	const fitting = found.filter((each) =>
		values.every((value, index) => mayStandFor(value.type, each.argumentTypes[index] ?? 0, env)),
	);
	return fitting.length > 0 ? fitting : found;
}

function isExact(candidate: CatalogFunction, values: readonly Value[]): boolean {
	if (candidate.variadic || candidate.arguments !== values.length) return false;
	return values.every((value, index) => {
		const wanted = candidate.argumentTypes[index];
		return value.type !== 0 && value.type !== TYPE.unknown && value.type === wanted;
	});
}

/** Whether the function can be called with so many arguments, of which the last have these names. */
function takes(candidate: CatalogFunction, count: number, named: readonly string[]): boolean {
	if (!named.every((name) => candidate.argumentNames.includes(name))) return false;
	// Ordered-set aggregates over VARIADIC "any" count differently; every one of them is the server's own.
	if (candidate.variadic) return count >= candidate.arguments - 1 - candidate.defaults;
	return count >= candidate.arguments - candidate.defaults && count <= candidate.arguments;
}
