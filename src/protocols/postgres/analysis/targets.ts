import type { ColumnRef, Node } from "libpg-query-18";
import { star } from "./columns.ts";
import type { Env } from "./environment.ts";
import { expression, indirection } from "./expression.ts";
import { columnName } from "./naming.ts";
import { as } from "./tree.ts";
import { type Field, plain, type Value } from "./value.ts";

/** A column of a target list, with the expression behind it for ORDER BY and GROUP BY. */
export interface Target extends Field {
	readonly node: Node | undefined;
}

/** The columns that a target list gives, `*` and `row.*` spread out. */
export function targetList(
	nodes: readonly Node[] | undefined,
	env: Env,
): { list: Target[]; complete: boolean } {
	const list: Target[] = [];
	let complete = true;
	for (const node of nodes ?? []) {
		const target = as(node, "ResTarget");
		const spread = target === undefined ? undefined : spreadOf(target.val, env);
		if (spread === undefined) {
			const value = expression(target?.val, env);
			const name = target?.name ?? (target?.val === undefined ? "?column?" : columnName(target.val));
			list.push({ name, value, node: target?.val });
			continue;
		}
		complete &&= spread.complete;
		for (const field of spread.fields) {
			env.findings.use(field.value, null);
			list.push({ ...field, node: undefined });
		}
	}
	return { list, complete };
}

/** The values of a list in which `t.*` stands for all its columns: VALUES, ROW. */
export function valueList(nodes: readonly Node[], env: Env): Value[] {
	return nodes.flatMap((node) => {
		const spread = spreadOf(node, env);
		return spread === undefined ? [expression(node, env)] : spread.fields.map((field) => field.value);
	});
}

/** The columns behind `*`, `t.*` or `(row).*`; undefined when the target is an ordinary expression. */
function spreadOf(
	node: Node | undefined,
	env: Env,
): { fields: readonly Field[]; complete: boolean } | undefined {
	const ref = as(node, "ColumnRef");
	if (ref !== undefined) {
		if (!endsInStar(ref)) return undefined;
		const fields = star(ref, env);
		return { fields: fields ?? everything(env), complete: fields !== undefined };
	}
	const chain = as(node, "A_Indirection");
	const steps = chain?.indirection ?? [];
	if (chain === undefined || as(steps.at(-1), "A_Star") === undefined) return undefined;
	const row = indirection(expression(chain.arg, env), steps.slice(0, -1), env);
	if (row.fields === null) return { fields: [{ name: "?column?", value: row }], complete: false };
	return { fields: row.fields, complete: true };
}

const endsInStar = (ref: ColumnRef): boolean => as(ref.fields?.at(-1), "A_Star") !== undefined;

/** Where a star's columns aren't all known, every value in FROM may be among them. */
function everything(env: Env): Field[] {
	return env.items.map((item) => ({
		name: item.alias ?? "?column?",
		value: { ...plain(), ...item.row(), origin: null },
	}));
}
