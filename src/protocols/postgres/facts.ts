import type { RelationFacts } from "../../commands/index.ts";
import type { Catalog, Relation } from "./catalog/index.ts";

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
