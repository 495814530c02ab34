import { COMPUTED, type EXPRESSIONS } from "../../src/protocols/postgres/analysis/expression.ts";
import { UTILITIES } from "../../src/protocols/postgres/analysis/kinds.ts";
import { type FROM_NODES, PART_NODES } from "../../src/protocols/postgres/analysis/known-nodes.ts";
import type { STATEMENTS } from "../../src/protocols/postgres/analysis/statement.ts";

/** The account of every node type of the grammars, for docs/postgres-analysis.md; a test holds it to the grammars. */

/** What is said of a node, and where a tree of that kind is read. */
export interface NodeAccount {
	/**
	 * `statement` and `expression` have a handler of their own; `utility` is described by a table and walked through;
	 * `computed` is a value made of all its parts; `from` is an item of FROM; `part` is read by the node that holds it;
	 * `opaque` never comes from the parser, and makes whatever holds it opaque.
	 */
	readonly read: "statement" | "utility" | "expression" | "computed" | "from" | "part" | "opaque";
	readonly relations: string;
	readonly columns: string;
	readonly functions: string;
	readonly effects: string;
	/** When it can't be judged; empty: never by itself. */
	readonly opaque: string;
}

/** Relations and access; columns and use; functions; effects; when opaque. */
type Words = readonly [
	relations: string,
	columns: string,
	functions: string,
	effects: string,
	opaque: string,
];

const NONE: Words = ["", "", "", "", ""];

/** Statements with a handler. What is nested in one is part of what it does, unless the words say otherwise. */
const STATEMENT_WORDS: Readonly<Record<keyof typeof STATEMENTS, Words>> = {
	SelectStmt: [
		"`select` on all in FROM, views unfolded, children and partitions named; `lock` with FOR UPDATE; `create` with INTO",
		"`output`; `predicate` in WHERE, HAVING, LIMIT; `join`; `group`; `order`; `distinct`, set operations but UNION ALL; `assignment` stored with INTO",
		"every call, operator, cast; comparisons of users' types",
		"`read`; `lock`; `write`, `schema` with INTO",
		"",
	],
	InsertStmt: [
		"`insert` on the target, its partitions and what rules, triggers, views pass it on to; `update` with ON CONFLICT; `select` with RETURNING",
		"`assignment`; `stored` for what is put in; `predicate` in ON CONFLICT; `output` in RETURNING",
		"defaults, generated columns, checks, index expressions, policies, triggers, casts",
		"`write`",
		"a rule that answers with rows",
	],
	UpdateStmt: [
		"`update`, with a partition's key `insert` and `delete` triggers; `select` with RETURNING; children unless ONLY; foreign keys that act",
		"`assignment`; `stored`; `predicate`; `output`",
		"as INSERT",
		"`write`",
		"as INSERT",
	],
	DeleteStmt: [
		"`delete`, and what foreign keys take with it; `select` with RETURNING",
		"`predicate`; `output`",
		"triggers, policies, rules",
		"`write`",
		"as INSERT",
	],
	MergeStmt: [
		"`merge` on the target and what each WHEN does; `select` on the source",
		"`join`; `predicate`; `assignment`; `output`",
		"as INSERT, UPDATE and DELETE",
		"`write`",
		"as INSERT",
	],
	CopyStmt: [
		"`select` (TO: the table alone) or `insert` (FROM)",
		"`output`; `assignment`, stored where it leaves by file or program; `predicate` in WHERE",
		"as INSERT; casts of what comes in",
		"`read` or `write`; `execute` for a file or program",
		"",
	],
	ExplainStmt: [
		"those of the statement",
		"those of the statement; with ANALYZE `output` of what was computed",
		"those of the statement",
		"`read`; all that the statement does with ANALYZE, or where users' functions may be folded",
		"",
	],
	CreateTableAsStmt: [
		"`create` of the new one, those of the query",
		"`assignment` stored for every column",
		"those of the query",
		"`read`, `write`, `schema`; `session` where temporary",
		"an event trigger",
	],
	ViewStmt: [
		"`create`; those of the query, which isn't run",
		"those of the query",
		"those of the query",
		"`schema`; `session` where temporary",
		"an event trigger",
	],
	RefreshMatViewStmt: [
		"`refresh`; those of the definition",
		"named",
		"those of the definition",
		"`read`, `write`, `maintenance`",
		"",
	],
	PrepareStmt: [
		"those of the statement, decided here and with each EXECUTE",
		"those of the statement",
		"casts to the declared types",
		"`session` and those of the statement",
		"",
	],
	ExecuteStmt: [
		"those of what the name holds",
		"those of what the name holds; `predicate` for the values",
		"those of what the name holds",
		"those of what the name holds",
		"an unknown name (26000)",
	],
	DeallocateStmt: ["", "", "", "`session`", ""],
	DeclareCursorStmt: [
		"those of the query, decided here and with each FETCH",
		"those of the query",
		"those of the query",
		"`read`, `session`",
		"",
	],
	FetchStmt: [
		"those of what the cursor holds",
		"`output`, nothing for MOVE",
		"those of what the cursor holds",
		"those of what the cursor holds",
		"an unknown name (34000)",
	],
	ClosePortalStmt: ["", "", "", "`session`", ""],
	VariableSetStmt: [
		"",
		"",
		"",
		"`session`; `privilege` for role and session authorization",
		"a value that isn't written out",
	],
	VariableShowStmt: ["", "", "", "`read`", ""],
	DiscardStmt: ["", "", "", "`session`; `schema` for ALL and TEMP", ""],
	TransactionStmt: ["", "", "", "`transaction`", ""],
	TruncateStmt: ["`truncate` with children", "", "triggers", "`write`", "CASCADE"],
	CallStmt: [
		"those of the body",
		"`stored` for the arguments",
		"the procedure, defaults",
		"those of the body; `execute` where it can't be read",
		"a body that can't be read",
	],
	DoStmt: [
		"those of the code",
		"those of the code",
		"those of the code",
		"those of the code; `execute` where it can't be read",
		"a language other than PL/pgSQL; EXECUTE; cursors that are opened",
	],
	ReturnStmt: ["", "the function's result", "those of the expression", "`read`", ""],
};

