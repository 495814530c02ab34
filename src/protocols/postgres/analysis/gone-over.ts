import type { AlterDomainStmt, AlterTableStmt, CreateStmt, Node } from "libpg-query-18";
import type { Relation } from "../catalog/model.ts";
import { typeUsed } from "./casts.ts";
import type { Env, RangeItem } from "./environment.ts";
import { lookUpType } from "./names.ts";
import { goesOver } from "./targets-written.ts";
import { as, type Kind, texts } from "./tree.ts";

/**
 * DDL and maintenance that go over the rows of a relation: building an index compares them and evaluates its
 * expressions, checking a constraint evaluates that, and so does writing all rows anew. `named` is what the statement
 * names.
 */
export function rowsGoneOver(node: Kind, body: unknown, named: readonly RangeItem[], env: Env): void {
	if (node === "AlterDomainStmt") return domainGoneOver(body as AlterDomainStmt, env);
	if (!goesOverRows(node, body)) return;
	const tables = named.flatMap(({ relation }) => (relation?.kind === "index" ? [] : (relation ?? [])));
	// Without a table it is an index, a schema or all of the database.
	const all: Iterable<Relation> =
		tables.length === 0 && WITHOUT_TABLE.has(node) ? env.context.catalog.userRelations() : tables;
	for (const relation of all) goesOver(relation, env);
}

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
	if (type !== undefined) typeUsed(type, [], env, "cast");
}
