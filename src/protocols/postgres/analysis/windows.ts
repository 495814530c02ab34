import type { WindowDef } from "libpg-query-18";
import { coercedAnyhow } from "./casts.ts";
import { compared } from "./comparisons.ts";
import type { Env } from "./environment.ts";
import { expression, expressions } from "./expression.ts";
import { derived, type Value } from "./value.ts";

/** PARTITION BY groups, ORDER BY orders; both tell something of the rows to the function's value. */
export function windowValue(body: WindowDef, env: Env): Value {
	const partition = expressions(body.partitionClause, env);
	const order = expressions(body.orderClause, env);
	for (const value of partition) env.findings.together(value, "group");
	for (const value of order) env.findings.use(value, "order");
	const frame = [expression(body.startOffset, env), expression(body.endOffset, env)];
	for (const value of [...partition, ...order, ...frame]) env.findings.use(value, "window");
	compared([...partition, ...order], env);
	for (const value of frame) coercedAnyhow(value, env);
	const named = env.windows.get(body.name ?? "") ?? env.windows.get(body.refname ?? "");
	return derived([...partition, ...order, ...frame, ...(named === undefined ? [] : [named])]);
}
