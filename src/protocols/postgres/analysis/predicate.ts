import type { A_Expr, Node } from "libpg-query-18";
import { coerced } from "./casts.ts";
import { deeper, type Env } from "./environment.ts";
import { expression } from "./expression.ts";
import { as, children, sameTree, text } from "./tree.ts";
import { TYPE, type Value } from "./value.ts";

/**
 * A condition: WHERE, HAVING, ON, WHEN. Says of each column in it how it is used: in a join's condition `join`, and
 * `predicate` too where it is compared with anything but another column, since that filters.
 */
export function predicate(node: Node | undefined, env: Env, use: "predicate" | "join"): void {
	if (node === undefined) return;
	const junction = as(node, "BoolExpr");
	if (junction !== undefined) {
		deeper(env, undefined, () => {
			for (const part of junction.args ?? []) predicate(part, env, use);
		});
		return;
	}
	const value = expression(node, env);
	coerced(value, [TYPE.bool], env);
	const nullTest = as(node, "NullTest") !== undefined && isColumn(side(as(node, "NullTest")?.arg, env));
	const equality = nullTest || isKnown(node, env);
	if (use === "join") {
		env.findings.use(value, "join");
		if (joinsColumns(node, env)) return;
	}
	env.findings.use(value, "predicate", { equality, nullTest });
}

/** A column as it is against constants only: `=`, `<>`, IN, `= ANY`, IS DISTINCT FROM, and their opposites. */
function isKnown(node: Node, env: Env): boolean {
	const comparison = as(node, "A_Expr");
	if (comparison === undefined || !isEquality(comparison)) return false;
	const { lexpr, rexpr } = comparison;
	return (
		(isColumn(side(lexpr, env)) && isConstant(rexpr, env)) ||
		(isConstant(lexpr, env) && isColumn(side(rexpr, env)))
	);
}

/** Two columns compared for equality join rows and filter none. */
function joinsColumns(node: Node, env: Env): boolean {
	const comparison = as(node, "A_Expr");
	if (comparison?.kind !== "AEXPR_OP" || !isEquality(comparison)) return false;
	return isColumn(side(comparison.lexpr, env)) && isColumn(side(comparison.rexpr, env));
}

const NOT_PLAIN: Value = { sources: [], opaque: false, type: 0, origin: null, fields: null, constant: false };

/**
 * Only what can be one side of an equality is looked at again (what is in it the whole has reported): a column, a
 * literal, a parameter, casts of them.
 */
function side(node: Node | undefined, env: Env): Value {
	const simple = as(node, "ColumnRef") ?? as(node, "A_Const") ?? as(node, "ParamRef") ?? castOfConstant(node);
	return node === undefined || simple === undefined ? NOT_PLAIN : expression(node, env);
}

/** A constant, or a list of them. */
function isConstant(node: Node | undefined, env: Env): boolean {
	const array = as(castOperand(node), "A_ArrayExpr");
	const list = array?.elements ?? as(node, "List")?.items;
	if (list !== undefined)
		return list.every((item) => as(item, "A_Const") !== undefined || isConstant(item, env));
	return side(node, env).constant;
}

function castOfConstant(node: Node | undefined): Node | undefined {
	const inner = castOperand(node);
	return as(inner, "A_Const") === undefined && as(inner, "ParamRef") === undefined ? undefined : inner;
}

function castOperand(node: Node | undefined): Node | undefined {
	let inner = node;
	for (let cast = as(inner, "TypeCast"); cast !== undefined; cast = as(inner, "TypeCast")) inner = cast.arg;
	return inner;
}

const isColumn = (value: Value): boolean =>
	value.sources.length > 0 && value.sources.every((source) => source.flow === "direct");

/** By which kinds of comparison and under which operators a value is found equal or not. */
const EQUALITIES: Readonly<Record<string, readonly string[]>> = {
	AEXPR_OP: ["=", "<>"],
	AEXPR_IN: ["=", "<>"],
	AEXPR_OP_ANY: ["="],
	AEXPR_OP_ALL: ["<>"],
	AEXPR_DISTINCT: ["="],
	AEXPR_NOT_DISTINCT: ["="],
};

function isEquality(comparison: A_Expr): boolean {
	const names = (comparison.name ?? []).map(text);
	return (
		EQUALITIES[comparison.kind ?? ""]?.includes(names.at(-1) ?? "") === true &&
		(names.length === 1 || names[0] === "pg_catalog") &&
		comparison.lexpr !== undefined
	);
}

/**
 * A heuristic: true when the condition holds for every row or for none whatever is in the table, because it names no
 * column (`true`, `1 = 1`, `'a' = 'a' OR id = 3`) or compares a thing with itself. Two columns that happen to be
 * equal, or a condition that the data always meets, are beyond it.
 */
export function isConstantCondition(node: Node | undefined): boolean {
	if (node === undefined) return false;
	const junction = as(node, "BoolExpr");
	if (junction !== undefined) {
		const parts = junction.args ?? [];
		return junction.boolop === "OR_EXPR" ? parts.some(isConstantCondition) : parts.every(isConstantCondition);
	}
	const comparison = as(node, "A_Expr");
	if (
		comparison?.kind === "AEXPR_OP" &&
		comparison.lexpr !== undefined &&
		sameTree(comparison.lexpr, comparison.rexpr)
	) {
		return true;
	}
	return !namesColumn(node);
}

function namesColumn(node: Node): boolean {
	if (as(node, "ColumnRef") !== undefined || as(node, "CurrentOfExpr") !== undefined) return true;
	for (const child of children(Object.values(node)[0])) if (namesColumn(child)) return true;
	return false;
}
