import type { Node, RangeVar, TruncateStmt } from "libpg-query-18";
import { coercedAnyhow, domainDefault } from "./casts.ts";
import { roleName, utilityDetails } from "./details.ts";
import { DEFINITION, type Env, type RangeItem } from "./environment.ts";
import { expression } from "./expression.ts";
import { qualified } from "./findings.ts";
import { functionsNamed } from "./functions-named.ts";
import { rowsGoneOver } from "./gone-over.ts";
import { objectName, type UtilityKind } from "./kinds.ts";
import { lookUpRelation, schemasFor, split } from "./names.ts";
import { nest } from "./nesting.ts";
import { descendants, fieldsOf, relationItem } from "./relations.ts";
import { type Result, tagOnly } from "./result.ts";
import { schemasChanged } from "./schemas-changed.ts";
import { creationSchema } from "./statement.ts";
import { STATEMENT_NODES } from "./statement-nodes.ts";
import { parentsNamed, targetOf, writeTo } from "./targets-written.ts";
import { as, type Body, children, items, type Kind, take, text } from "./tree.ts";
import { runsEventTriggers } from "./views.ts";

/**
 * A utility statement: kind and effects by the table, and a walk over everything in it, so that no relation, type or
 * function goes unnamed. Names that don't resolve are left to the server: DDL has too many ways to say "if it exists".
 */
export function utilityStatement(node: Kind, utility: UtilityKind, body: unknown, env: Env): Result {
	const object = objectName(typeName(body));
	if (OF_PRIVILEGE.has(object)) env.findings.effect("privilege");
	const kind =
		node === "VacuumStmt" && !(body as { is_vacuumcmd?: boolean }).is_vacuumcmd
			? "analyze"
			: utility.kind.replace("*", object);
	const { findings } = env;
	findings.effect(...utility.effects);
	if (movesPrivileges(body)) findings.effect("privilege");
	if (utility.opaque !== undefined) findings.opaque(utility.opaque);
	if (cascades(node, body)) findings.opaque("CASCADE reaches whatever depends on what is dropped");
	if (utility.effects.includes("schema")) findings.change({ schema: true });
	if (utility.effects.includes("schema") || utility.effects.includes("privilege")) runsEventTriggers(env);
	const acts = utility.effects.includes("privilege") || utility.effects.includes("execute");
	if (acts && utility.changesNothing !== true) findings.change({ settings: true, schema: true });
	const temporary = madeTemporary(body);
	if (temporary) {
		findings.effect("session");
		findings.change({ temporary: true });
	}
	const seen: RangeItem[] = [];
	const place: Env = { ...within(node, body, env), origin: DEFINITION, items: seen, everything: seen };
	for (const names of functionsNamed(node, body)) referenced(names, place);
	const made = MAKES_RELATIONS.has(node) ? relationOf(body) : undefined;
	if (made !== undefined) named(made, "create", place);
	if (node === "DropStmt" || node === "CommentStmt" || node === "SecLabelStmt")
		byName(body, kind.split("_")[0] ?? kind, place);
	if (node === "CreateTrigStmt") seen.push(...oldAndNew(relationOf(body), env));
	walk(made === undefined ? body : besides(body), accessOf(kind), place);
	schemasChanged(body, accessOf(kind), env);
	rowsGoneOver(node, body, seen, accessOf(kind), env);
	return tagOnly(kind, utilityDetails(node, body, object, temporary, env));
}

/** Objects that say who may do what, or run with rights of their own: to drop or rename one is a matter of rights. */
const OF_PRIVILEGE = new Set(["role", "policy", "event_trigger"]);

/** CREATE SCHEMA's elements are made and looked for in the new schema first. */
function within(node: Kind, body: unknown, env: Env): Env {
	if (node !== "CreateSchemaStmt") return env;
	const { schemaname, authrole, schemaElts } = body as Body<"CreateSchemaStmt">;
	const made = (schemaElts ?? []).flatMap((element) => relationOf(take(element)?.[1] ?? {})?.relname ?? []);
	return { ...env, path: [schemaname ?? roleName(authrole), ...env.path], made: new Set(made) };
}

