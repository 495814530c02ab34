import type { CommandFlow, CommandRequest, Obligations } from "../../../gate/index.ts";
import { chain } from "../../../lib/index.ts";
import type { AnalysedSql } from "../analyse.ts";
import { type BindMessage, decodeBind, encodeClose, encodeParse } from "../codec/index.ts";
import { denialReport, thrownReport } from "../errors.ts";
import { assertCanMaskCopy } from "./capabilities.ts";
import { described, keepsPromise } from "./describe.ts";
import { nameRefusal, unknownStatement } from "./names.ts";
import { parametersJson, parametersOf } from "./parameters.ts";
import type { Parts } from "./parts.ts";
import type { Portal, PreparedStatement, WireStatement } from "./registry.ts";
import { ResultStream } from "./results.ts";
import { asOfNow, meansTheSame, neverDenied } from "./understand.ts";
import { unfiltered, withFilters } from "./with-filters.ts";

/** A Bind message and where it stands. */
interface Bind {
	readonly message: BindMessage;
	readonly buffer: Buffer;
	readonly start: number;
	readonly end: number;
}

const HEADER = 5;

/** Bind: the command is decided with its parameters before the server sees them, for Bind already plans and folds. */
export function bind(parts: Parts, buffer: Buffer, start: number, end: number): void | Promise<void> {
	const message = decodeBind(buffer, start, end);
	const refusal = nameRefusal(message.portal, message.statement);
	if (refusal !== null) return parts.refusal.extended(refusal);
	return chain(findStatement(parts, message.statement), (entry) => {
		if (entry === undefined) return parts.refusal.extended(unknownStatement(message.statement));
		const { wire } = entry;
		if (wire === null) return parts.refusal.extended(boundOverWire(message.statement));
		if (isGone(parts, wire)) prepareAgain(parts, entry.name, wire);
		return chain(described(parts, entry.name, wire), () => {
			if (parts.state.failed) return; // its Parse failed: the server skips what follows, and so do we
			return decide(parts, { message, buffer, start, end }, entry, wire);
		});
	});
}

/** A statement's entry. What an earlier batch changed and the server has not confirmed may not be so: wait. */
export function findStatement(
	parts: Parts,
	name: string,
): PreparedStatement | undefined | Promise<PreparedStatement | undefined> {
	const { registry, state, steps } = parts;
	if (!registry.statements.uncertain(name, state.batch)) return registry.statements.get(name);
	return steps.drained().then(() => registry.statements.get(name));
}

function decide(
	parts: Parts,
	bind: Bind,
	entry: PreparedStatement,
	wire: WireStatement,
): void | Promise<void> {
	const { gate, session, holding, state, settings, scope } = parts;
	const { message } = bind;
	const types = wire.description?.parameterTypes ?? wire.givenTypes;
	const parameters =
		message.parameterCount === 0 ? NO_PARAMETERS : parametersOf(message, types, scope.last.scope.catalog);
	let sql = wire.analysed;
	const request: CommandRequest = {
		text: wire.text,
		parameters,
		parametersJson: parametersJson(parameters),
		parameterBytes: () => parameterBytes(bind),
		role: () => settings.role,
		analyse: () =>
			chain(asOfNow(parts, wire.text, unfiltered(wire.analysed)), (now) => {
				sql = now;
				return now.command;
			}),
		neverDenied: () => neverDenied(sql.statements, state.status === "E"),
		assertCan: (obligations) => assertCanMaskCopy(obligations, sql), // on its own it can fail before its Sync
		filter: (filters) => {
			const narrowed = withFilters(parts, sql, filters);
			sql = narrowed ?? sql;
			return narrowed?.text ?? null;
		},
		hold: () => holding.hold(),
	};
	return chain(gate.command(session, request), (verdict) => {
		holding.release();
		if (verdict.kind === "denied") return parts.refusal.extended(denialReport(verdict.denial));
		const flow = verdict.permit.spend();
		return chain(renew(parts, entry, wire, sql), () => {
			if (state.failed) return flow.close();
			if (!sameTypes(types, wire.description?.parameterTypes ?? types)) {
				flow.close(); // the values were shown to the policy as of other types than the server takes them for
				return decide(parts, bind, entry, wire);
			}
			if (!keepsPromise(wire)) {
				flow.close();
				return parts.refusal.extended(OTHER_RESULT);
			}
			return release(parts, bind, wire, flow, verdict.obligations);
		});
	});
}

function release(
	parts: Parts,
	bind: Bind,
	wire: WireStatement,
	flow: CommandFlow,
	obligations: Obligations,
): void {
	try {
		forward(parts, bind, wire, resultsOf(parts, bind.message, wire, flow), obligations);
	} catch (thrown) {
		flow.close();
		parts.database.keeper.invalidate(); // the server sees other columns than we do
		parts.refusal.extended(thrownReport(thrown, "ERROR"));
	}
}

