import type { CatalogFunction } from "../catalog/model.ts";
import { coercedAnyhow, fieldsOfType } from "./casts.ts";
import { isArray } from "./coercion.ts";
import { castComputed } from "./computations.ts";
import { catalogEnv, type Env } from "./environment.ts";
import { expression } from "./expression.ts";
import { Findings, qualified } from "./findings.ts";
import { isPolymorphic } from "./function-results.ts";
import { parseOne } from "./texts.ts";
import { as } from "./tree.ts";
import { derived, EXPRESSION, type Field, plain, TYPE, type Value } from "./value.ts";

/**
 * What a call's values are within the function: in the order of its parameters, of the types that it declares, those
 * of VARIADIC as one array, and defaults (which run) for what the call leaves out. `named` are the names of the last
 * values, where the call gives them by name.
 */
export function argumentsOf(
	called: CatalogFunction,
	values: readonly Value[],
	named: readonly string[],
	env: Env,
): Value[] {
	const count = called.arguments;
	const positional = values.slice(0, values.length - named.length);
	const given: (Value | undefined)[] = positional.slice(0, count);
	if (called.variadic && positional.length > 0 && positional.length >= count)
		given[count - 1] = variadic(positional.slice(count - 1), called.argumentTypes[count - 1] ?? 0, env);
	for (const [index, name] of named.entries()) {
		const place = called.argumentNames.indexOf(name);
		if (place >= 0) given[place] = values[positional.length + index] ?? plain();
	}
	const missing = given.filter((value) => value !== undefined).length < count;
	const defaults = missing ? defaultsOf(called, env) : [];
	return Array.from({ length: count }, (_, index) => {
		const declared = called.argumentTypes[index] ?? 0;
		const value = given[index] ?? defaults[index - (count - defaults.length)];
		return value === undefined
			? plain(isPolymorphic(declared) ? 0 : declared)
			: asDeclared(value, declared, env);
	});
}

/** Several values are made elements of the array; one may be the array itself. */
function variadic(values: readonly Value[], declared: number, env: Env): Value {
	const [only] = values;
	if (only === undefined || isPolymorphic(declared) || (values.length === 1 && isArray(only, env)))
		return derived(values);
	const element = env.context.catalog.typeByOid(declared)?.elementType ?? 0;
	for (const value of values) castComputed(value, element, false, env);
	return derived(values, declared);
}

/** The defaults of the last parameters: what they call runs. */
function defaultsOf(called: CatalogFunction, env: Env): Value[] {
	if (called.defaults === 0 || called.defaultExpressions === null) return [];
	const name = qualified(called.schema, called.name);
	const inner = new Findings();
	const place = catalogEnv(env, inner, { origin: `a default of ${name}`, temporary: false });
	const select = as(parseOne(`SELECT ${called.defaultExpressions}`, env), "SelectStmt");
	const targets = select?.targetList ?? [];
	if (targets.length !== called.defaults) inner.opaque(`the defaults of ${name} can't be read`);
	const values = targets.map((target) => expression(as(target, "ResTarget")?.val, place));
	for (const value of values) coercedAnyhow(value, place);
	env.findings.absorb(inner, { via: "default", columns: "named" });
	return values;
}

/** Types whose casts into one another leave a value's text as it is. */
const TEXTS: ReadonlySet<number> = new Set([TYPE.text, TYPE.varchar, TYPE.name, 1042]);

/** A value where the function sees it: of the type that its parameter has. */
function asDeclared(value: Value, declared: number, env: Env): Value {
	if (declared === 0 || isPolymorphic(declared))
		return value.type === TYPE.unknown ? { ...value, type: 0 } : value;
	if (value.type === declared) return value;
	const same = value.type === TYPE.unknown || (TEXTS.has(value.type) && TEXTS.has(declared));
	const cast = same ? value : derived([value]);
	if (value.type !== TYPE.unknown) castComputed(value, declared, false, env);
	const fields = fieldsAs(value, declared, env);
	return { ...cast, type: declared, origin: EXPRESSION, constant: value.constant, fields };
}

/** A row is taken for one of another type column by column, whatever their names. */
function fieldsAs(value: Value, declared: number, env: Env): readonly Field[] | null {
	const type = env.context.catalog.typeByOid(declared);
	const named = type?.kind === "composite" ? fieldsOfType(type, value, env) : null;
	const { fields } = value;
	if (named === null || fields === null || fields.length !== named.length) return named;
	return named.map((field, index) => ({ name: field.name, value: fields[index]?.value ?? field.value }));
}
