/**
 * What the nodes of a PL/pgSQL body hold (libpg_query's JSON of the structs in plpgsql.h), and how each part is read.
 * A kind or a field that isn't here makes the function opaque: nothing in a body goes unread without a word.
 */
export type Part =
	/** Says nothing more: line numbers, labels, options. */
	| "known"
	/** Statements within. */
	| "body"
	/** Nodes of this table within. */
	| "nodes"
	/** `x := expression`. */
	| "assignment"
	/** Expressions that are evaluated. */
	| "values"
	/** Expressions whose values are shown to the client, in an error or a notice. */
	| "shown"
	/** An expression that decides what happens. */
	| "condition"
	/** A statement in SQL; its columns go into the node's variables. */
	| "query"
	/** The same, and how much comes of it decides how often the rest is done. */
	| "repeated"
	/** What the function returns. */
	| "returned"
	/** An expression whose text is run as SQL: opaque. */
	| "dynamic";

/** By kind and field, read in this order; a text in place of the fields is why the kind is opaque. */
export const PLPGSQL_NODES: Readonly<Record<string, Readonly<Record<string, Part>> | string>> = {
	PLpgSQL_stmt_block: { body: "body", exceptions: "nodes" },
	PLpgSQL_exception_block: { exc_list: "nodes" },
	PLpgSQL_exception: { conditions: "nodes", action: "body" },
	PLpgSQL_condition: { condname: "known", sqlerrstate: "known" },
	PLpgSQL_stmt_assign: { varno: "known", expr: "assignment" },
	PLpgSQL_stmt_if: { cond: "condition", then_body: "body", elsif_list: "nodes", else_body: "body" },
	PLpgSQL_if_elsif: { cond: "condition", stmts: "body" },
	PLpgSQL_stmt_case: {
		t_expr: "condition",
		t_varno: "known",
		case_when_list: "nodes",
		have_else: "known",
		else_stmts: "body",
	},
	PLpgSQL_case_when: { expr: "condition", stmts: "body" },
	PLpgSQL_stmt_loop: { body: "body" },
	PLpgSQL_stmt_while: { cond: "condition", body: "body" },
	PLpgSQL_stmt_fori: {
		var: "known",
		lower: "condition",
		upper: "condition",
		step: "condition",
		reverse: "known",
		body: "body",
	},
	PLpgSQL_stmt_fors: { var: "known", query: "query", body: "body" },
	PLpgSQL_stmt_forc: { var: "known", curvar: "known", argquery: "values", body: "body" },
	PLpgSQL_stmt_dynfors: { var: "known", params: "values", query: "dynamic", body: "body" },
	PLpgSQL_stmt_foreach_a: { varno: "known", slice: "known", expr: "repeated", body: "body" },
	PLpgSQL_stmt_exit: { is_exit: "known", cond: "condition" },
	PLpgSQL_stmt_return: { retvarno: "known", expr: "returned" },
	PLpgSQL_stmt_return_next: { retvarno: "known", expr: "returned" },
	PLpgSQL_stmt_return_query: { query: "returned", params: "values", dynquery: "dynamic" },
	PLpgSQL_stmt_raise: {
		elog_level: "known",
		condname: "known",
		message: "known",
		params: "shown",
		options: "nodes",
	},
	PLpgSQL_raise_option: { opt_type: "known", expr: "shown" },
	PLpgSQL_stmt_assert: { cond: "condition", message: "shown" },
	PLpgSQL_stmt_execsql: {
		sqlstmt: "query",
		into: "known",
		strict: "known",
		mod_stmt: "known",
		target: "known",
	},
	PLpgSQL_stmt_dynexecute: {
		params: "values",
		query: "dynamic",
		into: "known",
		strict: "known",
		target: "known",
	},
	PLpgSQL_stmt_getdiag: { is_stacked: "known", diag_items: "nodes" },
	PLpgSQL_diag_item: { kind: "known", target: "known" },
	PLpgSQL_stmt_perform: { expr: "query" },
	PLpgSQL_stmt_call: { expr: "query", is_call: "known", target: "known" },
	PLpgSQL_stmt_commit: { chain: "known" },
	PLpgSQL_stmt_rollback: { chain: "known" },
	PLpgSQL_stmt_open: "it opens a cursor, which goes by a name that the session may know",
	PLpgSQL_stmt_fetch: "it fetches from a cursor, which the session may have opened",
	PLpgSQL_stmt_close: "it closes a cursor, which the session may have opened",
};

/** What stands in a function's list of variables, and in every node. */
export const PLPGSQL_OTHERS = [
	"PLpgSQL_function",
	"PLpgSQL_alias",
	"PLpgSQL_expr",
	"PLpgSQL_rec",
	"PLpgSQL_recfield",
	"PLpgSQL_row",
	"PLpgSQL_type",
	"PLpgSQL_var",
] as const;