function resultsOf(parts: Parts, bind: BindMessage, wire: WireStatement, flow: CommandFlow): ResultStream {
	const results = new ResultStream({
		flow,
		statements: wire.analysed.statements,
		maskKey: parts.database.maskKey,
		catalog: parts.scope.last.scope.catalog,
		resultFormats: bind.resultFormats,
	});
	const fields = wire.description?.fields;
	if (fields != null) results.describe(fields);
	return results;
}

function forward(
	parts: Parts,
	bind: Bind,
	wire: WireStatement,
	results: ResultStream,
	obligations: Obligations,
): void {
	const { registry, upstream, state } = parts;
	const { flow } = results;
	const { text, analysed } = wire;
	const portal: Portal = {
		name: bind.message.portal,
		origin: "wire",
		statement: analysed.statements[0] ?? null,
		wire: { flow, results, text, analysed, begun: false },
		// Its parameters are not kept: with any, it is told from others by the command that bound it.
		text: bind.message.parameterCount === 0 ? text : `${text}\n-- bound by the command ${flow.commandId}`,
		definitions: () => analysed.command.scope(),
		hold: false,
		kept: false,
		confirmed: false,
	};
	const tentative = registry.portals.put(portal, state.batch);
	if (obligations.hideTexts) state.touchedMasked = true;
	upstream.bind(flow, bind.buffer, bind.start, bind.end, {
		kind: "bind",
		visible: true,
		flow,
		completed: tentative.confirm,
		failed: (error) => {
			results.fail(error);
			tentative.failed();
			flow.close();
		},
		skipped: () => {
			tentative.skipped();
			flow.close();
		},
	});
}

/**
 * Where the statement's names stand for something else than when it was prepared, it is prepared anew upstream: the
 * server would go on with what it had.
 */
function renew(
	parts: Parts,
	entry: PreparedStatement,
	wire: WireStatement,
	sql: AnalysedSql,
): void | Promise<void> {
	const { analysed: before, description } = wire;
	const gone = isGone(parts, wire);
	if (before === sql && !gone) return;
	wire.analysed = sql;
	if (parts.state.status === "E") return;
	const same = before.text === sql.text && meansTheSame(before, sql);
	if (same && !gone) return;
	const { upstream, session } = parts;
	if (!same) wire.description = null;
	wire.transaction = upstream.transaction;
	const asBefore = () => {
		wire.analysed = before;
		wire.description = description;
	};
	upstream.close(session.protocolPermit, encodeClose("statement", entry.name), { visible: false });
	const message = encodeParse(entry.name, sql.text, wire.givenTypes);
	const hooks = { visible: false, showErrors: true, failed: asBefore, skipped: asBefore } as const;
	upstream.parse(wire.permit, message, hooks);
	return described(parts, entry.name, wire);
}

/** Behind a pooler a statement is gone with the transaction that it was prepared in. */
export function isGone({ upstream }: Parts, { transaction }: WireStatement): boolean {
	return upstream.pins && transaction !== upstream.transaction;
}

/** As it was prepared, under the permit that it has: only where it is gone. */
export function prepareAgain(parts: Parts, name: string, wire: WireStatement): void {
	const { upstream, session, state } = parts;
	if (state.status === "E") return;
	wire.transaction = upstream.transaction;
	upstream.close(session.protocolPermit, encodeClose("statement", name), { visible: false });
	upstream.parse(wire.permit, encodeParse(name, wire.analysed.text, wire.givenTypes), {
		visible: false,
		showErrors: true,
	});
}

/** Formats and values as the client sent them; the result formats behind them do no harm to a binding. */
function parameterBytes({ message, buffer, start, end }: Bind): Uint8Array {
	const names = Buffer.byteLength(message.portal) + Buffer.byteLength(message.statement) + 2;
	return buffer.subarray(start + HEADER + names, end);
}

function sameTypes(a: readonly number[], b: readonly number[]): boolean {
	return a === b || (a.length === b.length && a.every((type, index) => type === b[index]));
}

function boundOverWire(name: string) {
	return {
		severity: "ERROR",
		sqlstate: "0A000",
		message: `the statement "${name}" was prepared by PREPARE and can't be bound by the protocol here`,
		hint: "run it with EXECUTE, or prepare it by the protocol's Parse",
	} as const;
}

/** As the server has it, routine included: by that, asyncpg and pgjdbc know to prepare the statement again. */
const OTHER_RESULT = {
	severity: "ERROR",
	sqlstate: "0A000",
	message: "cached plan must not change result type",
	routine: "RevalidateCachedQuery",
} as const;

const NO_PARAMETERS: readonly [] = [];
