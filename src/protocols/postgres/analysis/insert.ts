import type { InsertStmt, Node, OnConflictClause, SelectStmt } from "libpg-query-18";
import { assignments, checkColumn, subscripts } from "./assignments.ts";
import { withClause } from "./ctes.ts";
import { type Env, innerEnv, type RangeItem } from "./environment.ts";
import { expression } from "./expression.ts";
import { predicate } from "./predicate.ts";
import { analyseQuery } from "./query.ts";
import { relationItem } from "./relations.ts";
import type { Result } from "./result.ts";
import { written } from "./returning.ts";
import { valueList } from "./targets.ts";
import { assign, type Target, targetOf, writeTo } from "./targets-written.ts";
import { as, items } from "./tree.ts";
import type { Value } from "./value.ts";
import { whereOf } from "./write.ts";

/** INSERT with its source, ON CONFLICT and RETURNING. */
export function insertStatement(stmt: InsertStmt, outer: Env): Result {
	const env = stmt.withClause === undefined ? outer : { ...outer, ctes: withClause(stmt.withClause, outer) };
	const target = targetOf(stmt.relation, env);
	const names = insertedColumns(stmt, target, env);
	const source = as(stmt.selectStmt, "SelectStmt");
	const rows = source?.valuesLists;
	const given = new Set<string>();
	if (source !== undefined && rows !== undefined && isBare(source)) {
		for (const row of rows) insertedRow(items(row), names, target, given, env);
	} else if (stmt.selectStmt !== undefined) {
		const result = analyseQuery(stmt.selectStmt, innerEnv(env));
		for (const [index, field] of result.fields.entries())
			store(names[index], field.value, target, given, env);
	}
	const conflict = stmt.onConflictClause;
	if (target !== undefined) {
		const { relation } = target;
		writeTo(relation, "insert", env, { given: [...given] });
		if (conflict !== undefined) onConflict(conflict, target, env);
	}
	return written("insert", stmt, target, [], env, {}, undefined);
}

const isBare = (source: SelectStmt): boolean =>
	source.withClause === undefined &&
	source.sortClause === undefined &&
	source.limitCount === undefined &&
	source.limitOffset === undefined;

/** The columns that values go to, in order: those named, or all. */
function insertedColumns(stmt: InsertStmt, target: Target | undefined, env: Env): string[] {
	if (stmt.cols === undefined) return target?.item.columns.map((field) => field.name) ?? [];
	return stmt.cols.map((node) => {
		const column = as(node, "ResTarget");
		checkColumn(column?.name ?? "", column?.location, target, env);
		subscripts(column?.indirection, env);
		return column?.name ?? "";
	});
}

function insertedRow(
	values: readonly Node[],
	names: readonly string[],
	target: Target | undefined,
	given: Set<string>,
	env: Env,
): void {
	let place = 0;
	for (const node of values) {
		if (as(node, "SetToDefault") !== undefined) place++;
		else for (const value of valueList([node], env)) store(names[place++], value, target, given, env);
	}
}

function store(
	name: string | undefined,
	value: Value,
	target: Target | undefined,
	given: Set<string>,
	env: Env,
): void {
	if (name !== undefined) given.add(name);
	if (target !== undefined && name !== undefined) assign(target, name, value, env);
	else env.findings.use(value, "assignment", { stored: true });
}

/** ON CONFLICT sees the target and, as EXCLUDED, the row that was to be inserted. */
function onConflict(clause: OnConflictClause, target: Target, env: Env): void {
	const excluded: RangeItem = {
		...relationItem(target.relation, target.item.columns, "excluded"),
		columnsVisible: false,
	};
	const place = {
		...innerEnv(env),
		outer: env.outer,
		items: [target.item, excluded],
		everything: [target.item, excluded],
	};
	env.everything.push(excluded);
	for (const node of clause.infer?.indexElems ?? []) {
		const element = as(node, "IndexElem");
		const named =
			element?.name === undefined
				? undefined
				: { ColumnRef: { fields: [{ String: { sval: element.name } }], ...placeOf(clause) } };
		env.findings.use(expression(named ?? element?.expr, place), "predicate", { equality: true });
	}
	predicate(clause.infer?.whereClause, place, "predicate");
	if (clause.action !== "ONCONFLICT_UPDATE") return;
	const assignedNames = assignments(clause.targetList, target, place);
	predicate(clause.whereClause, place, "predicate");
	writeTo(target.relation, "update", env, { where: whereOf(clause.whereClause, true), given: assignedNames });
}

/** The server points at the list of ON CONFLICT, not at the name in it. */
const placeOf = (clause: OnConflictClause): { location?: number } =>
	clause.infer?.location === undefined ? {} : { location: clause.infer.location };
