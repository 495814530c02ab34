import type { Alias, Node, RangeSubselect, RangeTableSample, RangeVar } from "libpg-query-18";
import { findCte } from "./ctes.ts";
import { addItem, deeper, type Env, innerEnv, type RangeItem } from "./environment.ts";
import { expression } from "./expression.ts";
import { fail } from "./failures.ts";
import { rangeFunction } from "./from-functions.ts";
import { jsonTable, xmlTable } from "./from-tables.ts";
import { join } from "./joins.ts";
import { namedRelation } from "./names.ts";
import { analyseQuery } from "./query.ts";
import { readRelation } from "./relations.ts";
import { sampling } from "./sampling.ts";
import { as, take, texts } from "./tree.ts";
import { EXPRESSION, type Field, once, rowOf } from "./value.ts";

/** Fills a level's names from its FROM clause, item by item: each LATERAL one sees those before it. */
export function fromClause(nodes: readonly Node[] | undefined, env: Env, what = "table name"): void {
	const items = [...env.items];
	const names = namesOf(items);
	env.items = items;
	for (const node of nodes ?? []) {
		const found = fromItem(node, env);
		checkNames(names, found, env, what);
		for (const item of found) items.push({ ...item, lateralOnly: true });
	}
	env.items = items.map((item) => (item.lateralOnly ? { ...item, lateralOnly: false } : item));
}

/**
 * One item of FROM and what becomes visible of it: the item itself, or of a join the join and its parts. While it is
 * read, `env.items` are those before it.
 */
export function fromItem(node: Node, env: Env): RangeItem[] {
	return deeper(env, [], () => {
		const range = as(node, "RangeVar");
		if (range !== undefined) return [addItem(env, rangeVariable(range, env))];
		const subselect = as(node, "RangeSubselect");
		if (subselect !== undefined) return [addItem(env, rangeSubselect(subselect, env))];
		const called = as(node, "RangeFunction");
		if (called !== undefined) return [addItem(env, rangeFunction(called, env))];
		const joined = as(node, "JoinExpr");
		if (joined !== undefined) return join(joined, env);
		const sample = as(node, "RangeTableSample");
		if (sample !== undefined) return tableSample(sample, env);
		const xml = as(node, "RangeTableFunc");
		if (xml !== undefined) return [addItem(env, xmlTable(xml, env))];
		const json = as(node, "JsonTable");
		if (json !== undefined) return [addItem(env, jsonTable(json, env))];
		env.findings.opaque(`the analysis does not know ${take(node)?.[0] ?? "an item"} in FROM`);
		const value = expression(node, env);
		return [
			{ ...namedItem(undefined, [], null, env), complete: false, row: () => ({ ...value, opaque: true }) },
		];
	});
}

/** A table, view, or CTE. */
function rangeVariable(range: RangeVar, env: Env): RangeItem {
	const { schemaname, catalogname, relname = "", alias } = range;
	const cte = schemaname === undefined && catalogname === undefined ? findCte(relname, env) : undefined;
	if (cte !== undefined) {
		if (cte.fields === null && !cte.busy) cte.resolve?.();
		if (cte.fields === null)
			env.findings.opaque(`the query ${relname} refers to itself in a way that is not followed`);
		const item = namedItem(alias, cte.fields ?? [], relname, env);
		return cte.fields === null || !cte.complete ? { ...item, complete: false } : item;
	}
	const relation = namedRelation(range, env);
	if (relation === undefined) return { ...namedItem(alias, [], relname, env), complete: false };
	const item = readRelation(relation, env, { ...aliasOf(alias), only: range.inh !== true });
	return renamed(item, alias, env);
}

const aliasOf = (alias: Alias | undefined): { alias?: string } =>
	alias?.aliasname === undefined ? {} : { alias: alias.aliasname };

function rangeSubselect(subselect: RangeSubselect, env: Env): RangeItem {
	const before = env.lateral;
	env.lateral = subselect.lateral === true;
	const result = analyseQuery(subselect.subquery, innerEnv(env));
	env.lateral = before;
	const item = namedItem(subselect.alias, result.fields, null, env);
	return result.complete ? item : { ...item, complete: false };
}

function tableSample(sample: RangeTableSample, env: Env): RangeItem[] {
	const found = sample.relation === undefined ? [] : fromItem(sample.relation, env);
	sampling(sample, env);
	return found;
}

/** An item made of columns, under its alias; columns beyond the alias's list keep their names. */
export function namedItem(
	alias: Alias | undefined,
	fields: readonly Field[],
	name: string | null,
	env: Env,
	what = "table",
): RangeItem {
	const item: RangeItem = {
		alias: alias?.aliasname ?? name,
		schema: null,
		relation: null,
		columns: fields,
		complete: true,
		row: once(() => rowOf(fields, undefined, EXPRESSION)),
		tableVisible: (alias?.aliasname ?? name) !== null,
		columnsVisible: true,
		lateralOnly: false,
	};
	return renamed(item, alias, env, what);
}

function renamed(item: RangeItem, alias: Alias | undefined, env: Env, what = "table"): RangeItem {
	const names = texts(alias?.colnames);
	if (names.length === 0) return item;
	if (names.length > item.columns.length && item.complete) {
		const subject = what.endsWith("function") ? what : `${what} "${item.alias}"`;
		const message = `${subject} has ${item.columns.length} columns available but ${names.length} columns specified`;
		fail(env, "42P10", message, undefined);
	}
	const columns = item.columns.map((field, index) => ({
		name: names[index] ?? field.name,
		value: field.value,
	}));
	return { ...item, columns, row: once(() => ({ ...item.row(), fields: columns })) };
}

/** The items of a level by the names that they go by. */
export type ItemNames = Map<string, RangeItem[]>;

export function namesOf(items: readonly RangeItem[]): ItemNames {
	const names: ItemNames = new Map();
	for (const item of items) nameItem(names, item);
	return names;
}

function nameItem(names: ItemNames, item: RangeItem): void {
	if (!item.tableVisible || item.alias === null) return;
	const known = names.get(item.alias);
	if (known === undefined) names.set(item.alias, [item]);
	else known.push(item);
}

/** Two items of one level may not go by the same name, unless both are relations of different schemas. */
export function checkNames(
	names: ItemNames,
	added: readonly RangeItem[],
	env: Env,
	what = "table name",
): void {
	for (const item of added) {
		if (!item.tableVisible || item.alias === null) continue;
		const clash = (names.get(item.alias) ?? []).some(
			(other) =>
				!(item.schema !== null && other.schema !== null && item.relation?.oid !== other.relation?.oid),
		);
		if (clash) fail(env, "42712", `${what} "${item.alias}" specified more than once`, undefined);
	}
	for (const item of added) nameItem(names, item);
}
