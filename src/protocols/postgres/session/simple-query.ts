import { CommandParameters } from "../../../commands/index.ts";
import type { CommandPermit, CommandRequest, Obligations } from "../../../gate/index.ts";
import { chain } from "../../../lib/index.ts";
import type { AnalysedSql } from "../analyse.ts";
import { decodeQuery, encodeErrorResponse, encodeQuery, TEXT_FORMAT } from "../codec/index.ts";
import { denialReport, thrownReport } from "../errors.ts";
import { constantsOf } from "../redactions.ts";
import { assertCanDischarge, needsSteps } from "./capabilities.ts";
import { exchangeLimit, limitReport, TimeLimit } from "./limits.ts";
import { CONSUMED } from "./parse.ts";
import type { Parts } from "./parts.ts";
import { queryInSteps } from "./query-in-steps.ts";
import { ResultStream } from "./results.ts";
import { neverDenied, ownSetting, understand } from "./understand.ts";
import { withFilters } from "./with-filters.ts";

/**
 * A simple Query: one text of any number of statements, decided as a whole before anything of it is sent. It begins
 * when everything before it is answered, because what it means depends on that.
 */
export function query(parts: Parts, buffer: Buffer, start: number, end: number): void | Promise<void> {
	const text = decodeQuery(buffer, start, end);
	if (!parts.pipeline.empty)
		return parts.steps.drained().then(() => afterAll(parts, text, buffer, start, end));
	return afterAll(parts, text, buffer, start, end);
}

function afterAll(
	parts: Parts,
	text: string,
	buffer: Buffer,
	start: number,
	end: number,
): void | Promise<void> {
	// What came before may have changed settings, or failed: then the server ignores this Query, and so do we.
	const unsettled = parts.steps.settle();
	if (unsettled !== undefined) return unsettled.then(() => afterAll(parts, text, buffer, start, end));
	if (parts.state.failed) return;
	return decide(parts, text, buffer.subarray(start, end));
}

function decide(parts: Parts, text: string, message: Buffer): void | Promise<void> {
	const { gate, session, holding, state, settings, refusal } = parts;
	let sql: AnalysedSql | null = null;
	const request: CommandRequest = {
		text,
		parameters: CommandParameters.NONE,
		parameterBytes: () => new Uint8Array(),
		role: () => settings.role,
		analyse: () =>
			chain(understand(parts, text), (understood) => {
				sql = understood;
				return understood.command;
			}),
		constants: constantsOf,
		neverDenied: () => neverDenied(sql?.statements ?? [], state.status === "E"),
		assertCan: (obligations) => {
			if (sql !== null) assertCanDischarge(obligations, sql);
		},
		filter: (filters) => {
			const narrowed = sql === null ? null : withFilters(parts, sql, filters);
			sql = narrowed ?? sql;
			return narrowed?.text ?? null;
		},
		hold: () => holding.hold(),
	};
	return chain(gate.command(session, request), (verdict) => {
		holding.release();
		parts.registry.dropUnnamed();
		if (verdict.kind === "denied") return refusal.simple(denialReport(verdict.denial));
		if (sql !== null) return forward(parts, sql, message, verdict.permit, verdict.obligations);
	});
}

function forward(
	parts: Parts,
	sql: AnalysedSql,
	message: Buffer,
	permit: CommandPermit,
	obligations: Obligations,
): void | Promise<void> {
	if (obligations.hideTexts) parts.state.touchedMasked = true;
	if (needsSteps(obligations, sql)) return queryInSteps(parts, sql, permit.spend());
	const own = ownSetting(sql.statements);
	if (own !== null) {
		try {
			parts.own.check(own.name, own.value);
		} catch (thrown) {
			permit.spend().close();
			return parts.refusal.simple(thrownReport(thrown, "ERROR"));
		}
		return sendQuery(parts, sql, encodeQuery(CONSUMED), permit, QUERY);
	}
	return sendQuery(
		parts,
		sql,
		sql.text === sql.command.text ? message : encodeQuery(sql.text),
		permit,
		QUERY,
	);
}

/** What goes up as one message, and the format of what comes back. */
interface Sent {
	readonly kind: "query" | "call";
	readonly format: number;
}
const QUERY: Sent = { kind: "query", format: TEXT_FORMAT };

/** Sends a Query or a FunctionCall; nothing goes on until it is over. */
export function sendQuery(
	parts: Parts,
	sql: AnalysedSql,
	message: Buffer,
	permit: CommandPermit,
	{ kind, format }: Sent,
): void {
	const { upstream, steps, database } = parts;
	const done = steps.hold();
	parts.awaitCopy(done);
	upstream.query(permit, message, (flow) => {
		const results = new ResultStream({
			flow,
			statements: sql.statements,
			maskKey: database.maskKey,
			catalog: parts.scope.last.scope.catalog,
			resultFormats: kind === "call" ? [format] : [],
		});
		const time = new TimeLimit(parts, flow.obligations.timeoutMs);
		let failed = false;
		return {
			kind,
			visible: true,
			results,
			limitPassed: parts.cancelUpstream,
			exchangeError: (error) => exchangeLimit(results, error) ?? time.exchange(error),
			failed: () => {
				failed = true;
			},
			holdReady: () => !failed && answerLimit(parts, results),
			completed: () => {
				time.stop();
				flow.close();
				done();
			},
		};
	});
}

/** A result that was cut off came to its end before our cancel did: the client still gets the error. */
function answerLimit(parts: Parts, results: ResultStream): boolean {
	const report = limitReport(results);
	if (report === null) return false;
	const error = encodeErrorResponse(report);
	if (parts.state.status !== "T") {
		parts.client.add(error);
		return false;
	}
	parts.upstream.marker(parts.session.protocolPermit, error);
	parts.upstream.sync(parts.session.protocolPermit, { visible: true });
	return true;
}
