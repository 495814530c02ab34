import type { FuncCall } from "libpg-query-18";
import type { BuiltinFunction } from "../catalog/index.ts";
import type { CatalogFunction } from "../catalog/model.ts";
import { argumentsOf } from "./arguments.ts";
import { bodyOf } from "./bodies.ts";
import { reviewedCalled, reviewOf, reviewOfBuiltin } from "./builtins.ts";
import { coerced, documentMade, implicitCasts, rowMade, typeUsed } from "./casts.ts";
import { typeName } from "./coercion.ts";
import { compared } from "./comparisons.ts";
import { callComputed, castComputed, computed } from "./computations.ts";
import type { Env } from "./environment.ts";
import { expression, expressions } from "./expression.ts";
import { fail, shown } from "./failures.ts";
import { Findings, qualified } from "./findings.ts";
import { candidatesFor } from "./function-candidates.ts";
import { type Called, columnsOf, concrete } from "./function-results.ts";
import { isUsers, lookUpType, schemaNamed, schemasFor, split } from "./names.ts";
import type { TriggeredBy } from "./plpgsql/body.ts";
import { predicate } from "./predicate.ts";
import { enlargedBy } from "./total-functions.ts";
import { as, texts } from "./tree.ts";
import { aggregated, counted, derived, EXPRESSION, type Field, isPlain, TYPE, type Value } from "./value.ts";

/** `f(...)` in an expression. */
export function functionCall(call: FuncCall, env: Env): Value {
	return calledFunction(call, env).value;
}

/** `f(...)` anywhere: arguments, ORDER BY, FILTER and OVER are walked, candidates looked up, each one's deeds reported. */
export function calledFunction(call: FuncCall, env: Env): Called {
	const names = texts(call.funcname);
	const values = expressions(call.args, env);
	const order = expressions(call.agg_order, env);
	for (const value of order) env.findings.use(value, "order");
	compared([...order, ...(call.agg_distinct ? values : [])], env);
	const controls = [...order];
	if (call.agg_filter !== undefined) {
		predicate(call.agg_filter, env, "predicate");
		controls.push(expression(call.agg_filter, env));
	}
	if (call.over !== undefined) controls.push(expression({ WindowDef: call.over }, env));
	if (call.agg_distinct) for (const value of values) env.findings.use(value, "distinct");
	const known = resolved(names, values, call, env);
	// A call may be a cast, which the server drops where it changes nothing: then the origin isn't known.
	const origin = values.length === 1 && lookUpType(names, env) !== undefined ? null : EXPRESSION;
	if (known === undefined) {
		const cast = { ...derived([...values, ...controls]), origin };
		return { value: projection(names, values) ?? cast, columns: undefined };
	}
	const arguments_ = call.agg_within_group ? [...values, ...order] : values;
	const called = runAll(known, arguments_, env, namesOf(call));
	const all = derived([called.value, ...controls], called.value.type);
	return { value: { ...all, origin, fields: called.value.fields }, columns: called.columns };
}

/** `name(values)` where the text has no call node: `t.f`. Undefined when there is no such function. */
export function callByName(names: readonly string[], values: readonly Value[], env: Env): Value | undefined {
	const candidates = candidatesFor(names, values, [], env);
	return candidates.length === 0 ? undefined : runAll(candidates, values, env).value;
}

/** `email(customers)`: a column of a row, in the form of a call. */
function projection(names: readonly string[], values: readonly Value[]): Value | undefined {
	if (names.length !== 1 || values.length !== 1) return undefined;
	const field = values[0]?.fields?.find((candidate) => candidate.name === names[0]);
	return field?.value;
}

function resolved(
	names: readonly string[],
	values: readonly Value[],
	call: FuncCall,
	env: Env,
): readonly CatalogFunction[] | undefined {
	const named = namesOf(call);
	const candidates = candidatesFor(
		names,
		values,
		named,
		env,
		call.agg_within_group ? (call.agg_order?.length ?? 0) : 0,
	);
	if (candidates.length > 0) return candidates;
	if (projection(names, values) !== undefined) return undefined;
	const type = values.length === 1 ? lookUpType(names, env) : undefined;
	if (type !== undefined) {
		typeUsed(type, values, env, "cast");
		for (const value of values) castComputed(value, type.oid, false, env);
		return undefined;
	}
	missing(names, values, named, call, env);
	return undefined;
}

/** The names that the last of a call's values are given by: `f(1, b => 2)`. */
const namesOf = (call: FuncCall): string[] =>
	(call.args ?? []).flatMap((node) => as(node, "NamedArgExpr")?.name ?? []);

