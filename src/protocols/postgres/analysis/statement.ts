import type { CreateTableAsStmt, IntoClause, Node, SelectStmt } from "libpg-query-18";
import { callStatement, doStatement } from "./calls.ts";
import { copyStatement } from "./copy.ts";
import { closeStatement, cursorStatement, fetchStatement } from "./cursors.ts";
import { DEFINITION, deeper, type Env } from "./environment.ts";
import { explainStatement } from "./explain.ts";
import { expression } from "./expression.ts";
import { qualified } from "./findings.ts";
import { insertStatement } from "./insert.ts";
import { UTILITIES } from "./kinds.ts";
import { mergeStatement } from "./merge.ts";
import { nest } from "./nesting.ts";
import { deallocateStatement, executeStatement, prepareStatement } from "./prepared.ts";
import { analyseQuery } from "./query.ts";
import { PLAIN, type Result, tagOnly } from "./result.ts";
import { discardStatement, setStatement, showStatement } from "./settings.ts";
import { transactionStatement } from "./transactions.ts";
import { type Body, type Kind, take } from "./tree.ts";
import { truncateStatement, utilityStatement } from "./utility.ts";
import type { Field } from "./value.ts";
import { refreshStatement, runsEventTriggers, viewStatement } from "./views.ts";
import { deleteStatement, updateStatement } from "./write.ts";

/** Statements that more is to be said of than a table can say; `UTILITIES` describes the others. */
type Handlers = { readonly [K in Kind]?: (body: Body<K>, env: Env) => Result };

export const STATEMENTS = {
	SelectStmt: selectInto,
	InsertStmt: insertStatement,
	UpdateStmt: updateStatement,
	DeleteStmt: deleteStatement,
	MergeStmt: mergeStatement,
	CopyStmt: copyStatement,
	ExplainStmt: explainStatement,
	CreateTableAsStmt: createTableAs,
	ViewStmt: viewStatement,
	RefreshMatViewStmt: refreshStatement,
	PrepareStmt: prepareStatement,
	ExecuteStmt: executeStatement,
	DeallocateStmt: deallocateStatement,
	DeclareCursorStmt: cursorStatement,
	FetchStmt: fetchStatement,
	ClosePortalStmt: closeStatement,
	VariableSetStmt: setStatement,
	VariableShowStmt: showStatement,
	DiscardStmt: discardStatement,
	TransactionStmt: transactionStatement,
	TruncateStmt: truncateStatement,
	CallStmt: callStatement,
	DoStmt: doStatement,
	ReturnStmt: (body, env) => {
		const value = expression(body.returnval, env);
		env.findings.effect("read");
		return { ...tagOnly("return"), returns: "rows", fields: [{ name: "?column?", value }] };
	},
} satisfies Handlers;

/**
 * One statement, at the top of a text or within another. `env` is a level of its own with findings of its own; what
 * they become in the end is for the caller to say (`finish`).
 */
export function analyseStatement(node: Node | undefined, env: Env): Result {
	const found = node === undefined ? undefined : take(node);
	if (found === undefined) return unknown("empty", env);
	const [kind, body] = found;
	return deeper(env, tagOnly("unknown"), () => {
		const handler = (STATEMENTS as Handlers)[kind] as ((body: unknown, env: Env) => Result) | undefined;
		if (handler !== undefined) return handler(body, env);
		const utility = UTILITIES[kind];
		return utility === undefined ? unknown(kind, env, node) : utilityStatement(kind, utility, body, env);
	});
}

/** A statement that this release doesn't know: walked for what it names, and opaque. */
function unknown(kind: string, env: Env, node?: Node): Result {
	env.findings.opaque(`the analysis does not know the statement ${kind}`);
	env.findings.change({ settings: true, schema: true });
	if (node !== undefined) expression(node, { ...env, origin: DEFINITION });
	return tagOnly("unknown");
}

function selectInto(select: SelectStmt, env: Env): Result {
	let first: SelectStmt | undefined = select;
	while (first?.intoClause === undefined && first?.larg !== undefined) first = first.larg;
	const result = analyseQuery({ SelectStmt: select }, env);
	const shape = { hasWhere: result.hasWhere, whereIsConstant: result.whereIsConstant, limit: result.limit };
	if (first?.intoClause !== undefined) {
		const details = stores(first.intoClause, "table", result.fields, env);
		return { ...tagOnly("select_into", details), ...shape };
	}
	return {
		kind: "select",
		details: {},
		...shape,
		returns: "rows",
		fields: result.fields,
		complete: result.complete,
		control: PLAIN,
	};
}

/**
 * CREATE TABLE AS, CREATE MATERIALIZED VIEW, SELECT INTO: every column's value is stored. The relation is there before the
 * query runs, and a function's body looks its names up when it does.
 */
function stores(
	into: IntoClause,
	object: string,
	fields: readonly Field[],
	env: Env,
): Record<string, unknown> {
	const { rel } = into;
	const { temporarySchema } = env.context.scope;
	const temporary = rel?.relpersistence === "t" || rel?.schemaname === "pg_temp";
	env.findings.effect("schema", "write");
	if (temporary) env.findings.effect("session");
	env.findings.change(temporary ? { temporary: true } : { schema: true });
	for (const field of fields) env.findings.use(field.value, "assignment", { stored: true });
	const schema = temporary ? (temporarySchema ?? "pg_temp") : (rel?.schemaname ?? creationSchema(env));
	const name = rel?.relname ?? "";
	const kind = object === "materialized_view" ? "materialized_view" : "table";
	const hidden = env.findings.relations.some((other) => other.name === name && other.schema !== schema);
	if (env.findings.late && hidden)
		env.findings.opaque(`a function that it calls may find ${qualified(schema, name)}, which it makes first`);
	env.findings.relation({ schema, name, kind, temporary }, "create");
	runsEventTriggers(env);
	return { object, name: qualified(schema, name), temporary };
}

/** Where an object without a schema is made: the first schema of the path that isn't temporary or the system's. */
export function creationSchema(env: Env): string {
	const { temporarySchema } = env.context.scope;
	return env.path.find((schema) => schema !== temporarySchema && schema !== "pg_catalog") ?? "";
}

function createTableAs(body: CreateTableAsStmt, env: Env): Result {
	const object = body.objtype === "OBJECT_MATVIEW" ? "materialized_view" : "table";
	const kind = object === "table" ? "create_table_as" : "create_materialized_view";
	const inner = nest(body.query, env).result;
	const details = stores(body.into ?? {}, object, inner.fields ?? [], env);
	return {
		...tagOnly(kind, details),
		hasWhere: inner.hasWhere,
		whereIsConstant: inner.whereIsConstant,
		limit: inner.limit,
	};
}
