import type { Node, SelectStmt } from "libpg-query-18";
import { coerced, unified } from "./casts.ts";
import { groupingOf, orderingOf } from "./clauses.ts";
import { compared } from "./comparisons.ts";
import { computed } from "./computations.ts";
import { withClause } from "./ctes.ts";
import { deeper, type Env, innerEnv, MAX_COLUMNS } from "./environment.ts";
import { expression } from "./expression.ts";
import { fail } from "./failures.ts";
import { qualified } from "./findings.ts";
import { fromClause } from "./from.ts";
import { isConstantCondition, predicate } from "./predicate.ts";
import { type Target, targetList, valueList } from "./targets.ts";
import { as, items, literal } from "./tree.ts";
import { EXPRESSION, either, type Field, plain, TYPE, type Value } from "./value.ts";

export interface QueryResult {
	readonly fields: readonly Field[];
	/** False when the columns aren't all known. */
	readonly complete: boolean;
	readonly hasWhere: boolean;
	readonly whereIsConstant: boolean;
	readonly limit: number | null;
}

export const NOTHING: QueryResult = {
	fields: [],
	complete: false,
	hasWhere: false,
	whereIsConstant: false,
	limit: null,
};

/**
 * A SELECT, VALUES, TABLE or set operation, in the order in which the server looks at its parts (so that the first
 * error is the server's). `env` is a level of the query's own. The values of its columns are given back; how they are
 * used is for the caller to say.
 */
export function analyseQuery(node: Node | undefined, env: Env): QueryResult {
	const select = as(node, "SelectStmt");
	if (select !== undefined) return selectStatement(select, env);
	env.findings.opaque(
		`the analysis does not know the query ${node === undefined ? "" : (Object.keys(node)[0] ?? "")}`,
	);
	return NOTHING;
}

export function selectStatement(select: SelectStmt, env: Env): QueryResult {
	return deeper(env, NOTHING, () => {
		env.findings.effect("read");
		const place =
			select.withClause === undefined ? env : { ...env, ctes: withClause(select.withClause, env) };
		if (select.valuesLists !== undefined) return values(select, place);
		if (select.op !== undefined && select.op !== "SETOP_NONE") return setOperation(select, place);
		return plainSelect(select, place);
	});
}

function plainSelect(select: SelectStmt, env: Env): QueryResult {
	fromClause(select.fromClause, env);
	for (const node of select.windowClause ?? []) {
		const window = as(node, "WindowDef");
		if (window !== undefined) env.windows.set(window.name ?? "", expression(node, env));
	}
	const targets = targetList(select.targetList, env);
	predicate(select.whereClause, env, "predicate");
	predicate(select.havingClause, env, "predicate");
	for (const node of select.sortClause ?? []) use(orderingOf(node, targets.list, env), "order", env);
	for (const node of select.groupClause ?? []) {
		for (const value of groupingOf(node, targets.list, env)) use(value, "group", env);
	}
	distinct(select, targets.list, env);
	const limit = limits(select, env);
	locking(select, env);
	return {
		fields: bounded(targets.list, env),
		complete: targets.complete,
		hasWhere: select.whereClause !== undefined,
		whereIsConstant: isConstantCondition(select.whereClause),
		limit,
	};
}

function use(value: Value, how: "order" | "group" | "distinct", env: Env): void {
	compared([value], env);
	if (how === "order") env.findings.use(value, how);
	else env.findings.together(value, how);
}

function distinct(select: SelectStmt, targets: readonly Target[], env: Env): void {
	const { distinctClause } = select;
	if (distinctClause === undefined) return;
	const on = distinctClause.filter((node) => Object.keys(node).length > 0);
	if (on.length === 0) for (const target of targets) use(target.value, "distinct", env);
	for (const node of on) use(orderingOf(node, targets, env), "distinct", env);
}

/** Evaluates OFFSET and LIMIT, and gives LIMIT's constant. */
function limits(select: SelectStmt, env: Env): number | null {
	for (const node of [select.limitOffset, select.limitCount]) {
		if (node === undefined) continue;
		const value = expression(node, env);
		env.findings.use(value, "limit-by");
		env.findings.use(value, "predicate");
		computed([value], env);
		coerced(value, [TYPE.int8], env);
	}
	const count = literal(select.limitCount);
	if (count?.type === "integer") return count.value;
	if (count?.type !== "float") return null;
	return Number.isSafeInteger(Number(count.value)) ? Number(count.value) : null;
}