/** A function that a definition names: it runs later, where what is defined is used. */
function referenced(names: readonly string[], env: Env): void {
	const { schema, name } = split(names);
	for (const candidate of schemasFor(schema, env))
		for (const each of env.context.catalog.functions(candidate, name))
			env.findings.function(each, ["reference"]);
}

/** The rows that a trigger's WHEN names. */
function oldAndNew(range: RangeVar | undefined, env: Env): RangeItem[] {
	const relation =
		range === undefined ? undefined : lookUpRelation(range.schemaname, range.relname ?? "", env);
	if (relation === undefined) return [];
	return ["old", "new"].map((alias) => relationItem(relation, fieldsOf(relation, env), alias));
}

/** ALTER TABLE's parts that say who may do what: owner and row security. */
function movesPrivileges(body: unknown): boolean {
	const { cmds } = body as { cmds?: Node[] };
	return (cmds ?? []).some((node) =>
		/ChangeOwner|RowSecurity/.test(as(node, "AlterTableCmd")?.subtype ?? ""),
	);
}

function typeName(body: unknown): string | undefined {
	const fields = body as {
		objtype?: string;
		removeType?: string;
		renameType?: string;
		objectType?: string;
		kind?: string;
	};
	return fields.objtype ?? fields.removeType ?? fields.renameType ?? fields.objectType ?? fields.kind;
}

/** Statements whose first relation is the one that they make; all others they refer to. */
const MAKES_RELATIONS = new Set<Kind>(["CreateStmt", "CreateForeignTableStmt", "CreateSeqStmt"]);

interface Made {
	readonly relation?: RangeVar;
	readonly sequence?: RangeVar;
	readonly view?: RangeVar;
	readonly base?: { readonly relation?: RangeVar };
}

function relationOf(body: unknown): RangeVar | undefined {
	const fields = body as Made;
	return fields.relation ?? fields.sequence ?? fields.view ?? fields.base?.relation;
}

function withoutRelation(body: unknown): unknown {
	const { relation: _relation, sequence: _sequence, base, ...rest } = body as Made;
	if (base === undefined) return rest;
	const { relation: _inner, ...others } = base;
	return { ...rest, base: others };
}

/**
 * What else a CREATE names. A new child doesn't concern the other children of its parent; a new partition may: rows of
 * the default one are looked at.
 */
function besides(body: unknown): unknown {
	const { inhRelations, partbound } = body as { inhRelations?: Node[]; partbound?: unknown };
	const rest = withoutRelation(body) as object;
	if (inhRelations === undefined || partbound !== undefined) return rest;
	const only = inhRelations.map((node) => {
		const { inh: _inh, ...range } = as(node, "RangeVar") ?? {};
		return { RangeVar: range };
	});
	return { ...rest, inhRelations: only };
}

/** Kinds of objects that DROP and COMMENT name as lists: relations, and what belongs to one and is named after it. */
const RELATIONS = new Set(["TABLE", "VIEW", "MATVIEW", "SEQUENCE", "INDEX", "FOREIGN_TABLE"]);
const OF_RELATIONS = new Set(["TRIGGER", "RULE", "POLICY", "COLUMN", "TABCONSTRAINT"]);

function byName(body: unknown, access: string, env: Env): void {
	const { objects, object } = body as { objects?: Node[]; object?: Node };
	const type = (typeName(body) ?? "").replace("OBJECT_", "");
	for (const each of objects ?? (object === undefined ? [] : [object])) {
		const parts = items(each).map(text);
		const path = RELATIONS.has(type) ? parts : OF_RELATIONS.has(type) ? parts.slice(0, -1) : [];
		const relname = path.at(-1);
		const schemaname = path.at(-2);
		if (relname === undefined) continue;
		named(
			{ relname, ...(schemaname === undefined ? {} : { schemaname }), inh: access === "drop" },
			access,
			env,
		);
		const dropped = access === "drop" ? lookUpRelation(schemaname, relname, env) : undefined;
		if (dropped !== undefined && RELATIONS.has(type)) parentsNamed(dropped, access, env);
	}
}

