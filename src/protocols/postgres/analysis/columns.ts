import type { ColumnRef } from "libpg-query-18";
import type { Relation } from "../catalog/model.ts";
import type { Env, RangeItem } from "./environment.ts";
import { fail } from "./failures.ts";
import { projectOrCall } from "./projection.ts";
import { as, texts } from "./tree.ts";
import { derived, type Field, plain, type Value } from "./value.ts";

/** The system columns, which every table has and none lists: their numbers and types. */
const SYSTEM_COLUMNS: Readonly<Record<string, { readonly number: number; readonly type: number }>> = {
	ctid: { number: -1, type: 27 },
	xmin: { number: -2, type: 28 },
	cmin: { number: -3, type: 29 },
	xmax: { number: -4, type: 28 },
	cmax: { number: -5, type: 29 },
	tableoid: { number: -6, type: 26 },
};

/** `c`, `t.c`, `s.t.c`, `db.s.t.c`, a whole row `t`, or `t.f` for a function: the server's order of trying. */
export function columnReference(ref: ColumnRef, env: Env): Value {
	const starred = as(ref.fields?.at(-1), "A_Star") !== undefined;
	const names = texts(starred ? ref.fields?.slice(0, -1) : ref.fields);
	if (starred) return wholeRow(names, ref, env);
	const column = resolve(names, ref, env);
	const variable = env.parameters?.conflicting === true ? env.parameters.named(names) : undefined;
	const value = variable === undefined || variable === column ? column : eitherOf(column, variable);
	env.findings.use(value, null);
	return value;
}

/** `t.*` where one value is wanted (`count(t.*)`, `f(t.*)`): the row. */
function wholeRow(names: readonly string[], ref: ColumnRef, env: Env): Value {
	const item = findTable(names, env, ref.location);
	const parameter = item === null ? env.parameters?.named(names) : undefined;
	if (item === null && parameter === undefined) missingTable(names, ref.location, env);
	const row = item?.row() ?? parameter ?? plain();
	env.findings.use(row, null);
	return row;
}

/** A column or a variable of the same name. */
function eitherOf(column: Value, variable: Value): Value {
	return derived([column, variable], column.type === variable.type ? column.type : 0);
}

function resolve(names: readonly string[], ref: ColumnRef, env: Env): Value {
	const [first = "", second] = names;
	if (second === undefined) return unqualified(first, ref, env);
	const item = findTable(names.slice(0, -1), env, ref.location);
	const parameter = item === null ? env.parameters?.named(names) : undefined;
	if (parameter !== undefined) return parameter;
	if (item === null) {
		missingTable(names.slice(0, -1), ref.location, env);
		return plain();
	}
	const column = names.at(-1) ?? "";
	const found = columnOf(item, column);
	if (found !== undefined) {
		if (found !== "ambiguous") return found;
		fail(env, "42702", `column reference "${column}" is ambiguous`, ref.location);
		return item.row();
	}
	if (!item.complete) return item.row();
	const called = projectOrCall(column, item.row(), env);
	if (called !== undefined) return called;
	fail(env, "42703", `column ${names.slice(-2).join(".")} does not exist`, ref.location);
	return plain();
}

/** A name alone: a column of any level, innermost first, then a whole row, then a parameter. */
function unqualified(name: string, ref: ColumnRef, env: Env): Value {
	let incomplete: RangeItem | undefined;
	for (let level: Env | null = env; level !== null; level = level.outer) {
		const found: Value[] = [];
		for (const item of level.items) {
			if (!item.columnsVisible || (item.lateralOnly && !level.lateral)) continue;
			const column = columnOf(item, name);
			if (column === "ambiguous") found.push(item.row(), item.row());
			else if (column !== undefined) found.push(column);
			else if (!item.complete) incomplete ??= item;
		}
		if (found.length > 1) {
			fail(env, "42702", `column reference "${name}" is ambiguous`, ref.location);
			return found[0] ?? plain();
		}
		if (found[0] !== undefined) return found[0];
		if (incomplete !== undefined) return incomplete.row();
	}
	const row = findTable([name], env, ref.location);
	if (row !== null) return row.row();
	const parameter = env.parameters?.named([name]);
	if (parameter !== undefined) return parameter;
	fail(env, "42703", `column "${name}" does not exist`, ref.location);
	return plain();
}