/** FOR UPDATE and its sisters: the tables named, or all of FROM. */
function locking(select: SelectStmt, env: Env): void {
	for (const node of select.lockingClause ?? []) {
		env.findings.effect("lock");
		const clause = as(node, "LockingClause");
		const names = (clause?.lockedRels ?? []).map((each) => as(each, "RangeVar"));
		for (const range of names) {
			const known = env.items.some((item) => item.tableVisible && item.alias === range?.relname);
			const message = `relation "${range?.relname}" in ${LOCK_NAMES[clause?.strength ?? ""]} clause not found in FROM clause`;
			if (!known) fail(env, "42P01", message, range?.location);
		}
		for (const item of env.everything) {
			const locked = names.length === 0 || names.some((range) => range?.relname === item.alias);
			if (locked && item.relation !== null) env.findings.relation(item.relation, "lock");
		}
		for (const relation of env.findings.relations) {
			if (relation.via.length > 0 && env.everything.some((item) => isVia(item.relation, relation.via))) {
				env.findings.relation(relation, "lock", relation.via);
			}
		}
	}
}

const isVia = (relation: { schema: string; name: string } | null, via: readonly string[]): boolean =>
	relation !== null && via[0] === qualified(relation.schema, relation.name);

const LOCK_NAMES: Readonly<Record<string, string>> = {
	LCS_FORKEYSHARE: "FOR KEY SHARE",
	LCS_FORSHARE: "FOR SHARE",
	LCS_FORNOKEYUPDATE: "FOR NO KEY UPDATE",
	LCS_FORUPDATE: "FOR UPDATE",
};

function values(select: SelectStmt, env: Env): QueryResult {
	let fields: Field[] = [];
	for (const [row, list] of (select.valuesLists ?? []).entries()) {
		const each = valueList(items(list), env);
		fields = each.map((value, index) => {
			const before = fields[index]?.value;
			if (before !== undefined) unified([before, value], env);
			const merged =
				row === 0 || before === undefined
					? { ...value, origin: EXPRESSION, constant: false }
					: either(before, value);
			return { name: `column${index + 1}`, value: merged };
		});
	}
	return finished(select, fields, true, env);
}

/** UNION, INTERSECT, EXCEPT: columns by position; all but UNION ALL compare rows. */
function setOperation(select: SelectStmt, env: Env): QueryResult {
	const left = selectStatement(select.larg ?? {}, innerEnv(env));
	const right = selectStatement(select.rarg ?? {}, innerEnv(env));
	const count = Math.max(left.fields.length, right.fields.length);
	const fields = Array.from({ length: count }, (_, index): Field => {
		const one = left.fields[index];
		const other = right.fields[index];
		if (one !== undefined && other !== undefined) unified([one.value, other.value], env);
		return { name: one?.name ?? "?column?", value: either(one?.value ?? plain(), other?.value ?? plain()) };
	});
	if (select.op !== "SETOP_UNION" || select.all !== true)
		for (const field of fields) use(field.value, "distinct", env);
	return finished(
		select,
		fields,
		left.complete && right.complete && left.fields.length === right.fields.length,
		env,
	);
}

/** ORDER BY, LIMIT and locks of VALUES and set operations, which see the columns of the result only. */
function finished(select: SelectStmt, fields: readonly Field[], complete: boolean, env: Env): QueryResult {
	const targets = fields.map((field): Target => ({ ...field, node: undefined }));
	for (const node of select.sortClause ?? []) use(orderingOf(node, targets, env), "order", env);
	const limit = limits(select, env);
	locking(select, env);
	return { fields: bounded(fields, env), complete, hasWhere: false, whereIsConstant: false, limit };
}

function bounded(fields: readonly Field[], env: Env): readonly Field[] {
	for (const field of fields) env.findings.computes(field.value);
	if (fields.length <= MAX_COLUMNS)
		return fields.map(({ name, value }) => ({ name, value: throughQuery(value) }));
	env.findings.opaque(`more than ${MAX_COLUMNS} columns, which the server refuses`);
	return fields.slice(0, MAX_COLUMNS);
}

/** To the server, fields of a row that comes out of a query are no columns of a table, and an untyped literal is text. */
function throughQuery(value: Value): Value {
	if (value.type === TYPE.unknown) return { ...value, type: TYPE.text };
	if (value.fields === null) return value;
	const fields = value.fields.map((field) => ({ ...field, value: { ...field.value, origin: EXPRESSION } }));
	return { ...value, fields };
}