/** Expressions with a handler. The columns behind a value are used as whatever stands around it uses the value. */
const EXPRESSION_WORDS: Readonly<Record<keyof typeof EXPRESSIONS, Words>> = {
	ColumnRef: [
		"",
		"a column, a whole row, a system column, a parameter, a variable; a function of a row (`t.f`)",
		"that function",
		"",
		"a name that doesn't resolve",
	],
	ParamRef: ["", "", "", "", ""],
	A_Const: ["", "", "", "", ""],
	A_ArrayExpr: ["", "all parts", "", "", ""],
	A_Expr: [
		"",
		"both sides",
		"the operator's function, by the search path; users' implicit casts and comparisons",
		"",
		"an operator that doesn't exist",
	],
	TypeCast: [
		"",
		"the operand; `predicate` for a domain's check",
		"casts and input functions of users' types, domains' checks",
		"",
		"",
	],
	CollateClause: ["", "the operand", "", "", ""],
	FuncCall: [
		"",
		"the arguments; `order`, `distinct`, `predicate` (FILTER); `stored` into what acts",
		"the function or all that the call may mean; defaults; bodies",
		"those of the function",
		"a function that isn't read, or isn't known",
	],
	A_Indirection: [
		"",
		"the field, or all of the value",
		"`(row).f` as a call",
		"",
		"a field that doesn't resolve",
	],
	BoolExpr: ["", "all parts", "", "", ""],
	SubLink: [
		"those of the query",
		"`predicate` for EXISTS, IN, ANY, ALL; the column itself for a scalar",
		"the comparison's operator",
		"",
		"",
	],
	CaseExpr: ["", "results; `predicate` for conditions", "`=` for CASE with a value", "", ""],
	RowExpr: ["", "each field", "", "", ""],
	CoalesceExpr: ["", "all parts", "comparisons of users' types", "", ""],
	MinMaxExpr: ["", "all parts", "comparisons of users' types", "", ""],
	SQLValueFunction: NONE,
	SetToDefault: ["", "", "the column's default", "", ""],
	CurrentOfExpr: NONE,
	SortBy: ["", "`order`", "USING's operator", "", ""],
	WindowDef: ["", "`group` (PARTITION BY), `order`", "comparisons of users' types", "", ""],
	TypeName: ["", "", "as TypeCast", "", "a type that doesn't exist"],
	JsonArrayQueryConstructor: ["those of the query", "the query's columns", "", "", ""],
	MultiAssignRef: ["those of the query", "the column of the row", "", "", ""],
};

