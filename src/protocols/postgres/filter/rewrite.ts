import type { Scope } from "../analysis/index.ts";
import type { Relation } from "../catalog/index.ts";
import { qualifiedBy, type RowFilter } from "./filters.ts";
import { unfilterable } from "./refusal.ts";
import { filtersOf, holdsFiltered } from "./targets.ts";
import { bodyOf, conjoined, isTree, listOf, nodesOf, stringNode, stringOf, type Tree } from "./tree.ts";

/** Statements in which every place is known where a relation may stand. */
const KNOWN = new Set([
	...["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "CopyStmt", "ExplainStmt"],
	...["CreateTableAsStmt", "DeclareCursorStmt", "PrepareStmt"],
]);
/** Views within views, further than anybody has them. */
const MAX_DEPTH = 32;

/**
 * Adds filters to a statement's tree at every reference to their relations: where a relation is read, it is replaced
 * by a query of it with the condition, under the same alias; where it is changed, the condition joins the statement's
 * own; views are replaced by their definitions where they reach such a relation.
 */
export class Rewriter {
	readonly #scope: Scope;
	readonly #filters: readonly RowFilter[];
	readonly probe: boolean;
	/** Relations that the statement changes itself. */
	readonly targets: Relation[] = [];
	/** Names that CTEs have: an unqualified reference to one of them might be the CTE's or the relation's. */
	#ctes: ReadonlySet<string> = new Set();
	#depth = 0;

	/** @param probe references become rows of NULLs, so that whoever reads the relation still, does so elsewhere */
	constructor(scope: Scope, filters: readonly RowFilter[], probe = false) {
		this.#scope = scope;
		this.#filters = filters;
		this.probe = probe;
	}

	/** One statement's node, with the filters. */
	statement(node: unknown): unknown {
		const kind = isTree(node) ? (Object.keys(node)[0] ?? "") : "";
		const kept = bodyOf(node, "CreateTableAsStmt")?.["objtype"] === "OBJECT_MATVIEW";
		if (!KNOWN.has(kind) || kept)
			throw unfilterable(`it is none of SELECT, INSERT, UPDATE, DELETE, MERGE, COPY and EXPLAIN`);
		this.#ctes = new Set(
			[...nodesOf(node)].flatMap(([each, body]) =>
				each === "CommonTableExpr" && isTree(body) ? [String(body["ctename"])] : [],
			),
		);
		return this.#walk(node);
	}

	#walk(value: unknown): unknown {
		if (Array.isArray(value)) return value.map((each) => this.#walk(each));
		if (!isTree(value)) return value;
		const range = bodyOf(value, "RangeVar");
		if (range !== undefined) return this.#reference(range, value, (read) => read);
		const sample = bodyOf(value, "RangeTableSample");
		const sampled = sample === undefined ? undefined : bodyOf(sample["relation"], "RangeVar");
		if (sample !== undefined && sampled !== undefined)
			return this.#reference(sampled, value, (read) => ({
				RangeTableSample: { ...sample, relation: read },
			}));
		return Object.fromEntries(
			Object.entries(value).map(([key, child]) => [
				key,
				key === "lockedRels" ? child : this.#node(key, child),
			]),
		);
	}

	#node(kind: string, child: unknown): unknown {
		const body = isTree(child) ? child : {};
		switch (kind) {
			case "UpdateStmt":
			case "DeleteStmt":
				return { ...this.#fields(body), ...this.#changed(body) };
			case "InsertStmt":
				return { ...this.#fields(body), ...this.#inserted(body) };
			case "MergeStmt":
				if (this.#filtersAt(body["relation"]).length > 0)
					throw unfilterable("MERGE into a filtered relation");
				return this.#fields(body);
			case "CopyStmt":
				return this.#copied(body);
			case "ColumnRef":
				return { ...body, fields: this.#columnFields(listOf(body["fields"])) };
			default:
				return this.#walk(child);
		}
	}

	#fields(body: Tree): Tree {
		return Object.fromEntries(Object.entries(body).map(([key, child]) => [key, this.#walk(child)]));
	}

	/** `schema.relation.column` no longer names what has become a query with the relation's alias. */
	#columnFields(fields: readonly unknown[]): readonly unknown[] {
		const [schema, table] = fields.map(stringOf);
		if (fields.length < 3 || schema === undefined || table === undefined) return fields;
		const relation = this.#scope.catalog.relation(schema, table);
		return relation !== undefined && this.#concerns(relation) ? fields.slice(1) : fields;
	}

	/** A relation that is read. @param within puts what it is read from into the node that stood around it */
	#reference(range: Tree, node: Tree, within: (read: Tree) => Tree): unknown {
		const relation = this.#resolve(range);
		if (relation === undefined || !this.#concerns(relation)) return node;
		const alias = isTree(range["alias"]) ? range["alias"] : { aliasname: range["relname"] };
		return { RangeSubselect: { subquery: this.#query(relation, range, within), alias } };
	}

	#query(relation: Relation, range: Tree, within: (read: Tree) => Tree): Tree {
		if (this.probe) return nullRow(relation, this.#scope);
		const filters = filtersOf(relation, this.#filters, this.#scope.catalog);
		const isView = relation.viewDefinition !== null && relation.kind === "view";
		const read = isView
			? { RangeSubselect: { subquery: this.#view(relation), alias: { aliasname: relation.name } } }
			: within(plainRange(relation, range, filters[0]?.relation.name ?? relation.name));
		return selectAll(
			read,
			filters.length === 0
				? undefined
				: conjoined(
						undefined,
						filters.map(({ predicate }) => predicate),
					),
		);
	}

	#view(relation: Relation): unknown {
		const definition = this.#scope.parse(relation.viewDefinition ?? "")?.stmts?.[0]?.stmt;
		if (definition === undefined || ++this.#depth > MAX_DEPTH)
			throw unfilterable(`the view ${relation.name} can't be read`);
		const ctes = this.#ctes;
		const walked = this.statement(definition);
		this.#ctes = ctes;
		this.#depth--;
		return walked;
	}

	#changed(body: Tree): Tree {
		const target = body["relation"];
		const filters = this.#filtersAt(target);
		if (filters.length === 0) return { relation: target };
		if (bodyOf(body["whereClause"], "CurrentOfExpr") !== undefined)
			throw unfilterable("WHERE CURRENT OF names a row, and no condition can be added");
		const where = conjoined(this.#walk(body["whereClause"]), this.#qualified(target, filters));
		return { relation: target, whereClause: where };
	}

	/** New rows are not filtered; those that ON CONFLICT changes are. */
	#inserted(body: Tree): Tree {
		const target = body["relation"];
		const conflict = body["onConflictClause"];
		const filters = this.#filtersAt(target);
		const changes = isTree(conflict) && conflict["action"] === "ONCONFLICT_UPDATE";
		if (filters.length === 0 || !changes) return { relation: target };
		const where = conjoined(this.#walk(conflict["whereClause"]), this.#qualified(target, filters));
		return { relation: target, onConflictClause: { ...this.#fields(conflict), whereClause: where } };
	}

	/** `COPY t TO` reads the table's own rows; it becomes a query of the same columns. */
	#copied(body: Tree): unknown {
		const target = body["relation"];
		if (body["is_from"] === true) this.#filtersAt(target);
		if (!isTree(target) || body["is_from"] === true) return this.#fields(body);
		const relation = this.#resolve(target);
		if (relation === undefined || !this.#concerns(relation))
			return { ...this.#fields(body), relation: target };
		const { relation: _, attlist, ...rest } = body;
		const { inh: __, ...bare } = target;
		const own = relation.kind === "partitioned_table" ? { ...bare, inh: true } : bare; // false is left out
		const columns = relation.columns
			.filter(({ generated }) => !generated)
			.map(({ name }) => stringNode(name));
		const names = attlist === undefined ? columns : listOf(attlist);
		const query = this.#reference(own, own, (read) => read);
		return {
			...this.#fields(rest),
			query: { SelectStmt: { ...SELECT, targetList: names.map(target1), fromClause: [query] } },
		};
	}

	#qualified(target: unknown, filters: readonly RowFilter[]): unknown[] {
		const range = isTree(target) ? target : {};
		const aliased = isTree(range["alias"]) ? range["alias"]["aliasname"] : range["relname"];
		return filters.map((filter) => {
			const condition = qualifiedBy(String(aliased), filter);
			if (condition === null)
				throw unfilterable("its condition can't be added to a statement that changes rows");
			return condition;
		});
	}

	#filtersAt(target: unknown): RowFilter[] {
		const relation = isTree(target) ? this.#resolve(target) : undefined;
		if (relation === undefined) return [];
		if (holdsFiltered(relation, this.#filters, this.#scope.catalog))
			throw unfilterable(`${relation.name} has children that are filtered by themselves`);
		const filters = filtersOf(relation, this.#filters, this.#scope.catalog);
		if (filters.length > 0) this.targets.push(relation);
		return filters;
	}

	/** True for a relation whose rows are filtered, and for a view that reaches one. */
	#concerns(relation: Relation): boolean {
		const { catalog } = this.#scope;
		if (holdsFiltered(relation, this.#filters, catalog))
			throw unfilterable(`${relation.name} has children that are filtered by themselves`);
		if (filtersOf(relation, this.#filters, catalog).length > 0) return true;
		if (relation.kind !== "view" || ++this.#depth > MAX_DEPTH) return relation.kind === "view";
		const definition = this.#scope.parse(relation.viewDefinition ?? "");
		const reaches = [...nodesOf(definition)].some(([kind, body]) => {
			const read = kind === "RangeVar" && isTree(body) ? this.#resolve(body) : undefined;
			return read !== undefined && this.#concerns(read);
		});
		this.#depth--;
		return reaches || definition === null;
	}

	#resolve(range: Tree): Relation | undefined {
		const { catalog, searchPath, temporarySchema } = this.#scope;
		const name = String(range["relname"] ?? "");
		const schema = range["schemaname"];
		if (typeof schema === "string")
			return catalog.relation(schema === "pg_temp" ? (temporarySchema ?? "pg_temp") : schema, name);
		const found = searchPath.map((each) => catalog.relation(each, name)).find((each) => each !== undefined);
		if (!this.#ctes.has(name) || found === undefined) return found;
		if (this.#concernsNamed(found)) throw unfilterable(`${name} is both a CTE's name and a relation's`);
		return undefined;
	}

	#concernsNamed(relation: Relation): boolean {
		const ctes = this.#ctes;
		this.#ctes = new Set();
		const concerns = this.#concerns(relation);
		this.#ctes = ctes;
		return concerns;
	}
}

const SELECT = { limitOption: "LIMIT_OPTION_DEFAULT", op: "SETOP_NONE" } as const;
const STAR = { ResTarget: { val: { ColumnRef: { fields: [{ A_Star: {} }] } } } };

const target1 = (name: unknown): Tree => ({ ResTarget: { val: { ColumnRef: { fields: [name] } } } });

function selectAll(from: Tree, where: unknown): Tree {
	const condition = where === undefined ? {} : { whereClause: where };
	return { SelectStmt: { ...SELECT, targetList: [STAR], fromClause: [from], ...condition } };
}

/** The relation by its full name, called as the filter's condition calls it. */
function plainRange({ schema, name }: Relation, range: Tree, alias: string): Tree {
	const { alias: _, location: __, ...rest } = range;
	return { RangeVar: { ...rest, schemaname: schema, relname: name, alias: { aliasname: alias } } };
}

/** A row of NULLs of the relation's types. */
function nullRow(relation: Relation, { catalog }: Scope): Tree {
	const targetList = relation.columns.map(({ name, typeOid }) => {
		const type = catalog.typeByOid(typeOid);
		if (type === undefined) throw unfilterable(`the type of ${relation.name}.${name} is not known`);
		const typeName = { names: [stringNode(type.schema), stringNode(type.name)], typemod: -1 };
		return { ResTarget: { name, val: { TypeCast: { arg: { A_Const: { isnull: true } }, typeName } } } };
	});
	return { SelectStmt: { ...SELECT, targetList } };
}
