import type { RelationFacts } from "../../commands/index.ts";
import { type Catalog, FIRST_USER_OID, type Relation } from "./catalog/index.ts";

/** What masks need to know of a relation; null where the catalog has none of that name. */
export function factsOf(catalog: Catalog, schema: string, name: string): RelationFacts | null {
	const relation = catalog.relation(schema, name);
	if (relation === undefined) return null;
	const relatives = [
		...reached(relation, catalog, (each) => each.parents),
		...reached(relation, catalog, (each) => each.children),
	];
	return {
		columns: relation.columns.map((column) => column.name),
		relatives: relatives.map((each) => ({ schema: each.schema, table: each.name })),
	};
}

/** All that is reached by going on in one direction, the relation itself excepted. */
function reached(
	relation: Relation,
	catalog: Catalog,
	next: (relation: Relation) => readonly number[],
): Iterable<Relation> {
	const found = new Map<number, Relation>();
	const waiting = [...next(relation)];
	for (let oid = waiting.pop(); oid !== undefined; oid = waiting.pop()) {
		const relative = found.has(oid) ? undefined : catalog.relationByOid(oid);
		if (relative === undefined) continue;
		found.set(oid, relative);
		waiting.push(...next(relative));
	}
	return found.values();
}

/** True for a domain with checks, and for arrays and rows that hold values of one. */
export function hasChecks(typeOid: number, catalog: Catalog, depth = 0): boolean {
	const type = typeOid < FIRST_USER_OID || depth > MAX_TYPE_DEPTH ? undefined : catalog.typeByOid(typeOid);
	if (type === undefined) return false;
	const fields = type.kind === "composite" ? catalog.relationByOid(type.relationOid)?.columns : undefined;
	const parts = [type.baseType, type.elementType, ...(fields ?? []).map((column) => column.typeOid)];
	return type.checks.length > 0 || parts.some((part) => hasChecks(part, catalog, depth + 1));
}

/** Types within types that are followed; real ones stop at a few. */
const MAX_TYPE_DEPTH = 16;
