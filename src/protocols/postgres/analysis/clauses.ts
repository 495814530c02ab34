import type { Node } from "libpg-query-18";
import { columnOf } from "./columns.ts";
import type { Env } from "./environment.ts";
import { expression, expressions } from "./expression.ts";
import { fail } from "./failures.ts";
import { sortedUsing } from "./operators.ts";
import type { Target } from "./targets.ts";
import { as, constant, sameTree, text } from "./tree.ts";
import { derived, plain, type Value } from "./value.ts";

/** An item of ORDER BY or DISTINCT ON: an output column's name or position before an expression. */
export function orderingOf(node: Node, targets: readonly Target[], env: Env): Value {
	const sort = as(node, "SortBy");
	const item = sort?.node ?? node;
	const value =
		byPosition(item, targets, env, "ORDER BY") ??
		byName(item, targets, env, "ORDER BY") ??
		expression(item, env);
	if (sort !== undefined) sortedUsing(sort, value, env);
	return value;
}

/** The values that an item of GROUP BY groups by; a bare name is an input column before it is an output column. */
export function groupingOf(node: Node, targets: readonly Target[], env: Env): Value[] {
	const set = as(node, "GroupingSet");
	if (set !== undefined) return (set.content ?? []).flatMap((each) => groupingOf(each, targets, env));
	const list = as(node, "List") ?? as(node, "RowExpr");
	if (list !== undefined) {
		const parts = "items" in list ? list.items : "args" in list ? list.args : [];
		return (parts ?? []).flatMap((each) => groupingOf(each, targets, env));
	}
	const position = byPosition(node, targets, env, "GROUP BY");
	if (position !== undefined) return [position];
	const name = bareName(node);
	const isInput =
		name !== undefined && env.items.some((item) => item.columnsVisible && columnOf(item, name) !== undefined);
	const output = isInput ? undefined : byName(node, targets, env, "GROUP BY");
	return output === undefined ? expressions([node], env) : [output];
}

function byPosition(node: Node, targets: readonly Target[], env: Env, clause: string): Value | undefined {
	const body = as(node, "A_Const");
	if (body === undefined) return undefined;
	const value = constant(body);
	if (value.type !== "integer") return undefined;
	const target = targets[value.value - 1];
	if (target !== undefined) return target.value;
	fail(env, "42P10", `${clause} position ${value.value} is not in select list`, body.location);
	return plain();
}

/** The output column of that bare name; with several that differ the server finds it ambiguous. */
function byName(node: Node, targets: readonly Target[], env: Env, clause: string): Value | undefined {
	const name = bareName(node);
	if (name === undefined) return undefined;
	const named = targets.filter((target) => target.name === name);
	if (named.length === 0) return undefined;
	const [first, ...others] = named;
	const same = (other: Target): boolean =>
		first?.node === undefined || other.node === undefined
			? sameTree(first?.value.origin, other.value.origin)
			: sameTree(first.node, other.node);
	if (!others.every(same))
		fail(env, "42702", `${clause} "${name}" is ambiguous`, as(node, "ColumnRef")?.location);
	return named.length === 1 ? named[0]?.value : derived(named.map((target) => target.value));
}

function bareName(node: Node): string | undefined {
	const fields = as(node, "ColumnRef")?.fields;
	return fields?.length === 1 && as(fields[0], "String") !== undefined ? text(fields[0]) : undefined;
}
