import type { FuncCall, Node, RangeFunction } from "libpg-query-18";
import { castTo } from "./casts.ts";
import type { Env, RangeItem } from "./environment.ts";
import { expression } from "./expression.ts";
import { namedItem } from "./from.ts";
import { calledFunction } from "./functions.ts";
import { typeOf } from "./names.ts";
import { columnName } from "./naming.ts";
import { as, items, text } from "./tree.ts";
import { derived, EXPRESSION, type Field, plain, TYPE, type Value } from "./value.ts";

interface Columns {
	readonly fields: readonly Field[];
	readonly complete: boolean;
	/** One value of a simple type: the alias names the column too. */
	readonly scalar: boolean;
}

/** Functions in FROM, one or several (ROWS FROM), which see what stands before them, LATERAL said or not. */
export function rangeFunction(body: RangeFunction, env: Env): RangeItem {
	const before = env.lateral;
	env.lateral = true;
	const calls = (body.functions ?? []).map((node) => {
		const [call, definitions] = items(node);
		return columnsOf(call, definitions === undefined ? [] : items(definitions), body, env);
	});
	env.lateral = before;
	const fields = calls.flatMap((call) => call.fields);
	const [first] = calls;
	const named =
		calls.length === 1 && first?.scalar === true && body.alias?.aliasname !== undefined
			? fields.map((field) => ({ ...field, name: body.alias?.aliasname ?? field.name }))
			: fields;
	const list = body.ordinality === true ? [...named, { name: "ordinality", value: plain(TYPE.int8) }] : named;
	const item = namedItem(body.alias, list, defaultName(body), env);
	const whole = calls.every((call) => call.complete) ? item : { ...item, complete: false };
	const [only] = list;
	if (first?.scalar !== true || list.length !== 1 || only === undefined) return whole;
	return { ...whole, row: () => only.value };
}

function columnsOf(call: Node | undefined, listed: readonly Node[], body: RangeFunction, env: Env): Columns {
	const definitions = listed.length > 0 ? listed : (body.coldeflist ?? []);
	const function_ = as(call, "FuncCall");
	if (call === undefined || function_ === undefined) {
		const value = expression(call, env);
		if (definitions.length > 0)
			return { fields: defined(definitions, value, env), complete: true, scalar: false };
		const name = call === undefined ? "" : columnName(call);
		return { fields: [{ name, value: { ...value, origin: EXPRESSION } }], complete: true, scalar: true };
	}
	const unnested = unnest(function_, env);
	if (unnested !== undefined) return unnested;
	const called = calledFunction(function_, env);
	if (definitions.length > 0) {
		return { fields: defined(definitions, called.value, env), complete: true, scalar: false };
	}
	if (called.columns === undefined)
		return { fields: [{ name: "", value: called.value }], complete: false, scalar: false };
	if (called.columns === null) {
		const value = { ...called.value, origin: EXPRESSION, constant: false };
		return { fields: [{ name: text(function_.funcname?.at(-1)), value }], complete: true, scalar: true };
	}
	const fields = called.columns.map((field) => ({
		name: field.name,
		value: { ...field.value, origin: EXPRESSION },
	}));
	return { fields, complete: true, scalar: fields.length === 1 && fields[0]?.value === called.value };
}

/** The columns of a column definition list, each made of the whole record. */
function defined(definitions: readonly Node[], value: Value, env: Env): Field[] {
	return definitions.map((node): Field => {
		const column = as(node, "ColumnDef");
		castTo(column?.typeName, value, env);
		return { name: column?.colname ?? "", value: derived([value], typeOf(column?.typeName, env)) };
	});
}

/** `unnest(a, b)` in FROM is `ROWS FROM (unnest(a), unnest(b))`, whatever the search path says. */
function unnest(call: FuncCall, env: Env): Columns | undefined {
	const args = call.args ?? [];
	const plainCall = call.agg_order === undefined && call.agg_filter === undefined && call.over === undefined;
	if (call.funcname?.length !== 1 || text(call.funcname[0]) !== "unnest" || args.length < 2 || !plainCall)
		return undefined;
	const name = [{ String: { sval: "pg_catalog" } }, { String: { sval: "unnest" } }];
	const columns = args.map((arg) =>
		columnsOf({ FuncCall: { ...call, funcname: name, args: [arg] } }, [], {}, env),
	);
	return {
		fields: columns.flatMap((column) => column.fields),
		complete: columns.every((column) => column.complete),
		scalar: false,
	};
}

/** Without an alias an item goes by the name of its first function. */
function defaultName(body: RangeFunction): string | null {
	const [call] = items(body.functions?.[0]);
	return call === undefined ? null : columnName(call);
}