const FROM_WORDS: Readonly<Record<(typeof FROM_NODES)[number], Words>> = {
	RangeVar: [
		"a CTE, or the relation by the search path: `select`; a view's relations `via` it; children unless ONLY",
		"named",
		"policies; a view's functions",
		"`read`; `execute` for foreign tables",
		"a view that can't be read",
	],
	RangeSubselect: ["those of the query", "the query's", "", "", ""],
	RangeFunction: [
		"",
		"`predicate` for the arguments of what returns a set",
		"each function (ROWS FROM too)",
		"those of the functions",
		"columns that can't be told",
	],
	JoinExpr: ["", "`join`; `predicate` where a condition filters", "`=` for USING and NATURAL", "", ""],
	RangeTableSample: [
		"",
		"`predicate` for its arguments",
		"the method",
		"",
		"a method that isn't the server's",
	],
	RangeTableFunc: ["", "`predicate` for the document; every column has all of it", "casts", "", ""],
	JsonTable: ["", "`predicate` for the document; every column has all of it", "casts", "", ""],
};

/** The server makes these when it analyses, plans or runs; no text has them. */
const LATER =
	"Aggref AlternativeSubPlan ArrayCoerceExpr ArrayExpr CallContext CaseTestExpr CoerceToDomain CoerceToDomainValue CoerceViaIO CollateExpr ConvertRowtypeExpr DistinctExpr Expr FieldSelect FieldStore FilterColumn FromExpr FuncExpr Function InferenceElem InlineCodeBlock IntList JsonConstructorExpr JsonExpr JsonTablePath JsonTablePathScan JsonTableSiblingJoin MergeAction NextValueExpr NullIfExpr OidList OnConflictExpr OpExpr PLAssignStmt Param ParseResult Query RTEPermissionInfo RangeTblEntry RangeTblFunction RangeTblRef RelabelType ReplicaIdentityStmt ReturningExpr RowCompareExpr RowMarkClause ScalarArrayOpExpr ScanResult ScanToken SetOperationStmt SortGroupClause SubPlan SubscriptingRef SummaryResult Table TableFunc TableSampleClause TargetEntry Var WindowClause WindowFunc WindowFuncRunCondition WithCheckOption";

const account = (
	read: NodeAccount["read"],
	[relations, columns, functions, effects, opaque]: Words,
): NodeAccount => ({
	...{ read, relations, columns, functions, effects, opaque },
});

/** Every node of the grammars of 14 to 18, as docs/postgres-analysis.md lists them; what isn't here is opaque. */
export function grammarNodes(): ReadonlyMap<string, NodeAccount> {
	const nodes = new Map<string, NodeAccount>();
	for (const [kind, words] of Object.entries(STATEMENT_WORDS)) nodes.set(kind, account("statement", words));
	for (const [kind, { effects, opaque }] of Object.entries(UTILITIES)) {
		const words = [
			"named: `create`, `alter`, `drop`, `reference` or what the statement does",
			"`predicate` in its expressions",
			"in its expressions; those it names `via reference`",
		] as const;
		nodes.set(
			kind,
			account("utility", [...words, effects.map((effect) => `\`${effect}\``).join(", "), opaque ?? ""]),
		);
	}
	for (const [kind, words] of Object.entries(EXPRESSION_WORDS)) nodes.set(kind, account("expression", words));
	for (const kind of Object.keys(COMPUTED))
		nodes.set(kind, nodes.get(kind) ?? account("computed", ["", "all parts", "in its parts", "", ""]));
	for (const [kind, words] of Object.entries(FROM_WORDS)) nodes.set(kind, account("from", words));
	for (const [kind, says] of Object.entries(PART_NODES))
		nodes.set(kind, account("part", ["", says, "", "", ""]));
	for (const kind of LATER.split(" "))
		nodes.set(kind, account("opaque", ["", "", "those in it", "", "always"]));
	return nodes;
}
