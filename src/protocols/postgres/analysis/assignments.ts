import type { Node } from "libpg-query-18";
import { type Env, innerEnv } from "./environment.ts";
import { expression } from "./expression.ts";
import { fail } from "./failures.ts";
import { analyseQuery } from "./query.ts";
import { valueList } from "./targets.ts";
import { assign, type Target } from "./targets-written.ts";
import { as } from "./tree.ts";
import { derived, plain, type Value } from "./value.ts";

/** A column that the target doesn't have, in the server's words. */
export function checkColumn(
	name: string,
	location: number | undefined,
	target: Target | undefined,
	env: Env,
): void {
	if (target === undefined || target.item.columns.some((field) => field.name === name)) return;
	const message = `column "${name}" of relation "${target.relation.name}" does not exist`;
	fail(env, "42703", message, location);
}

/** `SET a = x, (b, c) = (SELECT ...)`: gives the columns' names, with `=default` where that is what they get. */
export function assignments(nodes: readonly Node[] | undefined, target: Target, env: Env): string[] {
	const sources = new Map<string, readonly Value[]>();
	return (nodes ?? []).map((node) => {
		const item = as(node, "ResTarget");
		const name = item?.name ?? "";
		checkColumn(name, item?.location, target, env);
		subscripts(item?.indirection, env);
		if (as(item?.val, "SetToDefault") !== undefined) {
			assign(target, name, plain(), env);
			return `${name}=default`;
		}
		const multi = as(item?.val, "MultiAssignRef");
		const value = multi === undefined ? expression(item?.val, env) : nth(multi, sources, env);
		assign(target, name, value, env);
		return name;
	});
}

/** `a[1].b` on the left side: what stands in brackets is evaluated. */
export function subscripts(steps: readonly Node[] | undefined, env: Env): void {
	for (const step of steps ?? []) {
		const indices = as(step, "A_Indices");
		if (indices === undefined) continue;
		const value = derived([expression(indices.lidx, env), expression(indices.uidx, env)]);
		env.findings.use(value, "assignment", { stored: true });
	}
}

/** One column of `(a, b) = source`; the source is read once for all of them. */
function nth(
	multi: { source?: Node; colno?: number },
	sources: Map<string, readonly Value[]>,
	env: Env,
): Value {
	const key = JSON.stringify(multi.source);
	let values = sources.get(key);
	if (values === undefined) {
		const link = as(multi.source, "SubLink");
		const row = as(multi.source, "RowExpr");
		if (link !== undefined)
			values = analyseQuery(link.subselect, innerEnv(env)).fields.map((field) => field.value);
		else if (row !== undefined) values = valueList(row.args ?? [], env);
		else values = [expression(multi.source, env)];
		sources.set(key, values);
	}
	return values[(multi.colno ?? 1) - 1] ?? derived(values);
}
