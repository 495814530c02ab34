import type { JoinExpr } from "libpg-query-18";
import { addItem, type Env, type RangeItem } from "./environment.ts";
import { fail } from "./failures.ts";
import { checkNames, fromItem, namedItem, namesOf } from "./from.ts";
import { applied } from "./operators.ts";
import { predicate } from "./predicate.ts";
import { texts } from "./tree.ts";
import { EXPRESSION, either, type Field, once, plain, rowOf, type Value } from "./value.ts";

/** The server's own bound on columns of a join, roughly; beyond it the analysis stops. */
const MAX_JOIN_COLUMNS = 20_000;

/**
 * A JOIN. Its columns are those of the left, then of the right, merged ones first and once. With an alias it hides
 * its parts; without one they may still be named as tables, but columns alone are looked for in the join.
 */
export function join(node: JoinExpr, env: Env): RangeItem[] {
	const before = env.items;
	const left = node.larg === undefined ? [] : fromItem(node.larg, env);
	env.items = [...before, ...left.map((item) => ({ ...item, lateralOnly: true }))];
	const right = node.rarg === undefined ? [] : fromItem(node.rarg, env);
	checkNames(namesOf(left), right, env);
	const sides = { left: columnsOf(left), right: columnsOf(right) };
	const merged = mergedColumns(node, sides, env);
	env.items = [...left, ...right];
	if (node.quals !== undefined) {
		const outer = { ...env, items: [...left, ...right] };
		predicate(node.quals, outer, "join");
	}
	env.items = before;
	return visible(node, [...left, ...right], merged, sides, env);
}

interface Sides {
	readonly left: { readonly fields: readonly Field[]; readonly complete: boolean };
	readonly right: { readonly fields: readonly Field[]; readonly complete: boolean };
}

/** The columns that a side shows when named alone. */
function columnsOf(items: readonly RangeItem[]): { fields: readonly Field[]; complete: boolean } {
	const shown = items.filter((item) => item.columnsVisible);
	return { fields: shown.flatMap((item) => item.columns), complete: shown.every((item) => item.complete) };
}

/** USING and NATURAL: one column of both, compared by `=`. */
function mergedColumns(node: JoinExpr, sides: Sides, env: Env): Field[] {
	const names = node.isNatural === true ? commonNames(sides) : texts(node.usingClause);
	return names.map((name): Field => {
		const left = only(name, sides.left, "left", env);
		const right = only(name, sides.right, "right", env);
		env.findings.use(left, "join");
		env.findings.use(right, "join");
		applied(["="], [left, right], undefined, env);
		return { name, value: mergedValue(node, left, right) };
	});
}

const commonNames = (sides: Sides): string[] => [
	...new Set(
		sides.left.fields
			.map((field) => field.name)
			.filter((name) => sides.right.fields.some((other) => other.name === name)),
	),
];

function only(name: string, side: Sides["left"], which: "left" | "right", env: Env): Value {
	const found = side.fields.filter((field) => field.name === name);
	if (found.length > 1)
		fail(env, "42702", `common column name "${name}" appears more than once in ${which} table`, undefined);
	if (found.length === 0 && side.complete) {
		fail(
			env,
			"42703",
			`column "${name}" specified in USING clause does not exist in ${which} table`,
			undefined,
		);
	}
	return found[0]?.value ?? plain();
}

/** Of an inner or left join the left column, of a right join the right one; a full join makes a new value. */
function mergedValue(node: JoinExpr, left: Value, right: Value): Value {
	const value = either(left, right);
	if (left.type !== right.type) return { ...value, origin: null };
	if (node.jointype === "JOIN_FULL") return { ...value, origin: EXPRESSION };
	return { ...value, origin: (node.jointype === "JOIN_RIGHT" ? right : left).origin };
}

function visible(
	node: JoinExpr,
	parts: readonly RangeItem[],
	merged: readonly Field[],
	sides: Sides,
	env: Env,
): RangeItem[] {
	const names = new Set(merged.map((field) => field.name));
	const rest = [...sides.left.fields, ...sides.right.fields].filter((field) => !names.has(field.name));
	const all = [...merged, ...rest];
	if (all.length > MAX_JOIN_COLUMNS) env.findings.opaque("a join of more columns than the analysis follows");
	const columns = all.slice(0, MAX_JOIN_COLUMNS);
	const item = namedItem(node.alias, columns, null, env, "join expression");
	const whole = { ...item, complete: sides.left.complete && sides.right.complete };
	addItem(env, whole);
	const hidden = node.alias !== undefined ? [] : parts.map((part) => ({ ...part, columnsVisible: false }));
	const using = node.join_using_alias?.aliasname;
	if (using === undefined) return [...hidden, whole];
	const onlyMerged = {
		...namedItem({ aliasname: using }, merged, null, env),
		row: once(() => rowOf(merged)),
		columnsVisible: false,
	};
	return [...hidden, whole, addItem(env, onlyMerged)];
}
