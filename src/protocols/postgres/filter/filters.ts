import { parseColumnName } from "../../../masking/index.ts";
import type { FilterObligation } from "../../../policy/index.ts";
import type { Catalog, Relation } from "../catalog/index.ts";
import type { ParseTree } from "../grammar/index.ts";
import { unfilterable } from "./refusal.ts";
import { bodyOf, isTree, listOf, nodesOf, stringOf, type Tree } from "./tree.ts";

/** A condition on the rows of one relation, and of its partitions and children. */
export interface RowFilter {
	readonly relation: Relation;
	readonly predicate: Tree;
	/** It has a query of its own, whose names can't be told from the columns of a statement around it. */
	readonly hasQuery: boolean;
}

/**
 * Reads the decision's filters. One on a relation that the catalog doesn't have is refused like one that can't be
 * read: it was renamed or misspelt, and what it was to hold back goes by another name.
 */
export function readFilters(
	obligations: readonly FilterObligation[],
	catalog: Catalog,
	parse: (text: string) => ParseTree | null,
): RowFilter[] {
	return obligations.map(({ rule, relation: name, predicate: text }) => {
		const relation = relationNamed(name, catalog);
		if (relation === undefined) throw unfilterable(`the rule ${rule} names ${name}, which is not there`);
		const predicate = predicateOf(text, parse);
		if (typeof predicate === "string") throw unfilterable(`the condition of the rule ${rule} ${predicate}`);
		const hasQuery = [...nodesOf(predicate)].some(([kind]) => kind === "SubLink");
		return { relation, predicate, hasQuery };
	});
}

function relationNamed(name: string, catalog: Catalog): Relation | undefined {
	const { schema, table } = parseColumnName(`${name}.*`);
	return schema === null || table === null ? undefined : catalog.relation(schema, table);
}

/** The condition's tree, or what is wrong with it. */
function predicateOf(text: string, parse: (text: string) => ParseTree | null): Tree | string {
	const [raw, ...more] = parse(`SELECT WHERE (${text}\n)`)?.stmts ?? [];
	const select = bodyOf(raw?.stmt, "SelectStmt");
	const where = select?.["whereClause"];
	if (select === undefined || more.length > 0 || !isTree(where)) return "is no SQL condition";
	const parts = Object.keys(select).filter((key) => !["whereClause", "limitOption", "op"].includes(key));
	if (parts.length > 0) return "is more than a condition";
	for (const [kind, body] of nodesOf(where)) {
		if (kind === "ParamRef") return "has a parameter";
		const unqualified = isTree(body) && kind === "RangeVar" && body["schemaname"] === undefined;
		if (unqualified) return "names a relation without its schema";
	}
	return where;
}

/** What in the condition means another thing where the session has temporary objects. */
export function namesTypes(predicate: Tree): boolean {
	return [...nodesOf(predicate)].some(
		([kind, body]) => kind === "TypeCast" && listOf(typeNameOf(body)?.["names"]).length < 2,
	);
}

function typeNameOf(cast: unknown): Tree | undefined {
	const type = isTree(cast) ? cast["typeName"] : undefined;
	return isTree(type) ? type : undefined;
}

/**
 * The condition with its columns named by what the relation is called in the statement; null where that can't be told.
 */
export function qualifiedBy(alias: string, { predicate, relation, hasQuery }: RowFilter): Tree | null {
	if (hasQuery) return null;
	let failed = false;
	const walk = (value: unknown): unknown => {
		if (Array.isArray(value)) return value.map(walk);
		if (!isTree(value)) return value;
		const reference = bodyOf(value, "ColumnRef");
		if (reference === undefined)
			return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, walk(child)]));
		const fields = listOf(reference["fields"]);
		const column = fields.at(-1);
		const own = fields.length === 1 || (fields.length === 2 && stringOf(fields[0]) === relation.name);
		if (!own || stringOf(column) === undefined) failed = true;
		return { ColumnRef: { ...reference, fields: [{ String: { sval: alias } }, column] } };
	};
	const walked = walk(predicate);
	return failed || !isTree(walked) ? null : walked;
}
