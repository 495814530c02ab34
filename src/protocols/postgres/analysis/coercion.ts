import type { Catalog } from "../catalog/model.ts";
import type { Env } from "./environment.ts";
import { isUsers } from "./names.ts";
import { TYPE, type Value } from "./value.ts";

/** Pseudo-types that take any value: the any* family, record, internal names aside. */
const TAKES_ANYTHING = new Set([2249, 2276, 2283, 2776, 5077, 5079]);

/**
 * Whether a value of one type may stand where another is wanted. Generous: between two of the server's own types
 * always true. It only serves to rule out functions and operators over users' types that a call can't mean, so that
 * an extension's `=` doesn't come into every comparison. Limit: a cast from a built-in type to a user's type that
 * works without a function isn't known to the catalog's picture; if it is implicit, it is overlooked here.
 */
export function mayStandFor(from: number, to: number, env: Env): boolean {
	if (from === to || from === 0 || from === TYPE.unknown || to === 0) return true;
	const { catalog } = env.context;
	const wanted = FAMILIES.get(to);
	if (wanted !== undefined) return familyOf(from, catalog) === wanted;
	if (TAKES_ANYTHING.has(to)) return true;
	if (baseOf(from, catalog) === baseOf(to, catalog)) return true;
	if ((familyOf(from, catalog) === "array") !== (familyOf(to, catalog) === "array")) return false;
	if (!isUsers(to)) return true;
	if (catalog.typeByOid(to) === undefined) return true;
	return catalog.userCasts.some(
		(cast) => cast.source === from && cast.target === to && cast.context === "implicit",
	);
}

type Family = "array" | "range" | "multirange" | "enum" | "other";

/** Pseudo-types that take one family of types: anyarray, anyrange, anymultirange, anyenum and their like. */
const FAMILIES: ReadonlyMap<number, Family> = new Map([
	[TYPE.anyarray, "array"],
	[5078, "array"],
	[3831, "range"],
	[5080, "range"],
	[4537, "multirange"],
	[4538, "multirange"],
	[3500, "enum"],
]);

function familyOf(oid: number, catalog: Catalog): Family {
	if (oid === TYPE.anyarray) return "array";
	const type = catalog.typeByOid(baseOf(oid, catalog));
	// name and a few fixed-length types have elements as well and are no arrays.
	if (type !== undefined && type.elementType !== 0 && type.name.startsWith("_")) return "array";
	if (type?.kind === "range" || type?.kind === "multirange" || type?.kind === "enum") return type.kind;
	return "other";
}

/** True when the value surely is no row: an array of such has elements that are one column each. */
export function isSimple(value: Value, env: Env): boolean {
	if (value.type === 0 || value.type === TYPE.record || value.fields !== null) return false;
	const base = baseOf(value.type, env.context.catalog);
	return env.context.catalog.typeByOid(base)?.kind !== "composite";
}

/** True for an array, whatever it is made of. */
export const isArray = (value: Value, env: Env): boolean =>
	familyOf(value.type, env.context.catalog) === "array";

/** The type beneath a domain. */
export function baseOf(oid: number, catalog: Catalog): number {
	let reached = oid;
	for (let steps = 0; steps < 32; steps++) {
		const type = isUsers(reached) ? catalog.typeByOid(reached) : undefined;
		if (type?.kind !== "domain") return reached;
		reached = type.baseType;
	}
	return reached;
}

const NAMES: Readonly<Record<number, string>> = {
	16: "boolean",
	17: "bytea",
	18: '"char"',
	19: "name",
	20: "bigint",
	21: "smallint",
	23: "integer",
	25: "text",
	26: "oid",
	114: "json",
	142: "xml",
	600: "point",
	650: "cidr",
	700: "real",
	701: "double precision",
	705: "unknown",
	790: "money",
	829: "macaddr",
	869: "inet",
	1042: "character",
	1043: "character varying",
	1082: "date",
	1083: "time without time zone",
	1114: "timestamp without time zone",
	1184: "timestamp with time zone",
	1186: "interval",
	1266: "time with time zone",
	1560: "bit",
	1562: "bit varying",
	1700: "numeric",
	2249: "record",
	2950: "uuid",
	3802: "jsonb",
};

/** A type as the server's errors print it; undefined where the analysis can't say. */
export function typeName(oid: number): string | undefined {
	return NAMES[oid];
}
