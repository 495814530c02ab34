import type {
	DeleteStmt,
	InsertStmt,
	Node,
	OnConflictClause,
	ReturningClause,
	SelectStmt,
	UpdateStmt,
} from "libpg-query-18";
import { withClause } from "./ctes.ts";
import { type Env, innerEnv, type RangeItem } from "./environment.ts";
import { expression } from "./expression.ts";
import { fail } from "./failures.ts";
import { fromClause } from "./from.ts";
import { isConstantCondition, predicate } from "./predicate.ts";
import { analyseQuery } from "./query.ts";
import { readRelation, relationItem } from "./relations.ts";
import { PLAIN, type Result } from "./result.ts";
import { targetList, valueList } from "./targets.ts";
import { assign, type Operation, type Target, targetOf, writeTo } from "./targets-written.ts";
import { as, items } from "./tree.ts";
import { derived, type Field, plain, type Value } from "./value.ts";

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
		return column?.name ?? "";
	});
}

function checkColumn(name: string, location: number | undefined, target: Target | undefined, env: Env): void {
	if (target === undefined || target.item.columns.some((field) => field.name === name)) return;
	const message = `column "${name}" of relation "${target.relation.name}" does not exist`;
	fail(env, "42703", message, location);
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

export function updateStatement(stmt: UpdateStmt, outer: Env): Result {
	const env = stmt.withClause === undefined ? outer : { ...outer, ctes: withClause(stmt.withClause, outer) };
	const target = targetOf(stmt.relation, env);
	const sources = fromBeside(target, stmt.fromClause, env);
	predicate(stmt.whereClause, env, "predicate");
	const given = target === undefined ? [] : assignments(stmt.targetList, target, env);
	if (target !== undefined) {
		const only = stmt.relation?.inh !== true;
		writeTo(target.relation, "update", env, { where: whereOf(stmt.whereClause), given, only });
		reads(target, env, only);
	} else for (const node of stmt.targetList ?? []) expression(as(node, "ResTarget")?.val, env);
	return written("update", stmt, target, sources, env, {}, stmt.whereClause);
}

export function deleteStatement(stmt: DeleteStmt, outer: Env): Result {
	const env = stmt.withClause === undefined ? outer : { ...outer, ctes: withClause(stmt.withClause, outer) };
	const target = targetOf(stmt.relation, env);
	const sources = fromBeside(target, stmt.usingClause, env);
	predicate(stmt.whereClause, env, "predicate");
	if (target !== undefined) {
		const only = stmt.relation?.inh !== true;
		writeTo(target.relation, "delete", env, { where: whereOf(stmt.whereClause), only });
		reads(target, env, only);
	}
	return written("delete", stmt, target, sources, env, {}, stmt.whereClause);
}

/** A target's own rows are read by WHERE and RETURNING: its SELECT policies apply. */
function reads(target: Target, env: Env, only: boolean): void {
	if (target.relation.policies.length > 0) readRelation(target.relation, env, { only });
}

export const whereOf = (
	where: Node | undefined,
	always = false,
): { has_where: boolean; where_is_constant: boolean } => ({
	has_where: always || where !== undefined,
	where_is_constant: isConstantCondition(where),
});

/** FROM or USING beside the target; names see both. An unknown target leaves nothing unresolved after itself. */
export function fromBeside(
	target: Target | undefined,
	nodes: readonly Node[] | undefined,
	env: Env,
	what: "table name" | "name" = "table name",
): RangeItem[] {
	const item = target?.item ?? unknownItem();
	env.everything.push(item);
	env.items = [{ ...item, lateralOnly: true }];
	fromClause(nodes, env, what);
	return env.items.slice(1);
}

/** Stands where a target that does not resolve would: any column may be its. */
function unknownItem(): RangeItem {
	return {
		alias: null,
		schema: null,
		relation: null,
		columns: [],
		complete: false,
		row: plain(),
		tableVisible: false,
		columnsVisible: true,
		lateralOnly: false,
	};
}

/** `SET a = x, (b, c) = (SELECT ...)`: gives the columns' names, with `=default` where that is what they get. */
export function assignments(nodes: readonly Node[] | undefined, target: Target, env: Env): string[] {
	const sources = new Map<string, readonly Value[]>();
	return (nodes ?? []).map((node) => {
		const item = as(node, "ResTarget");
		const name = item?.name ?? "";
		checkColumn(name, item?.location, target, env);
		for (const step of item?.indirection ?? []) {
			const indices = as(step, "A_Indices");
			if (indices !== undefined)
				env.findings.use(
					derived([expression(indices.lidx, env), expression(indices.uidx, env)]),
					"assignment",
					{ stored: true },
				);
		}
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

/** RETURNING sees the target and what stands beside it; from 18 on `old` and `new` as well. */
export function written(
	kind: Operation | "merge",
	stmt: { returningClause?: ReturningClause },
	target: Target | undefined,
	beside: readonly RangeItem[],
	env: Env,
	details: Record<string, unknown>,
	where: Node | undefined,
): Result {
	const older = (stmt as { returningList?: Node[] }).returningList;
	const nodes = stmt.returningClause?.exprs ?? older;
	let fields: readonly Field[] | null = null;
	let complete = true;
	if (nodes !== undefined) {
		const item = target?.item ?? unknownItem();
		const rows = target === undefined ? [] : oldAndNew(stmt.returningClause, target);
		const seen = [item, ...beside, ...rows];
		const result = targetList(nodes, { ...env, items: seen, everything: [...env.everything, ...seen] });
		fields = result.list;
		complete = result.complete;
		if (target !== undefined) env.findings.relation(target.relation, "select");
		if (target !== undefined && target.relation.policies.length > 0) readRelation(target.relation, env);
	}
	return {
		kind,
		details,
		hasWhere: where !== undefined,
		whereIsConstant: isConstantCondition(where),
		limit: null,
		returns: nodes === undefined ? "nothing" : "rows",
		fields,
		complete,
		control: PLAIN,
	};
}

function oldAndNew(clause: ReturningClause | undefined, target: Target): RangeItem[] {
	if (clause === undefined) return [];
	const options = (clause.options ?? []).flatMap((node) => as(node, "ReturningOption") ?? []);
	const named = (option: string, fallback: string): string =>
		options.find((each) => each.option === option)?.value ?? fallback;
	const names = [named("RETURNING_OPTION_OLD", "old"), named("RETURNING_OPTION_NEW", "new")];
	return names
		.filter((name) => name !== target.item.alias)
		.map((alias) => ({
			...relationItem(target.relation, target.item.columns, alias),
			columnsVisible: false,
		}));
}
