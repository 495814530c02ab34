import type { AlterDomainStmt, AlterTableStmt, CreateStmt, Node } from "libpg-query-18";
import type { Relation } from "../catalog/model.ts";
import { typeUsed } from "./casts.ts";
import type { Env, RangeItem } from "./environment.ts";
import { lookUpType } from "./names.ts";
import { descendants } from "./relations.ts";
import { goesOver } from "./targets-written.ts";
import { as, type Kind, texts } from "./tree.ts";

/**
 * DDL and maintenance that go over the rows of a relation: building an index compares them and evaluates its
 * expressions, checking a constraint evaluates that, and so does writing all rows anew. `named` is what the statement
 * names.
 */
export function rowsGoneOver(
	node: Kind,
	body: unknown,
	named: readonly RangeItem[],
	access: string,
	env: Env,
): void {
	if (node === "AlterDomainStmt") return domainGoneOver(body as AlterDomainStmt, env);
	if (!goesOverRows(node, body)) return;
	const tables = named.flatMap(({ relation }) => (relation?.kind === "index" ? [] : (relation ?? [])));
	// Without a table it is an index, a schema or all of the database.
	const whole = tables.length === 0 && WITHOUT_TABLE.has(node);
	const all = whole ? [...env.context.catalog.userRelations()].filter(isWithin(body)) : tables;
	for (const relation of all) {
		if (whole && named.length === 0 && HOLDS_ROWS.has(relation.kind)) env.findings.relation(relation, access);
		goesOver(relation, env);
	}
	columnsTried(node, body, tables, env);
}

/**
 * Values that are held against something, so that the statement fails by what they are: those of a partition key
 * against new bounds, those of a column against another type.
 */
function columnsTried(node: Kind, body: unknown, tables: readonly Relation[], env: Env): void {
	const names = new Set<string>();
	for (const command of node === "AlterTableStmt" ? ((body as AlterTableStmt).cmds ?? []) : []) {
		const { subtype, name } = as(command, "AlterTableCmd") ?? {};
		if (subtype === "AT_AlterColumnType" && name !== undefined) names.add(name);
	}
	for (const { partitionKey, columns } of tables)
		for (const { number, name } of columns)
			if (partitionKey.includes(number) || partitionKey.includes(0)) names.add(name);
	for (const table of tables.flatMap((each) => [each, ...descendants(each, env.context.catalog)]))
		for (const { name } of table.columns) if (names.has(name)) env.findings.column(table, name, "predicate");
}

/** REINDEX SCHEMA names a schema; all others without a table are about the database. */
function isWithin(body: unknown): (relation: Relation) => boolean {
	const { kind, name } = body as { kind?: string; name?: string };
	return kind === "REINDEX_OBJECT_SCHEMA" ? ({ schema }) => schema === name : () => true;
}

const HOLDS_ROWS: ReadonlySet<Relation["kind"]> = new Set([
	"table",
	"partitioned_table",
	"materialized_view",
]);

const WITHOUT_TABLE = new Set<Kind>(["ClusterStmt", "ReindexStmt", "VacuumStmt"]);

function goesOverRows(node: Kind, body: unknown): boolean {
	switch (node) {
		case "AlterTableStmt":
			return ((body as AlterTableStmt).cmds ?? []).some(goesOverInPart);
		case "CreateStmt":
			return (body as CreateStmt).partbound !== undefined; // the default partition may hold its rows
		default:
			return node === "IndexStmt" || WITHOUT_TABLE.has(node);
	}
}

const goesOverInPart = (node: Node): boolean => !LEAVES_ROWS.test(as(node, "AlterTableCmd")?.subtype ?? "");

/** Parts of ALTER TABLE that change the catalog only. */
const LEAVES_ROWS =
	/^AT_(ColumnDefault|CookedColumnDefault|DropNotNull|DropExpression|SetStatistics|SetOptions|ResetOptions|SetStorage|SetCompression|DropColumn|DropConstraint|AlterConstraint|ChangeOwner|ClusterOn|DropCluster|SetRelOptions|ResetRelOptions|ReplaceRelOptions|SetTableSpace|(Enable|Disable)\w+|ForceRowSecurity|NoForceRowSecurity|AddInherit|DropInherit|DropOf|ReplicaIdentity|DetachPartition\w*|AddIdentity|SetIdentity|DropIdentity|GenericOptions)$/;

/** A new check of a domain, and one that is to be validated, are evaluated for every value that is stored. */
function domainGoneOver({ typeName }: AlterDomainStmt, env: Env): void {
	const type = lookUpType(texts(typeName), env);
	if (type === undefined) return;
	typeUsed(type, [], env, "cast");
	for (const relation of env.context.catalog.userRelations()) {
		const holding = relation.columns.filter(({ typeOid }) => isMadeOf(typeOid, type.oid, env));
		if (holding.length === 0 || relation.kind === "composite_type") continue;
		env.findings.relation(relation, "select");
		for (const { name } of holding) env.findings.column(relation, name, "predicate");
	}
}

/** True when values of the type are, or hold, values of the other one. */
function isMadeOf(oid: number, part: number, env: Env, depth = 0): boolean {
	if (oid === part) return true;
	const type = env.context.catalog.typeByOid(oid);
	if (type === undefined || depth > MAX_DEPTH) return false;
	const fields = type.kind === "composite" ? env.context.catalog.relationByOid(type.relationOid) : undefined;
	return [type.baseType, type.elementType, ...(fields?.columns ?? []).map(({ typeOid }) => typeOid)].some(
		(each) => each !== 0 && isMadeOf(each, part, env, depth + 1),
	);
}

/** Types within types; the server allows no type within itself. */
const MAX_DEPTH = 16;
