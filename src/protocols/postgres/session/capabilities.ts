import { GateError, type Obligations } from "../../../gate/index.ts";
import type { AnalysedSql } from "../analyse.ts";

/**
 * Refuses what could only be found impossible after a change was made: the client is never told of an error when
 * the change stands. One statement can be run in steps, and fail before its Sync; a text of several can't.
 */
export function assertCanDischarge({ masks, maxRows, maxBytes }: Obligations, sql: AnalysedSql): void {
	if (sql.statements.length < 2) return;
	for (const [index, result] of sql.command.results.entries()) {
		if (!result.writes || result.returns !== "rows") continue;
		if (maxRows === null && maxBytes === null && masks[index] == null) continue;
		throw new GateError(
			"cannot_discharge",
			"rows that a change returns are limited or masked here: send that statement on its own",
		);
	}
}

/** True when a simple query has to run in steps, because something may have to fail between its rows and its end. */
export function needsSteps({ masks, maxRows, maxBytes }: Obligations, sql: AnalysedSql): boolean {
	const [result] = sql.command.results;
	if (sql.statements.length !== 1 || result?.returns !== "rows") return false;
	return maxRows !== null || maxBytes !== null || (result.writes && masks[0] != null);
}