/** Every function that the call may mean does what it does: without full types the union is what can be said. */
function runAll(
	candidates: readonly CatalogFunction[],
	values: readonly Value[],
	env: Env,
	named: readonly string[] = [],
): Called {
	implicitCasts(values, env);
	callComputed(candidates, values, named.length, env);
	const results = candidates.map((candidate) =>
		gathered(candidate, values, runFunction(candidate, values, env, [], named)),
	);
	const [first] = results;
	const types = new Set(results.map((result) => result.value.type));
	const value = derived(
		results.map((result) => result.value),
		types.size === 1 ? (first?.value.type ?? 0) : 0,
	);
	if (candidates.length === 1 && first !== undefined)
		return { value: { ...value, fields: first.value.fields }, columns: first.columns };
	const shape = results.every((result) => sameNames(result.columns, first?.columns))
		? first?.columns
		: undefined;
	return { value, columns: shape };
}

/** What aggregates give tells of columns in another way than what functions give. */
function gathered(called: CatalogFunction, values: readonly Value[], result: Called): Called {
	if (called.kind !== "aggregate") return result;
	const counts = called.name === "count" && !isUsers(called.oid) && values.every(isPlain);
	return { ...result, value: (counts ? counted : aggregated)(result.value) };
}

function sameNames(left: Called["columns"], right: Called["columns"]): boolean {
	if (left === null || left === undefined || right === null || right === undefined) return left === right;
	return left.length === right.length && left.every((field, index) => field.name === right[index]?.name);
}

/** One function runs on these values: reported, and its body read when it is one in SQL or PL/pgSQL. */
export function runFunction(
	called: CatalogFunction,
	given: readonly Value[],
	env: Env,
	via: readonly string[],
	named: readonly string[] = [],
): Called {
	const users = isUsers(called.oid) || called.schema !== "pg_catalog";
	const values = users ? argumentsOf(called, given, named, env) : given;
	const { findings } = env;
	findings.function(called, via);
	const type = concrete(called.returnType, values, env);
	if (!users) return runReviewed(called, reviewOfBuiltin(called, env), values, type, env);
	if (!env.stack.includes(called.oid)) signatureUsed(called, values, env);
	const reviewed = reviewOf(called, env);
	if (reviewed !== undefined) {
		if (!COMPARES.test(called.native?.symbol ?? "")) computed(values, env);
		return runReviewed(called, reviewed, values, type, env);
	}
	const name = qualified(called.schema, called.name);
	if (called.kind === "function" || called.kind === "procedure") {
		const before = findings.acts;
		const body = bodyOf(called, values, env);
		// Whether it is called at all may depend on them, and what it does then shows.
		if (findings.acts > before) for (const value of values) findings.use(value, "predicate");
		if (typeof body !== "string") return fromBody(called, body, values, type, env);
		findings.opaque(`the function ${name} is not read: ${body}`);
	} else findings.opaque(`the ${called.kind} ${name} is not read: it was defined by a user`);
	findings.change({ settings: true, schema: true, temporary: true });
	for (const value of values) findings.use(value, "assignment", { stored: true });
	const value: Value = { ...derived(values, type), opaque: true };
	return { value, columns: columnsOf(called, value, values, env) };
}

/** Comparisons of citext, whose values are any texts. */
const COMPARES = /^citext_(eq|ne|lt|le|gt|ge|cmp|hash|hash_extended|larger|smaller)$/;

/** One that has no text, but of which it is known what it does. */
function runReviewed(
	called: CatalogFunction,
	reviewed: BuiltinFunction | undefined,
	values: readonly Value[],
	type: number,
	env: Env,
): Called {
	const shows = reviewedCalled(called, reviewed, values, env);
	compared(values, env);
	if (type === TYPE.json || type === TYPE.jsonb)
		documentMade(values, { ...env, stack: [...env.stack, called.oid] });
	// json_populate_record and its like make a row of their first argument's type; a literal takes another's type.
	const takes = called.returnType === TYPE.anyelement || values.some(({ type }) => type === TYPE.unknown);
	if (takes) for (const value of values) rowMade(value, env);
	const made = enlargedBy(called, derived(values, type));
	const value = shows ? { ...made, opaque: true } : made;
	const columns = shows
		? showing(columnsOf(called, value, values, env), made)
		: columnsOf(called, value, values, env);
	return { value: { ...value, fields: columns ?? null }, columns };
}

