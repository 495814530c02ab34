import type { Definitions } from "./definitions.ts";
import type { CatalogCast, CatalogFunction, CatalogType } from "./model.ts";
import type { Objects } from "./objects.ts";
import type { CatalogQuery } from "./query.ts";
import { type Row, rows, rowsByOid } from "./rows.ts";
import * as sql from "./sql.ts";

const FUNCTION_KINDS = { f: "function", p: "procedure", a: "aggregate", w: "window" } as const;
const VOLATILITIES = { i: "immutable", s: "stable", v: "volatile" } as const;
const TYPE_KINDS: Readonly<Record<string, CatalogType["kind"]>> = {
	b: "base",
	c: "composite",
	d: "domain",
	e: "enum",
	p: "pseudo",
	r: "range",
	m: "multirange",
};
const CAST_CONTEXTS: Readonly<Record<string, CatalogCast["context"]>> = {
	i: "implicit",
	a: "assignment",
	e: "explicit",
};
/** Places in the rows of `sql.functions`; SUPPORT: the functions of an aggregate. */
const LANGUAGE = 5;
const BODY = 15;
const BOUND = 16;
const SUPPORT = [19, 20, 21, 22, 23, 24, 25, 26] as const;
const STAMP = 27;
const LIBRARY = 28;
const SYMBOL = 29;

type Schemas = ReadonlyMap<number, string>;

/** A function as pg_proc has it, before the body of one that is bound is known. */
export interface BareFunction {
	readonly oid: number;
	readonly schema: string;
	readonly name: string;
	readonly language: string;
	readonly row: Row;
}

export async function readBareFunctions(
	query: CatalogQuery,
	part: sql.Part,
	schemas: Schemas,
): Promise<BareFunction[]> {
	const found: BareFunction[] = [];
	for (const row of await rows(query, sql.functions(part))) {
		const schema = schemas.get(row.number(1));
		if (schema === undefined) continue;
		found.push({ oid: row.number(0), schema, name: row.text(2), language: row.text(LANGUAGE), row });
	}
	return found;
}

export async function readFunctions(
	bare: readonly BareFunction[],
	definitions: Definitions,
	objects: Objects,
): Promise<void> {
	const wanted = bare
		.filter(({ row }) => row.boolean(BOUND))
		.map(({ oid, row }) => ({ oid, stamp: row.text(STAMP) }));
	const bodies = await definitions.read("function", wanted, sql.functionBodies);
	for (const { oid, schema, row } of bare) {
		objects.addFunction(fn(row, schema, row.optional(BODY) ?? bodies.get(oid)?.optional(1) ?? null));
	}
}

/** Adds operators, and for the user part casts, comparisons and event triggers, to `objects`. */
export async function readObjects(
	query: CatalogQuery,
	part: "server" | "user",
	schemas: Schemas,
	objects: Objects,
): Promise<void> {
	for (const row of await rows(query, sql.operators(part))) {
		const schema = schemas.get(row.number(0));
		if (schema === undefined) continue;
		objects.addOperator({
			users: part === "user",
			schema,
			name: row.text(1),
			functionOid: row.number(2),
			leftType: row.number(3),
			rightType: row.number(4),
		});
	}
	if (part === "server") return;
	for (const row of await rows(query, sql.USER_CASTS)) {
		objects.userCasts.push({
			source: row.number(0),
			target: row.number(1),
			functionOid: row.number(2),
			context: row.code(3, CAST_CONTEXTS),
		});
	}
	for (const row of await rows(query, sql.USER_COMPARISONS)) {
		objects.userComparisons.push({
			type: row.number(0),
			functionOid: row.number(1),
			isDefault: row.boolean(2),
		});
	}
	for (const row of await rows(query, sql.EVENT_TRIGGERS)) {
		objects.eventTriggers.push({ name: row.text(0), functionOid: row.number(1) });
	}
}

export async function readTypes(
	query: CatalogQuery,
	part: sql.Part,
	schemas: Schemas,
): Promise<CatalogType[]> {
	const [checks, found] = await Promise.all([
		rowsByOid(query, sql.domainChecks(part)),
		rows(query, sql.types(part)),
	]);
	return found.flatMap((row) => {
		const schema = schemas.get(row.number(1));
		return schema === undefined ? [] : [type(row, schema, checks)];
	});
}

function fn(row: Row, schema: string, body: string | null): CatalogFunction {
	const names = row.strings(10);
	const modes = row.strings(11);
	/** Without modes all arguments are IN. */
	const having = (wanted: string) => names.filter((_, index) => wanted.includes(modes[index] ?? "i"));
	const types = row.text(12);
	return {
		oid: row.number(0),
		schema,
		name: row.text(2),
		kind: row.code(3, FUNCTION_KINDS),
		volatility: row.code(4, VOLATILITIES),
		language: row.text(LANGUAGE),
		securityDefiner: row.boolean(6),
		arguments: row.number(7),
		defaults: row.number(8),
		variadic: row.boolean(9),
		argumentNames: having("ibv"),
		argumentTypes: types === "" ? [] : types.split(" ").map(Number),
		returnType: row.number(13),
		returnsSet: row.boolean(14),
		outputNames: having("obt"),
		body,
		bodyIsBound: row.boolean(BOUND),
		settings: row.strings(17),
		defaultExpressions: row.optional(18),
		native: native(row),
		support: SUPPORT.map((index) => row.oid(index)).filter((oid) => oid !== 0),
	};
}

function native(row: Row): CatalogFunction["native"] {
	const symbol = row.optional(SYMBOL);
	return symbol === null ? null : { library: row.optional(LIBRARY), symbol };
}

function type(row: Row, schema: string, checks: ReadonlyMap<number, Row[]>): CatalogType {
	const oid = row.number(0);
	return {
		oid,
		schema,
		name: row.text(2),
		kind: row.code(3, TYPE_KINDS),
		relationOid: row.number(4),
		baseType: row.number(5),
		elementType: row.number(6),
		inputFunction: row.number(7),
		outputFunction: row.number(8),
		defaultExpression: row.optional(9),
		checks: (checks.get(oid) ?? []).map((check) => check.text(1)),
	};
}
