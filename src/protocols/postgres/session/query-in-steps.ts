import type { CommandFlow } from "../../../gate/index.ts";
import type { AnalysedSql } from "../analyse.ts";
import { decodeRowDescription } from "../codec/index.ts";
import { thrownReport } from "../errors.ts";
import { exchangeLimit, limitReport, TimeLimit } from "./limits.ts";
import type { Parts } from "./parts.ts";
import { ResultStream } from "./results.ts";

/**
 * Runs a simple query of one statement by the extended protocol, so that it can still fail between its rows and its
 * end: where a limit is passed, or where the columns are not those that were masked. The client sees the answers of
 * a simple query.
 */
export async function queryInSteps(parts: Parts, sql: AnalysedSql, flow: CommandFlow): Promise<void> {
	const { upstream, steps, database, session, refusal, state } = parts;
	const results = new ResultStream({
		flow,
		statements: sql.statements,
		maskKey: database.maskKey,
		catalog: parts.scope.last.scope.catalog,
		resultFormats: [],
	});
	const time = new TimeLimit(parts, flow.obligations.timeoutMs);
	try {
		let row: Buffer | null = null;
		upstream.prepareSteps(flow, sql.text, (description) => {
			row = description;
		});
		await steps.drained();
		if (!state.failed) {
			const mismatch = describe(parts, results, row);
			if (mismatch === null) await run(parts, results, time);
			else refusal.extended(mismatch);
		}
		state.dropping = "no"; // what the client sends next is not of this batch
		upstream.sync(session.protocolPermit, { visible: true });
		await steps.drained();
	} finally {
		time.stop();
		flow.close();
	}
}

function describe(parts: Parts, results: ResultStream, row: Buffer | null) {
	if (row === null) return null;
	try {
		results.describe(decodeRowDescription(row, 0, row.length));
		parts.client.add(row);
		return null;
	} catch (thrown) {
		parts.database.keeper.invalidate(); // the server sees other columns than we do
		return thrownReport(thrown, "ERROR");
	}
}

async function run(parts: Parts, results: ResultStream, time: TimeLimit): Promise<void> {
	const { upstream, steps, refusal } = parts;
	const { flow, statement } = results;
	const left = results.rowsLeft;
	upstream.runSteps(flow, left === null ? 0 : left + 1, {
		visible: true,
		results,
		limitPassed: () => {
			if (statement?.writes.length === 0) parts.cancelUpstream();
		},
		exchangeError: (error) => exchangeLimit(results, error) ?? time.exchange(error),
		suspended: () => true,
	});
	await steps.drained();
	const report = limitReport(results);
	if (report !== null && !parts.state.failed) refusal.extended(report);
}
