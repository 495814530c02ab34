import type { A_Expr, Node, SortBy } from "libpg-query-18";
import type { Catalog, CatalogOperator } from "../catalog/model.ts";
import { implicitCasts } from "./casts.ts";
import { mayStandFor, typeName } from "./coercion.ts";
import { compared, comparedAnyhow } from "./comparisons.ts";
import { operatorComputed } from "./computations.ts";
import type { Env } from "./environment.ts";
import { expression } from "./expression.ts";
import { fail } from "./failures.ts";
import { runFunction } from "./functions.ts";
import { isUsers, schemasFor, split } from "./names.ts";
import { as, texts } from "./tree.ts";
import { derived, plain, TYPE, type Value } from "./value.ts";

/** The operators that a piece of syntax stands for. */
const SYNTAX: Readonly<Record<string, readonly string[]>> = {
	AEXPR_BETWEEN: [">=", "<="],
	AEXPR_NOT_BETWEEN: ["<", ">"],
	AEXPR_BETWEEN_SYM: [">=", "<="],
	AEXPR_NOT_BETWEEN_SYM: ["<", ">"],
};

/** `a = b`, `a LIKE b`, `a IN (...)`, `NULLIF(a, b)` ...: what its operator runs, and a value made of both sides. */
export function operation(body: A_Expr, env: Env): Value {
	const left = body.lexpr === undefined ? undefined : expression(body.lexpr, env);
	const right = expression(body.rexpr, env);
	const sides = left === undefined ? [right] : [left, right];
	const { kind } = body;
	const names = (kind === undefined ? undefined : SYNTAX[kind]) ?? [texts(body.name).at(-1) ?? ""];
	const qualifiedName = texts(body.name).slice(0, -1);
	const pairs = pairsOf(body, left, env);
	if (pairs !== undefined) {
		for (const pair of pairs)
			for (const name of names) applied([...qualifiedName, name], pair, body.location, env);
		return derived(sides, TYPE.bool);
	}
	if (kind === "AEXPR_OP") {
		const type = applied(texts(body.name), sides, body.location, env);
		return derived(sides, type);
	}
	// Lists and arrays: their elements are what is compared, of types that aren't followed here.
	const compared =
		kind === "AEXPR_DISTINCT" || kind === "AEXPR_NOT_DISTINCT" || kind === "AEXPR_NULLIF" || isMatch(kind);
	const isList = !compared && left !== undefined;
	const operands = isList ? [left, elementOf(body.rexpr, right, env)] : sides;
	for (const name of names) {
		applied([...qualifiedName, name], operands, body.location, env, { isList });
		if (isList)
			for (const each of elementsOf(body.rexpr, right, env)) operatorComputed(name, [left, each], env);
	}
	if (kind === "AEXPR_NULLIF") return { ...derived(sides), type: left?.type ?? 0 };
	return derived(sides, TYPE.bool);
}

/**
 * Rows that are written out are compared column by column, each by its own operator: one with another, or with each of
 * a list (IN, BETWEEN). Undefined when the text has no such rows.
 */
function pairsOf(body: A_Expr, left: Value | undefined, env: Env): (readonly [Value, Value])[] | undefined {
	if (left === undefined || as(body.lexpr, "RowExpr") === undefined) return undefined;
	const rights = as(body.rexpr, "List")?.items ?? [body.rexpr];
	const pairs: (readonly [Value, Value])[] = [];
	for (const node of rights) {
		if (as(node, "RowExpr") === undefined) return undefined;
		const fields = expression(node, env).fields ?? [];
		for (const [index, field] of (left.fields ?? []).entries())
			pairs.push([field.value, fields[index]?.value ?? plain()]);
	}
	return pairs;
}

const isMatch = (kind: string | undefined): boolean =>
	kind === "AEXPR_LIKE" || kind === "AEXPR_ILIKE" || kind === "AEXPR_SIMILAR";

/** One value that stands for the elements of the right side: literals compare as the left side's type does. */
function elementOf(node: Node | undefined, right: Value, env: Env): Value {
	if (node === undefined || right.sources.length > 0) return { ...right, type: 0 };
	const list = (node as { List?: { items?: Node[] } }).List?.items;
	const constant =
		list?.every((item) => as(item, "A_Const") !== undefined || expression(item, env).constant) ??
		right.constant;
	return { ...right, type: constant ? TYPE.unknown : 0 };
}

/** What the left side is held against, each as far as its type is known. */
function elementsOf(node: Node | undefined, right: Value, env: Env): readonly Value[] {
	let inner = node;
	for (let cast = as(inner, "TypeCast"); cast !== undefined; cast = as(inner, "TypeCast")) inner = cast.arg;
	const listed = as(inner, "A_ArrayExpr")?.elements ?? as(inner, "List")?.items;
	if (listed !== undefined && inner === node) return listed.map((item) => listedAs(item, right, env));
	if (right.type === TYPE.unknown) return [right];
	return [{ ...right, type: env.context.catalog.typeByOid(right.type)?.elementType ?? 0 }];
}

/** One of a list: only what is simple is looked at again. */
function listedAs(item: Node, right: Value, env: Env): Value {
	const operand = as(item, "TypeCast")?.arg ?? item;
	const isSimple = as(operand, "ColumnRef") ?? as(operand, "A_Const") ?? as(operand, "ParamRef");
	return isSimple === undefined ? { ...right, type: 0 } : expression(item, env);
}

/** ORDER BY ... USING: the operator, and the comparison of its operator class. */
export function sortedUsing(sort: SortBy, value: Value, env: Env): void {
	const operator = texts(sort.useOp);
	if (operator.length > 0) applied(operator, [value, value], sort.location, env);
}