/** The column of that name, a system column included; `ambiguous` when there are two of them. */
export function columnOf(item: RangeItem, name: string): Value | "ambiguous" | undefined {
	let found: Value | undefined;
	for (const column of item.columns) {
		if (column.name !== name) continue;
		if (found !== undefined) return "ambiguous";
		found = column.value;
	}
	return found ?? systemColumn(item.relation, name);
}

function systemColumn(relation: Relation | null, name: string): Value | undefined {
	const system = Object.hasOwn(SYSTEM_COLUMNS, name) ? SYSTEM_COLUMNS[name] : undefined;
	if (relation === null || system === undefined || relation.kind === "view") return undefined;
	const origin = { tableOid: relation.oid, column: system.number };
	return { ...plain(system.type), sources: [{ relation, column: name, flow: "direct" }], origin };
}

/** The item that goes by that name (`t`, `s.t`, `db.s.t`), innermost level first; null when there is none. */
export function findTable(
	parts: readonly string[],
	env: Env,
	location: number | undefined,
): RangeItem | null {
	const name = parts.at(-1) ?? "";
	const schema = parts.at(-2);
	const database = parts.at(-3);
	if (database !== undefined && database !== env.context.scope.database) return null;
	for (let level: Env | null = env; level !== null; level = level.outer) {
		let found: RangeItem | undefined;
		for (const item of level.items) {
			if (item.alias !== name || !item.tableVisible || (item.lateralOnly && !level.lateral)) continue;
			if (schema !== undefined && !sameSchema(item, schema, env)) continue;
			if (found === undefined) found = item;
			else fail(env, "42P09", `table reference "${name}" is ambiguous`, location);
		}
		if (found !== undefined) return found;
	}
	return null;
}

const sameSchema = (item: RangeItem, schema: string, env: Env): boolean =>
	item.schema === schema ||
	(schema === "pg_temp" && item.schema !== null && item.schema === env.context.scope.temporarySchema);

/** The server's words for a table that is not in FROM, or is there but can't be named from here. */
export function missingTable(parts: readonly string[], location: number | undefined, env: Env): void {
	const name = parts.at(-1) ?? "";
	if (parts.length > 2 && parts.at(-3) !== env.context.scope.database) {
		fail(env, "42P01", `missing FROM-clause entry for table "${name}"`, location);
		return;
	}
	for (let level: Env | null = env; level !== null; level = level.outer) {
		for (const item of level.everything) {
			const known = item.alias === name || (item.relation !== null && item.relation.name === name);
			if (!known) continue;
			const renamed =
				item.relation !== null && item.relation.name === name && item.alias !== name && item.alias !== null;
			const hint = renamed ? `Perhaps you meant to reference the table alias "${item.alias}".` : null;
			fail(env, "42P01", `invalid reference to FROM-clause entry for table "${name}"`, location, hint);
			return;
		}
	}
	fail(env, "42P01", `missing FROM-clause entry for table "${name}"`, location);
}

/** The columns that `*` or `t.*` stand for, in order; undefined when they aren't all known. */
export function star(ref: ColumnRef, env: Env): readonly Field[] | undefined {
	const names = texts((ref.fields ?? []).filter((field) => as(field, "A_Star") === undefined));
	if (names.length > 0) {
		const item = findTable(names, env, ref.location);
		if (item !== null) return known(item, env);
		const parameter = env.parameters?.named(names);
		if (parameter !== undefined) return parameter.fields ?? undefined;
		missingTable(names, ref.location, env);
		return undefined;
	}
	const visible = env.items.filter((item) => item.columnsVisible && !item.lateralOnly);
	if (visible.length === 0) {
		fail(env, "42601", "SELECT * with no tables specified is not valid", ref.location);
		return [];
	}
	const fields: Field[] = [];
	for (const item of visible) {
		const columns = known(item, env);
		if (columns === undefined) return undefined;
		fields.push(...columns);
	}
	return fields;
}

function known(item: RangeItem, env: Env): readonly Field[] | undefined {
	env.findings.use(item.row(), null);
	return item.complete ? item.columns : undefined;
}
