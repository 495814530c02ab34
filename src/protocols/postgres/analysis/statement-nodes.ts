import type { Kind } from "./tree.ts";

/** Statements that may stand within others (rules, CREATE SCHEMA, function bodies) and are then analysed as nested. */
export const STATEMENT_NODES: ReadonlySet<Kind> = new Set<Kind>([
	"InsertStmt",
	"UpdateStmt",
	"DeleteStmt",
	"MergeStmt",
	"ReturnStmt",
	"NotifyStmt",
	"CreateStmt",
	"ViewStmt",
	"IndexStmt",
	"CreateSeqStmt",
	"CreateTrigStmt",
	"GrantStmt",
]);
