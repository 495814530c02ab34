import { GateError, type Obligations } from "../../../gate/index.ts";
import type { AnalysedSql } from "../analyse.ts";
import type { AnalysedStatement } from "../analysis/index.ts";
import { copyForm } from "../masking/index.ts";

/**
 * Refuses a simple query of which it could only be found after a change was made that it has to fail: the client is
 * never told of an error when the change stands. One statement with rows can be run in steps, and fail before its
 * Sync; a text of several, and a COPY, can't.
 */
export function assertCanDischarge(obligations: Obligations, sql: AnalysedSql): void {
	const { masks, maxRows, maxBytes } = obligations;
	assertCanMaskCopy(obligations, sql);
	const limited = maxRows !== null || maxBytes !== null;
	const [only] = sql.statements;
	if (only === undefined || (sql.statements.length === 1 && only.returns !== "copy_out")) return;
	const cut = sql.statements.some(({ returns }) => limited && (returns === "rows" || returns === "copy_out"));
	if (cut && sql.statements.some(lasts))
		throw new GateError(
			"cannot_discharge",
			"what comes back is limited here: send what changes something on its own, and not in a COPY",
		);
	for (const [index, result] of sql.command.results.entries()) {
		if (result.writes && result.returns === "rows" && masks[index] != null)
			throw new GateError(
				"cannot_discharge",
				"rows that a change returns are masked here: send that statement on its own",
			);
	}
}

/** Refuses a COPY that reaches masked columns in a form that the gateway doesn't read. */
export function assertCanMaskCopy({ masks }: Obligations, sql: AnalysedSql): void {
	for (const [index, { returns, policy }] of sql.statements.entries()) {
		if (masks[index] == null || returns !== "copy_out" || copyForm(policy) !== null) continue;
		throw new GateError(
			"cannot_discharge",
			"this COPY can't be masked: give it no encoding but UTF8, and one byte each as delimiter and quote",
		);
	}
}

/**
 * The same of a FunctionCall, which commits by itself: its value can't be masked, and what it changed stands when the
 * value turns out to be too long.
 */
export function assertCanDischargeCall(obligations: Obligations, sql: AnalysedSql, returnType: number): void {
	const { masks, maxRows, maxBytes } = obligations;
	if (masks.some((mask) => mask !== null))
		throw new GateError(
			"cannot_discharge",
			"the result of a fast-path call can't be masked: call the function in a SELECT",
		);
	const mayExceed = maxBytes !== null && (maxBytes < SMALL_BYTES || !SMALL_TYPES.has(returnType));
	if ((maxRows === 0 || mayExceed) && sql.statements.some(lasts))
		throw new GateError(
			"cannot_discharge",
			"what comes back is limited here: call a function that changes something in a SELECT",
		);
}

/** bool, int8, int2, int4, oid, void: no value of these fills a message of so many bytes. */
const SMALL_TYPES: ReadonlySet<number> = new Set([16, 20, 21, 23, 26, 2278]);
const SMALL_BYTES = 64;

const PASSING = new Set(["begin", "savepoint", "release", "rollback", "rollback_to"]);

/** True for what would still stand if the text were answered with an error after it has run. */
function lasts({ policy, control }: AnalysedStatement): boolean {
	if (control.type === "transaction") return !PASSING.has(control.operation);
	return policy.effects.some((effect) => effect !== "read" && effect !== "lock");
}

/** True when a simple query has to run in steps, because something may have to fail between its rows and its end. */
export function needsSteps({ masks, maxRows, maxBytes }: Obligations, sql: AnalysedSql): boolean {
	const [result] = sql.command.results;
	if (sql.statements.length !== 1 || result?.returns !== "rows") return false;
	return maxRows !== null || maxBytes !== null || (result.writes && masks[0] != null);
}