/** A trigger's function runs for a row, or for a statement, on this relation. */
export function runTrigger(called: CatalogFunction, trigger: TriggeredBy, env: Env): void {
	if (!isUsers(called.oid)) {
		runFunction(called, [], env, ["trigger"]);
		return;
	}
	const { budget } = env.context;
	const known = fired.get(budget) ?? new Map<string, Findings>();
	fired.set(budget, known);
	const key = [called.oid, trigger.relation.oid, ...env.pathInForce].join("\0");
	const findings = known.get(key) ?? triggered(called, trigger, env);
	known.set(key, findings);
	env.findings.absorb(findings);
	env.findings.nested.push(...findings.nested);
}

/**
 * What the functions of triggers do, by analysis: on the same relation each does the same however often it fires. Those
 * that write to each other's relations would otherwise be read as often as there are ways from one to another.
 */
const fired = new WeakMap<Env["context"]["budget"], Map<string, Findings>>();

function triggered(called: CatalogFunction, trigger: TriggeredBy, env: Env): Findings {
	const findings = new Findings();
	findings.function(called, ["trigger"]);
	const body = bodyOf(called, [], { ...env, findings }, trigger);
	if (typeof body === "string") {
		findings.opaque(`the function ${qualified(called.schema, called.name)} is not read: ${body}`);
		findings.change({ settings: true, schema: true, temporary: true });
	}
	return findings;
}

/** Arguments and result are made values of their types, whose domains check them. */
function signatureUsed(called: CatalogFunction, values: readonly Value[], env: Env): void {
	const inner = { ...env, stack: [...env.stack, called.oid] };
	for (const oid of new Set([...called.argumentTypes, called.returnType])) {
		const type = isUsers(oid) ? env.context.catalog.typeByOid(oid) : undefined;
		if (type !== undefined) typeUsed(type, values, inner, "cast");
	}
}

/** Of what such a function returns, the columns that hold texts and values; all of it where it has none of these names. */
function showing(columns: Called["columns"], harmless: Value): Called["columns"] {
	const shows = (field: Field): boolean => field.name === "query" || field.name === "values";
	if (columns?.some(shows) !== true) return columns;
	return columns.map((field) =>
		shows(field) ? field : { ...field, value: derived([harmless], field.value.type) },
	);
}

/** The columns of the body's last statement are those of the function. */
function fromBody(
	called: CatalogFunction,
	fields: readonly Field[] | null,
	values: readonly Value[],
	type: number,
	env: Env,
): Called {
	const whole = derived([...values, ...(fields ?? []).map((field) => field.value)], type);
	const columns = columnsOf(called, whole, values, env);
	for (const { value } of fields ?? []) coerced(value, [called.returnType], env);
	const [only] = fields ?? [];
	if (only !== undefined && columns === null) castComputed(only.value, called.returnType, false, env);
	if (fields === null || columns === undefined) return { value: whole, columns };
	if (columns === null) return { value: whole, columns };
	if (columns.length !== fields.length) return { value: { ...whole, fields: columns }, columns };
	const exact = columns.map((column, index) => {
		const value = fields[index]?.value ?? whole;
		coerced(value, [column.value.type], env);
		if (column.value.type !== 0) castComputed(value, column.value.type, false, env);
		return { name: column.name, value: { ...value, origin: EXPRESSION, type: column.value.type } };
	});
	return { value: { ...whole, fields: exact }, columns: exact };
}

/** The server's words where every type is known; else the statement is only opaque. */
function missing(
	names: readonly string[],
	values: readonly Value[],
	named: readonly string[],
	call: FuncCall,
	env: Env,
): void {
	const { schema } = split(names);
	if (schema !== undefined && !env.context.catalog.hasSchema(schemaNamed(schema, env))) {
		fail(env, "3F000", `schema "${schema}" does not exist`, call.location);
		return;
	}
	const types = values.map((value) => typeName(value.type));
	const exotic = call.agg_within_group || call.func_variadic || named.length > 0 || call.agg_star;
	if (exotic || types.includes(undefined)) {
		env.findings.opaque(`the function ${shown(...names)} does not exist with these arguments`);
		return;
	}
	fail(
		env,
		"42883",
		`function ${shown(...names)}(${types.join(", ")}) does not exist`,
		call.location,
		"No function matches the given name and argument types. You might need to add explicit type casts.",
	);
}

/** The procedure that CALL names. */
export function calledProcedure(
	call: FuncCall,
	values: readonly Value[],
	env: Env,
): readonly CatalogFunction[] {
	const { schema, name } = split(texts(call.funcname));
	const found = schemasFor(schema, env).flatMap((candidate) =>
		env.context.catalog.functions(candidate, name).filter((each) => each.kind === "procedure"),
	);
	implicitCasts(values, env);
	for (const each of found) runFunction(each, values, env, []);
	return found;
}
