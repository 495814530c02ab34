import type { Catalog, Relation } from "../catalog/index.ts";
import type { RowFilter } from "./filters.ts";

/** The filters that hold for a relation: its own, and those of what it is a partition or child of. */
export function filtersOf(relation: Relation, filters: readonly RowFilter[], catalog: Catalog): RowFilter[] {
	const family = new Set([relation.oid, ...relativesOf(relation, catalog, "parents").map(({ oid }) => oid)]);
	return filters.filter((filter) => family.has(filter.relation.oid));
}

/** True where reading the relation gives rows of a filtered child: no condition on the whole is the child's. */
export function holdsFiltered(relation: Relation, filters: readonly RowFilter[], catalog: Catalog): boolean {
	const children = new Set(relativesOf(relation, catalog, "children").map(({ oid }) => oid));
	return filters.some((filter) => children.has(filter.relation.oid));
}

/** Parents or children at any distance. */
export function relativesOf(
	relation: Relation,
	catalog: Catalog,
	which: "parents" | "children",
): readonly Relation[] {
	const found = new Map<number, Relation>();
	const open = [...relation[which]];
	for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
		const relative = found.has(oid) ? undefined : catalog.relationByOid(oid);
		if (relative === undefined) continue;
		found.set(oid, relative);
		open.push(...relative[which]);
	}
	return [...found.values()];
}
