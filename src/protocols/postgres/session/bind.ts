import type { CommandFlow, Obligations, Verdict } from "../../../gate/index.ts";
import type { AnalysedSql } from "../analyse.ts";
import { type BindMessage, decodeBind, type ErrorFields, encodeClose, encodeParse } from "../codec/index.ts";
import { denialReport, thrownReport } from "../errors.ts";
import { type Bind, BindRequest } from "./bind-request.ts";
import { described, keepsPromise } from "./describe.ts";
import { nameRefusal, unknownStatement } from "./names.ts";
import type { Parts } from "./parts.ts";
import type { Expected } from "./pipeline.ts";
import type { Portal, PreparedStatement, Tentative, WireStatement } from "./registry.ts";
import { ResultStream } from "./results.ts";
import { meansTheSame } from "./understand.ts";

/** Bind: the command is decided with its parameters before the server sees them, for Bind already plans and folds. */
export function bind(parts: Parts, buffer: Buffer, start: number, end: number): void | Promise<void> {
	const message = decodeBind(buffer, start, end);
	const refusal = nameRefusal(message.portal, message.statement);
	if (refusal !== null) return parts.refusal.extended(refusal);
	const binding = { message, buffer, start, end };
	const entry = findStatement(parts, message.statement);
	return entry instanceof Promise
		? entry.then((found) => bindTo(parts, binding, found))
		: bindTo(parts, binding, entry);
}

function bindTo(parts: Parts, bind: Bind, entry: PreparedStatement | undefined): void | Promise<void> {
	const { statement } = bind.message;
	if (entry === undefined) return parts.refusal.extended(unknownStatement(statement));
	const { wire } = entry;
	if (wire === null) return parts.refusal.extended(boundOverWire(statement));
	if (isGone(parts, wire)) prepareAgain(parts, entry.name, wire);
	const known = described(parts, entry.name, wire);
	return known instanceof Promise
		? known.then(() => decideUnlessFailed(parts, bind, entry, wire))
		: decideUnlessFailed(parts, bind, entry, wire);
}

function decideUnlessFailed(
	parts: Parts,
	bind: Bind,
	entry: PreparedStatement,
	wire: WireStatement,
): void | Promise<void> {
	if (parts.state.failed) return; // its Parse failed: the server skips what follows, and so do we
	return decide(parts, bind, entry, wire);
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
	const types = wire.description?.parameterTypes ?? wire.givenTypes;
	const request = new BindRequest(parts, bind, wire, types);
	const verdict = parts.gate.command(parts.session, request);
	return verdict instanceof Promise
		? verdict.then((later) => decided(parts, bind, entry, wire, types, request, later))
		: decided(parts, bind, entry, wire, types, request, verdict);
}

/** @param types those that the parameters were shown to the policy as */
function decided(
	parts: Parts,
	bind: Bind,
	entry: PreparedStatement,
	wire: WireStatement,
	types: readonly number[],
	{ sql }: BindRequest,
	verdict: Verdict,
): void | Promise<void> {
	parts.holding.release();
	if (verdict.kind === "denied") return parts.refusal.extended(denialReport(verdict.denial));
	const flow = verdict.permit.spend();
	const { obligations } = verdict;
	const renewed = renew(parts, entry, wire, sql);
	return renewed instanceof Promise
		? renewed.then(() => goOn(parts, bind, entry, wire, types, flow, obligations))
		: goOn(parts, bind, entry, wire, types, flow, obligations);
}

/** The statement is upstream as it was decided. */
function goOn(
	parts: Parts,
	bind: Bind,
	entry: PreparedStatement,
	wire: WireStatement,
	types: readonly number[],
	flow: CommandFlow,
	obligations: Obligations,
): void | Promise<void> {
	if (parts.state.failed) return flow.close();
	if (!sameTypes(types, wire.description?.parameterTypes ?? types)) {
		flow.close(); // the values were shown to the policy as of other types than the server takes them for
		return decide(parts, bind, entry, wire);
	}
	if (!keepsPromise(wire)) {
		flow.close();
		return parts.refusal.extended(OTHER_RESULT);
	}
	release(parts, bind, wire, flow, obligations);
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
	upstream.bind(flow, bind.buffer, bind.start, bind.end, new ExpectedBind(results, tentative));
}

/** What the server makes of a Bind. */
class ExpectedBind implements Expected {
	readonly kind = "bind";
	readonly visible = true;
	readonly flow: CommandFlow;
	readonly #results: ResultStream;
	readonly #portal: Tentative;

	constructor(results: ResultStream, portal: Tentative) {
		this.flow = results.flow;
		this.#results = results;
		this.#portal = portal;
	}

	completed(): void {
		this.#portal.confirm();
	}

	failed(error: ErrorFields): void {
		this.#results.fail(error);
		this.#portal.failed();
		this.flow.close();
	}

	skipped(): void {
		this.#portal.skipped();
		this.flow.close();
	}
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