/** Reports the functions that an operator of that name may run, and gives the result's type (0: not known). */
export function applied(
	name: readonly string[],
	operands: readonly Value[],
	location: number | undefined,
	env: Env,
	{ isList = false }: { readonly isList?: boolean } = {},
): number {
	const { catalog } = env.context;
	const { schema, name: symbol } = split(name);
	const schemas = schemasFor(schema, env);
	const known = operatorsOf(symbol, schemas, catalog);
	if (known.visible.length === 0) {
		missing(name, operands, location, env);
		return 0;
	}
	const [left, right] =
		operands.length === 1 ? [0, operands[0]?.type ?? 0] : operands.map((operand) => operand.type);
	const exact = exactMatch(known.visible, left ?? 0, right ?? 0, operands.length, known);
	if (exact === undefined || exact.users || isUsers(exact.functionOid)) {
		for (const operator of known.users) {
			if (!fits(operator, operands, env)) continue;
			comparedAnyhow(operands, env);
			const called = catalog.functionByOid(operator.functionOid);
			if (called !== undefined) runFunction(called, operands, env, ["operator"]);
			else env.findings.opaque(`the operator ${operator.schema}.${symbol} runs a function that is not known`);
		}
	}
	implicitCasts(operands, env);
	if (!isList) operatorComputed(symbol, operands, env);
	compared(operands, env);
	if (exact !== undefined) return returnType(exact, catalog);
	const key = `${operands.length} ${left} ${right}`;
	let result = known.results.get(key);
	if (result === undefined) {
		result = resultOf(known.visible, operands, env);
		known.results.set(key, result);
	}
	return result;
}

/** The operators of a name in the schemas of a path, and what was found out of them before. */
interface KnownOperators {
	/** In the order of the path: of two for the same types the first is meant. */
	readonly visible: readonly CatalogOperator[];
	/** Those that users made, of whatever function, and those that run a function which is not the server's own. */
	readonly users: readonly CatalogOperator[];
	/** By the operands' types: the operator for just those, and the type that all that fit would give. */
	readonly exact: Map<string, CatalogOperator | undefined>;
	readonly results: Map<string, number>;
}

const memory = new WeakMap<Catalog, Map<string, KnownOperators>>();

function operatorsOf(symbol: string, schemas: readonly string[], catalog: Catalog): KnownOperators {
	let all = memory.get(catalog);
	if (all === undefined) {
		all = new Map();
		memory.set(catalog, all);
	}
	const key = `${symbol} ${schemas.join(" ")}`;
	let known = all.get(key);
	if (known === undefined) {
		const place = new Map(schemas.map((schema, index) => [schema, index]));
		const visible = catalog
			.operators(symbol)
			.filter((operator) => place.has(operator.schema))
			.sort((one, other) => (place.get(one.schema) ?? 0) - (place.get(other.schema) ?? 0));
		const users = visible.filter((operator) => operator.users || isUsers(operator.functionOid));
		known = { visible, users, exact: new Map(), results: new Map() };
		if (all.size < MAX_REMEMBERED) all.set(key, known);
	}
	return known;
}

/** Names come from clients: what is kept of them is bounded. */
const MAX_REMEMBERED = 10_000;

/** The operator for just these types; an untyped literal takes the other side's, which is tried before anything else. */
function exactMatch(
	visible: readonly CatalogOperator[],
	left: number,
	right: number,
	count: number,
	known: KnownOperators,
): CatalogOperator | undefined {
	const leftType = left === TYPE.unknown ? right : left;
	const rightType = right === TYPE.unknown && count === 2 ? left : right;
	if (rightType === 0 || rightType === TYPE.unknown || (leftType === 0 && count === 2)) return undefined;
	const key = `${leftType} ${rightType}`;
	if (!known.exact.has(key)) {
		const found = visible.find(
			(operator) => operator.leftType === leftType && operator.rightType === rightType,
		);
		known.exact.set(key, found);
	}
	return known.exact.get(key);
}

function fits(operator: CatalogOperator, operands: readonly Value[], env: Env): boolean {
	const [left, right] = operands.length === 1 ? [undefined, operands[0]] : [operands[0], operands[1]];
	if ((left === undefined) !== (operator.leftType === 0)) return false;
	return (
		(left === undefined || mayStandFor(left.type, operator.leftType, env)) &&
		(right === undefined || mayStandFor(right.type, operator.rightType, env))
	);
}

function returnType(operator: CatalogOperator, catalog: Catalog): number {
	return catalog.functionByOid(operator.functionOid)?.returnType ?? 0;
}

/** The type that every operator which fits would give; 0 when they differ. */
function resultOf(visible: readonly CatalogOperator[], operands: readonly Value[], env: Env): number {
	let type = 0;
	for (const operator of visible) {
		if (!fits(operator, operands, env)) continue;
		const result = returnType(operator, env.context.catalog);
		if (type !== 0 && result !== type) return 0;
		type = result;
	}
	return type;
}

/** No operator of that name at all: the server's words where the types are known, else only opaque. */
function missing(
	name: readonly string[],
	operands: readonly Value[],
	location: number | undefined,
	env: Env,
): void {
	const types = operands.map((operand) => typeName(operand.type));
	const symbol = name.join(".");
	if (types.includes(undefined)) {
		env.findings.opaque(`the operator ${symbol} does not exist`);
		return;
	}
	const signature = types.length === 1 ? `${symbol} ${types[0]}` : `${types[0]} ${symbol} ${types[1]}`;
	const hint =
		operands.length === 1
			? "No operator matches the given name and argument type. You might need to add an explicit type cast."
			: "No operator matches the given name and argument types. You might need to add explicit type casts.";
	fail(env, "42883", `operator does not exist: ${signature}`, location, hint);
}
