import type { A_Expr, Node } from "libpg-query-18";
import { deeper, type Env } from "./environment.ts";
import { expression } from "./expression.ts";
import { as, children, sameTree, text } from "./tree.ts";
import type { Value } from "./value.ts";

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
	const comparison = as(node, "A_Expr");
	if (comparison !== undefined && isEquality(comparison)) {
		const { left, right, whole } = sides(comparison, env);
		const equality = (isColumn(left) && right.constant) || (isColumn(right) && left.constant);
		if (use === "join") {
			env.findings.use(whole, "join");
			if (isColumn(left) && isColumn(right)) return;
		}
		env.findings.use(whole, "predicate", { equality });
		return;
	}
	const value = expression(node, env);
	if (use === "join") env.findings.use(value, "join");
	env.findings.use(value, "predicate");
}

/** Both sides once more beside the whole, whose analysis reports what the operator is. */
function sides(comparison: A_Expr, env: Env): { left: Value; right: Value; whole: Value } {
	const whole = expression({ A_Expr: comparison }, env);
	return { left: side(comparison.lexpr, env), right: side(comparison.rexpr, env), whole };
}

const NOT_PLAIN: Value = { sources: [], opaque: false, type: 0, origin: null, fields: null, constant: false };

/** Only what can be one side of an equality is looked at again: a column, a literal, a parameter, casts of them. */
function side(node: Node | undefined, env: Env): Value {
	const simple = as(node, "ColumnRef") ?? as(node, "A_Const") ?? as(node, "ParamRef") ?? castOfConstant(node);
	return node === undefined || simple === undefined ? NOT_PLAIN : expression(node, env);
}

function castOfConstant(node: Node | undefined): Node | undefined {
	let inner = node;
	for (let cast = as(inner, "TypeCast"); cast !== undefined; cast = as(inner, "TypeCast")) inner = cast.arg;
	return as(inner, "A_Const") === undefined && as(inner, "ParamRef") === undefined ? undefined : inner;
}

const isColumn = (value: Value): boolean =>
	value.sources.length > 0 && value.sources.every((source) => source.direct);

function isEquality(comparison: A_Expr): boolean {
	const names = (comparison.name ?? []).map(text);
	return (
		comparison.kind === "AEXPR_OP" &&
		names.at(-1) === "=" &&
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
