import type { JsonTable, Node, RangeTableFunc } from "libpg-query-18";
import { castTo, coercedAnyhow, documentMade } from "./casts.ts";
import { computed } from "./computations.ts";
import type { Env, RangeItem } from "./environment.ts";
import { expression } from "./expression.ts";
import { namedItem } from "./from.ts";
import { as, children } from "./tree.ts";
import { derived, EXPRESSION, type Field, plain, TYPE, type Value } from "./value.ts";

/** XMLTABLE: every column is made of the document and of the paths and defaults, and so is the number of rows. */
export function xmlTable(body: RangeTableFunc, env: Env): RangeItem {
	return lateral(env, () => {
		const { alias, ...parts } = body;
		const columns = (parts.columns ?? []).flatMap((node) => as(node, "RangeTableFuncCol") ?? []);
		const inputs = [expression(parts.docexpr, env), expression(parts.rowexpr, env)];
		for (const node of parts.namespaces ?? []) inputs.push(expression(node, env));
		const paths = columns.map((column) => [
			expression(column.colexpr, env),
			expression(column.coldefexpr, env),
		]);
		const whole = derived([...inputs, ...paths.flat()]);
		env.findings.use(whole, "predicate");
		for (const value of [...inputs, ...paths.flat()]) coercedAnyhow(value, env);
		const fields = columns.map((column): Field => {
			const value = column.for_ordinality === true ? plain(TYPE.int4) : castTo(column.typeName, whole, env);
			return { name: column.colname ?? "", value: { ...value, origin: EXPRESSION } };
		});
		return namedItem(alias, fields, "xmltable", env, "XMLTABLE function");
	});
}

/** JSON_TABLE: the same, with columns within columns. */
export function jsonTable(body: JsonTable, env: Env): RangeItem {
	return lateral(env, () => {
		const { alias, columns, ...parts } = body;
		const inputs = [...children(parts)].map((node) => expression(node, env));
		const item =
			parts.context_item === undefined ? plain() : expression({ JsonValueExpr: parts.context_item }, env);
		const whole = derived([item, ...inputs]);
		env.findings.use(whole, "predicate");
		documentMade([item, ...inputs], env);
		computed([whole], env);
		const fields = jsonColumns(columns ?? [], whole, env);
		return namedItem(alias, fields, "json_table", env, "JSON_TABLE function");
	});
}

function jsonColumns(nodes: readonly Node[], whole: Value, env: Env): Field[] {
	return nodes.flatMap((node): Field[] => {
		const column = as(node, "JsonTableColumn");
		if (column === undefined) return [];
		if (column.coltype === "JTC_NESTED") return jsonColumns(column.columns ?? [], whole, env);
		const { typeName, columns: _, ...rest } = column;
		const inputs = [...children(rest)].map((each) => expression(each, env));
		const value = castTo(typeName, derived([whole, ...inputs]), env);
		return [{ name: column.name ?? "", value: { ...value, origin: EXPRESSION } }];
	});
}

/** Table functions see what stands before them, LATERAL said or not. */
function lateral(env: Env, read: () => RangeItem): RangeItem {
	const before = env.lateral;
	env.lateral = true;
	const item = read();
	env.lateral = before;
	return item;
}
