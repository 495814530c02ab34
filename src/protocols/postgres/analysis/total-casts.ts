import type { Catalog } from "../catalog/model.ts";
import { baseOf } from "./coercion.ts";
import { isUsers } from "./names.ts";
import { TYPE, type Value } from "./value.ts";

const CHAR = 18;
const BPCHAR = 1042;
const [INT2, FLOAT4, FLOAT8] = [21, 700, 701];
const [CIDR, INET, MACADDR, MACADDR8, VARBIT] = [650, 869, 829, 774, 1562];

/** Texts, which become one another in any way. */
const TEXTS: ReadonlySet<number> = new Set([TYPE.text, TYPE.varchar, BPCHAR, TYPE.name]);

/** From which types to which the server's casts always succeed. Everything becomes a text. */
const WIDER: ReadonlyMap<number, readonly number[]> = new Map([
	[INT2, [TYPE.int4, TYPE.int8, TYPE.numeric, FLOAT4, FLOAT8]],
	[TYPE.int4, [TYPE.int8, TYPE.numeric, FLOAT4, FLOAT8]],
	[TYPE.int8, [TYPE.numeric, FLOAT4, FLOAT8]],
	[FLOAT4, [FLOAT8]],
	[TYPE.bool, [TYPE.int4]],
	[CIDR, [INET]],
	[MACADDR, [MACADDR8]],
	[TYPE.bit, [VARBIT]],
	[VARBIT, [TYPE.bit]],
	[TYPE.timestamp, [TYPE.date, TYPE.time]],
	[TYPE.jsonb, [TYPE.json]],
]);

/** The other casts that the server puts in by itself: a value that it fails for is told by the failure. */
const UNSURE: ReadonlyMap<number, readonly number[]> = new Map([
	[TYPE.int8, [26, 24, 2205]],
	[TYPE.numeric, [FLOAT4, FLOAT8]],
	[TYPE.date, [TYPE.timestamp, TYPE.timestamptz]],
	[TYPE.timestamp, [TYPE.timestamptz]],
	[TYPE.time, [TYPE.timetz]],
	[TYPE.text, [2205]],
	[TYPE.varchar, [2205]],
	[MACADDR8, [MACADDR]],
]);

/** True when values of one type always become values of the other. */
export function alwaysBecomes(from: number, to: number, catalog: Catalog): boolean {
	if (from === to) return true;
	const base = baseOf(from, catalog);
	if (base === to) return true;
	if (isUsers(to)) return false;
	if (TEXTS.has(base)) return TEXTS.has(to);
	if (TEXTS.has(to)) return to !== TYPE.name;
	return WIDER.get(base)?.includes(to) === true || (base === CHAR && to === TYPE.text);
}

/** True when the server may put such a cast in by itself and it may fail. */
export function mayFailToBecome(from: number, to: number, catalog: Catalog): boolean {
	if (from === 0) return true;
	const base = baseOf(from, catalog);
	if (base === to) return false;
	return isUsers(base) || isUsers(to) || UNSURE.get(base)?.includes(to) === true;
}

/** True when values of these types are made of one type without any that could not be. */
export function becomeOne(values: readonly Value[], catalog: Catalog): boolean {
	const known = values.filter(({ type }) => type !== TYPE.unknown);
	if (known.length < 2) return true;
	const types = new Set(known.map(({ type }) => baseOf(type, catalog)));
	if (types.has(0)) return false;
	return [...types].some((to) => [...types].every((from) => isWithin(from, to)));
}

const isWithin = (from: number, to: number): boolean =>
	from === to || WIDER.get(from)?.includes(to) === true || (TEXTS.has(from) && TEXTS.has(to));

/** True for a type whose values are equal, less or greater than others without any failure. */
export function comparesAlways(oid: number, catalog: Catalog): boolean {
	const base = baseOf(oid, catalog);
	if (COMPARED.has(base)) return true;
	const type = catalog.typeByOid(base);
	if (type?.kind === "enum") return true;
	if (type?.kind === "range" || type?.kind === "multirange") return !isUsers(base);
	const isArray = type !== undefined && type.elementType !== 0 && type.name.startsWith("_");
	return isArray && comparesAlways(type.elementType, catalog);
}

const COMPARED: ReadonlySet<number> = new Set([
	...[TYPE.bool, TYPE.bytea, TYPE.text, TYPE.varchar, BPCHAR, TYPE.name, CHAR, INT2, TYPE.int4, TYPE.int8],
	...[
		TYPE.numeric,
		FLOAT4,
		FLOAT8,
		TYPE.date,
		TYPE.time,
		TYPE.timetz,
		TYPE.timestamp,
		TYPE.timestamptz,
		1186,
	],
	...[2950, TYPE.jsonb, CIDR, INET, MACADDR, MACADDR8, TYPE.bit, VARBIT, 26, 790, 3220],
]);

/** True when a value may hold json, or it isn't known what it holds. */
export function mayHoldJson({ type, fields }: Value, catalog: Catalog): boolean {
	if (fields !== null) return fields.some(({ value }) => mayHoldJson(value, catalog));
	return typeHoldsJson(type, catalog, 0);
}

function typeHoldsJson(oid: number, catalog: Catalog, depth: number): boolean {
	const type = catalog.typeByOid(baseOf(oid, catalog));
	if (type === undefined || type.oid === TYPE.json || type.kind === "pseudo" || depth > 16) return true;
	const parts = type.kind === "composite" ? (catalog.relationByOid(type.relationOid)?.columns ?? []) : [];
	return [type.elementType, ...parts.map(({ typeOid }) => typeOid)].some(
		(part) => part !== 0 && typeHoldsJson(part, catalog, depth + 1),
	);
}
