import { isTooDeep } from "./depth.ts";
import { COMPUTED, EXPRESSIONS } from "./expression.ts";
import { UTILITIES } from "./kinds.ts";
import { STATEMENTS } from "./statement.ts";

/** Items of FROM, which `from.ts` reads. */
export const FROM_NODES = [
	"RangeVar",
	"RangeSubselect",
	"RangeFunction",
	"JoinExpr",
	"RangeTableSample",
	"RangeTableFunc",
	"JsonTable",
] as const;

/** Read by the node that holds them, together with what is in them. */
export const PART_NODES: Readonly<Record<string, string>> = {
	A_Indices: "subscripts: part of the value",
	A_Star: "all columns of FROM, or of one item",
	ATAlterConstraint: "names a constraint",
	AccessPriv: "a privilege, in `details`",
	Alias: "the name of an item of FROM and of its columns",
	AlterTableCmd: "a part of ALTER: in `details.actions`, its expressions walked",
	BitString: "a constant",
	Boolean: "a constant",
	CTECycleClause: "columns of a CTE, used as `predicate`",
	CTESearchClause: "columns of a CTE",
	CaseWhen: "a condition (`predicate`) and a result",
	ColumnDef: "a column of a definition: type, default, constraints walked",
	CommonTableExpr: "a nested statement under a name",
	Constraint: "expressions as `predicate`; the table of a foreign key: `reference`",
	CreateOpClassItem: "a function or an operator of a class",
	DefElem: "an option",
	Float: "a constant",
	FunctionParameter: "a parameter: type and default walked",
	GroupingSet: "`group`",
	IndexElem: "a column or an expression of an index, or of ON CONFLICT (`predicate`)",
	InferClause: "ON CONFLICT's index",
	Integer: "a constant",
	IntoClause: "the table that SELECT INTO and CREATE TABLE AS make: `create`",
	JsonTableColumn: "a column of JSON_TABLE",
	List: "its items",
	LockingClause: "`lock` on the relations it names, or all",
	MergeWhenClause: "an action of MERGE",
	Null: "a constant (14)",
	ObjectWithArgs: "a function, operator or aggregate that DDL names: functions `via reference`",
	OnConflictClause: "`update` on the target",
	PartitionBoundSpec: "expressions of a bound",
	PartitionCmd: "the partition that is attached or detached",
	PartitionElem: "a column or expression of a partition key",
	PartitionRangeDatum: "an expression of a bound",
	PartitionSpec: "a partition key",
	PublicationObjSpec: "a table or schema of a publication",
	PublicationTable: "a table of a publication: `reference`, its condition `predicate`",
	RangeTableFuncCol: "a column of XMLTABLE",
	RawStmt: "a statement of the text",
	ResTarget: "a column of a list: its expression, its name",
	ReturningClause: "`output`, with `old` and `new`",
	ReturningOption: "names for `old` and `new`",
	RoleSpec: "a role, in `details`",
	SinglePartitionSpec: "a partition to be split off",
	StatsElem: "a column or expression of CREATE STATISTICS",
	String: "a constant, or part of a name",
	TableLikeClause: "the table that is copied: `reference`",
	TriggerTransition: "names for the rows of a trigger",
	VacuumRelation: "a table of VACUUM or ANALYZE",
	WithClause: "CTEs, each nested; those before it, or all with RECURSIVE, are in scope",
};

let known: ReadonlySet<string> | undefined;

/** The tables are in modules that refer to one another: they are put together when they are first needed. */
function knownNodes(): ReadonlySet<string> {
	known ??= new Set(
		[STATEMENTS, UTILITIES, EXPRESSIONS, COMPUTED, PART_NODES]
			.flatMap((table) => Object.keys(table))
			.concat(FROM_NODES),
	);
	return known;
}

/** What makes a whole tree one that isn't looked into any further: too many levels, or a kind that nothing here knows. */
export function survey(tree: unknown): { readonly tooDeep: boolean; readonly unknown: string | undefined } {
	const names = knownNodes();
	let unknown: string | undefined;
	const tooDeep = isTooDeep(tree, (name) => {
		if (!names.has(name)) unknown ??= name;
	});
	return { tooDeep, unknown };
}