const madeTemporary = (body: unknown): boolean => {
	const range = relationOf(body);
	return range?.relpersistence === "t" || range?.schemaname === "pg_temp";
};

/** DROP OWNED drops by what it is, and REVOKE drops nothing. */
const CASCADING = new Set<Kind>(["DropStmt", "AlterTableStmt", "AlterDomainStmt", "CompositeTypeStmt"]);

/** DROP, or a part of ALTER that drops something, with CASCADE. */
function cascades(node: Kind, body: unknown): boolean {
	if (!CASCADING.has(node)) return false;
	const { behavior, cmds } = body as { behavior?: string; cmds?: Node[] };
	return (
		behavior === "DROP_CASCADE" ||
		(cmds ?? []).some((node) => as(node, "AlterTableCmd")?.behavior === "DROP_CASCADE")
	);
}

/** What a statement does to the relations that it names, as a word for `access`. */
function accessOf(kind: string): string {
	if (kind.startsWith("create_")) return kind === "create_index" ? "index" : "reference";
	return kind.split("_")[0] ?? kind;
}

function walk(value: unknown, access: string, env: Env): void {
	for (const node of children(value)) visit(node, access, env);
}

function visit(node: Node, access: string, env: Env): void {
	const [kind, body] = take(node) ?? [];
	if (kind === undefined) return;
	const range = as(node, "RangeVar");
	if (range !== undefined) named(range, access, env);
	else if (kind === "SelectStmt" || STATEMENT_NODES.has(kind)) nest(node, env);
	else if (EXPRESSION_NODES.has(kind)) {
		const value = expression(node, env);
		env.findings.use(value, "predicate");
		coercedAnyhow(value, env);
		// A column that is added gets its type's default.
		if (kind === "TypeName") domainDefault(value.type, env);
	} else walk(body, access, env);
}

/** A relation that is named: listed, and its columns known to the expressions that follow. */
function named(range: RangeVar, access: string, env: Env): void {
	const temporary = range.relpersistence === "t";
	const own = temporary ? (env.context.scope.temporarySchema ?? "pg_temp") : undefined;
	const relation = lookUpRelation(range.schemaname ?? own, range.relname ?? "", env);
	if (relation === undefined) {
		const schema = range.schemaname ?? own ?? creationSchema(env);
		env.findings.relation({ schema, name: range.relname ?? "", kind: "unknown", temporary }, access);
		return;
	}
	env.findings.relation(relation, access);
	for (const child of range.inh === true ? descendants(relation, env.context.catalog) : []) {
		env.findings.relation(child, access, [qualified(relation.schema, relation.name)]);
	}
	env.items.push(relationItem(relation, fieldsOf(relation, env), range.alias?.aliasname));
}

const EXPRESSION_NODES = new Set<Kind>([
	"A_Expr",
	"A_Const",
	"A_Indirection",
	"A_ArrayExpr",
	"BoolExpr",
	"BooleanTest",
	"CaseExpr",
	"CoalesceExpr",
	"CollateClause",
	"ColumnRef",
	"FuncCall",
	"MinMaxExpr",
	"NullTest",
	"RowExpr",
	"SQLValueFunction",
	"SubLink",
	"TypeCast",
	"TypeName",
	"XmlExpr",
]);

/** TRUNCATE empties tables and, with CASCADE, those that refer to them. */
export function truncateStatement(body: TruncateStmt, env: Env): Result {
	const names: string[] = [];
	for (const node of body.relations ?? []) {
		const range = as(node, "RangeVar");
		const target = targetOf(range, env);
		if (target === undefined) continue;
		names.push(qualified(target.relation.schema, target.relation.name));
		writeTo(target.relation, "truncate", env, { only: range?.inh !== true });
	}
	const cascade = body.behavior === "DROP_CASCADE";
	if (cascade) env.findings.opaque("TRUNCATE CASCADE reaches every table that refers to these");
	return tagOnly("truncate", { names, cascade, restart_identity: body.restart_seqs === true });
}
