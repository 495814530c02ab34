import { Closed, Nullable, type Static, StringEnum, Type } from "../lib/index.ts";
import { FLOWS } from "./lineage.ts";

/** From the weakest to the strongest; a statement's `effect` is the strongest of its `effects`. */
export const EFFECTS = [
	"read",
	"session",
	"transaction",
	"lock",
	"write",
	"privilege",
	"schema",
	"maintenance",
	"execute",
	"unknown",
] as const;
export type Effect = (typeof EFFECTS)[number];

export const COLUMN_USES = [
	"output",
	"predicate",
	"assignment",
	"group",
	"order",
	"join",
	"distinct",
	"window",
	"limit-by",
	"computed",
] as const;
export type ColumnUse = (typeof COLUMN_USES)[number];

/** A relation that a statement reaches, views unfolded to their tables (`via` names the views on the way). */
export const SqlRelation = Closed({
	schema: Type.String(),
	name: Type.String(),
	kind: StringEnum([
		"table",
		"partitioned_table",
		"view",
		"materialized_view",
		"foreign_table",
		"sequence",
		"index",
		"composite_type",
		"toast",
		"unknown",
	]),
	temporary: Type.Boolean(),
	access: Type.Array(Type.String()),
	via: Type.Array(Type.String()),
});
export type SqlRelation = Static<typeof SqlRelation>;

export const SqlColumn = Closed({
	schema: Type.String(),
	table: Type.String(),
	name: Type.String(),
	use: Type.Array(StringEnum(COLUMN_USES)),
	/** True when every predicate that the column stands in is an equality with a parameter or a constant. */
	equality_only: Type.Boolean(),
	/** True when every predicate that it stands in only asks whether it is NULL. */
	null_only: Type.Boolean(),
	/**
	 * True when the column's value flows into storage (or out by a side effect): INSERT ... SELECT, SET x = column,
	 * CREATE TABLE AS, an argument of set_config. A target that is merely overwritten has use `assignment` and false.
	 */
	stored: Type.Boolean(),
	/** How the column reaches what comes back; empty where it doesn't. */
	flows: Type.Array(StringEnum(FLOWS)),
});
export type SqlColumn = Static<typeof SqlColumn>;

export const SqlFunction = Closed({
	schema: Type.String(),
	name: Type.String(),
	volatility: StringEnum(["immutable", "stable", "volatile", "unknown"]),
	language: Type.String(),
	security_definer: Type.Boolean(),
	/** What called it when it was not the text itself: `operator`, `cast`, `default`, `trigger`, `view public.v` ... */
	via: Type.Array(Type.String()),
});
export type SqlFunction = Static<typeof SqlFunction>;

export const SqlWrite = Closed({
	relation: Type.String(),
	op: StringEnum(["insert", "update", "delete", "truncate", "copy", "merge"]),
	has_where: Type.Boolean(),
	where_is_constant: Type.Boolean(),
});
export type SqlWrite = Static<typeof SqlWrite>;

/** One SQL statement, in the policy's words. `nested` holds every inner statement, each in this same form. */
export interface SqlStatement {
	/** `select`, `insert`, `create_table`, `set`, `begin`, `do` ...: the grammar's node in lower snake case. */
	kind: string;
	effects: Effect[];
	effect: Effect;
	relations: SqlRelation[];
	columns: SqlColumn[];
	functions: SqlFunction[];
	has_where: boolean;
	where_is_constant: boolean;
	/** The constant of LIMIT or FETCH FIRST; null when there is none or it is not a constant. */
	limit: number | null;
	opaque: boolean;
	/** Why it is opaque, a sentence each. */
	opaque_reasons: string[];
	/** What the kind adds: the setting's name and value, the role, the object that DDL makes ... */
	details: Record<string, unknown>;
	nested: SqlStatement[];
}

const statementProperties = {
	kind: Type.String(),
	effects: Type.Array(StringEnum(EFFECTS)),
	effect: StringEnum(EFFECTS),
	relations: Type.Array(SqlRelation),
	columns: Type.Array(SqlColumn),
	functions: Type.Array(SqlFunction),
	has_where: Type.Boolean(),
	where_is_constant: Type.Boolean(),
	limit: Nullable(Type.Integer()),
	opaque: Type.Boolean(),
	opaque_reasons: Type.Array(Type.String()),
	details: Type.Record(Type.String(), Type.Unknown()),
};

/**
 * OPA's type checker does not follow recursive references, so the schema spells two levels of `nested` out and
 * leaves the third open.
 */
const innermost = Closed({ ...statementProperties, nested: Type.Array(Type.Any()) });
const inner = Closed({ ...statementProperties, nested: Type.Array(innermost) });
export const SqlStatementSchema = Closed({ ...statementProperties, nested: Type.Array(inner) });

/** A bound parameter. `value` is PostgreSQL's text form; null and `truncated` beside its hash when over 64 KiB. */
export const SqlParameter = Closed({
	type: Type.String(),
	format: StringEnum(["text", "binary"]),
	value: Nullable(Type.String()),
	null: Type.Boolean(),
	bytes: Type.Integer(),
	truncated: Type.Boolean(),
	sha256: Nullable(Type.String()),
});
export type SqlParameter = Static<typeof SqlParameter>;

export const SqlCommandSchema = Closed({
	type: Type.Literal("sql"),
	dialect: StringEnum(["postgres", "mysql"]),
	stage: StringEnum(["parse", "execute"]),
	text: Type.String(),
	fingerprint: Type.String(),
	parameters: Nullable(Type.Array(SqlParameter)),
	statements: Type.Array(SqlStatementSchema),
	writes: Type.Array(SqlWrite),
});

export interface SqlCommand {
	type: "sql";
	dialect: "postgres" | "mysql";
	stage: "parse" | "execute";
	text: string;
	fingerprint: string;
	/** Empty for a simple query, null at the stage `parse`. */
	parameters: SqlParameter[] | null;
	statements: SqlStatement[];
	writes: SqlWrite[];
}
