import type { ValueKind } from "../../../masking/index.ts";
import type { Catalog } from "../catalog/index.ts";

/** What a type's values are made of, as far as masks look into them. */
export type Shape =
	/** Of a text that may have only so many characters, `longest` is how many. */
	| { readonly of: "scalar"; readonly oid: number; readonly kind: ValueKind; readonly longest?: number }
	| { readonly of: "array"; readonly element: Shape; readonly elementOid: number; readonly delimiter: string }
	| { readonly of: "range"; readonly bound: Shape }
	| { readonly of: "row"; readonly fields: readonly Shape[] };

const KINDS: ReadonlyMap<number, ValueKind> = new Map<number, ValueKind>([
	[16, "boolean"],
	[17, "bytes"],
	[19, "text"],
	[20, "bigint"],
	[21, "smallint"],
	[23, "integer"],
	[25, "text"],
	[114, "json"],
	[650, "address"],
	[700, "float"],
	[701, "float"],
	[774, "hardware"],
	[829, "hardware"],
	[869, "address"],
	[1042, "text"],
	[1043, "text"],
	[1082, "date"],
	[1083, "time"],
	[1114, "timestamp"],
	[1184, "timestamp"],
	[1186, "interval"],
	[1266, "time"],
	[1700, "decimal"],
	[2950, "uuid"],
	[3802, "json"],
]);

/** The server's own range types, with the type of their bounds. */
const RANGES: ReadonlyMap<number, number> = new Map([
	[3904, 23],
	[3906, 1700],
	[3908, 1114],
	[3910, 1184],
	[3912, 1082],
	[3926, 20],
]);

/** Deeper types (an array of rows of arrays ...) are not looked into. */
const MAX_DEPTH = 8;
const OTHER = { of: "scalar", oid: 0, kind: "other" } as const;

const BPCHAR = 1042;
const VARCHAR = 1043;
/** What the modifier of a type with a length counts beside it. */
const MODIFIER_BASE = 4;

/**
 * What the values of a type are: domains as what they are made of, types that nobody knows as `other`.
 * @param modifier as RowDescription has it; -1 for none
 */
export function shapeOfType(oid: number, catalog: Catalog | null, modifier = -1, depth = 0): Shape {
	const kind = KINDS.get(oid);
	if (kind !== undefined) {
		const limited = (oid === BPCHAR || oid === VARCHAR) && modifier > MODIFIER_BASE;
		return { of: "scalar", oid, kind, ...(limited ? { longest: modifier - MODIFIER_BASE } : {}) };
	}
	const bound = RANGES.get(oid);
	if (bound !== undefined) return { of: "range", bound: shapeOfType(bound, catalog) };
	const type = depth < MAX_DEPTH ? catalog?.typeByOid(oid) : undefined;
	if (type === undefined || catalog === null) return { ...OTHER, oid };
	if (type.kind === "domain") return shapeOfType(type.baseType, catalog, modifier, depth + 1);
	if (type.kind === "base" && type.elementType !== 0 && type.name.startsWith("_"))
		return {
			of: "array",
			element: shapeOfType(type.elementType, catalog, modifier, depth + 1),
			elementOid: type.elementType,
			delimiter: ",",
		};
	if (type.kind === "composite") {
		const columns = catalog.relationByOid(type.relationOid)?.columns;
		if (columns !== undefined)
			return {
				of: "row",
				fields: columns.map(({ typeOid, modifier: own }) => shapeOfType(typeOid, catalog, own, depth + 1)),
			};
	}
	return type.name === "citext" ? { of: "scalar", oid, kind: "text" } : { ...OTHER, oid };
}
