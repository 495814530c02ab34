import { chain } from "../../../lib/index.ts";
import {
	decodeClose,
	decodeDescribe,
	decodeExecute,
	type ExecuteMessage,
	encodeCommandComplete,
	encodeExecute,
} from "../codec/index.ts";
import { targetReport } from "../errors.ts";
import { callsUsers } from "../uncertain.ts";
import { findStatement, isGone, prepareAgain } from "./bind.ts";
import { takeDescription } from "./describe.ts";
import { ExpectedExecute } from "./expected-execute.ts";
import { unknownPortal, unknownStatement } from "./names.ts";
import { blockFailed } from "./own-queries.ts";
import type { Parts } from "./parts.ts";
import type { Portal, WirePortal } from "./registry.ts";
import { asOfNow, isBarrier, meansTheSame } from "./understand.ts";

/** Execute: runs a portal under the permit of its Bind, as far as limits let it. */
export function execute(parts: Parts, buffer: Buffer, start: number, end: number): void | Promise<void> {
	const message = decodeExecute(buffer, start, end);
	const range = { buffer, start, end };
	const portal = findPortal(parts, message.portal);
	return portal instanceof Promise
		? portal.then((found) => executeOf(parts, message, found, range))
		: executeOf(parts, message, portal, range);
}

/** The Execute as the client sent it. */
interface Range {
	readonly buffer: Buffer;
	readonly start: number;
	readonly end: number;
}

function executeOf(
	parts: Parts,
	message: ExecuteMessage,
	portal: Portal | undefined,
	range: Range,
): void | Promise<void> {
	if (portal === undefined) return parts.refusal.extended(unknownPortal(message.portal));
	const { wire } = portal;
	if (wire === null) return parts.refusal.extended(cursorOverWire(message.portal));
	if (!wire.flow.open) return runAgain(parts, portal, wire);
	const same = asBound(parts, wire);
	return same instanceof Promise
		? same.then((settled) => runAsBound(parts, message, portal, wire, range, settled))
		: runAsBound(parts, message, portal, wire, range, same);
}

/** @param same it still means what it was bound to */
function runAsBound(
	parts: Parts,
	{ portal: name, maxRows }: ExecuteMessage,
	portal: Portal,
	wire: WirePortal,
	{ buffer, start, end }: Range,
	same: boolean,
): void {
	if (!same) return parts.refusal.extended(boundOtherwise(name));
	const left = wire.results.rowsLeft;
	const cut = left !== null && (maxRows === 0 || maxRows > left);
	wire.begun = true;
	if (!cut) return run(parts, portal, wire, buffer, start, end);
	const message = encodeExecute(name, left + 1);
	run(parts, portal, wire, message, 0, message.length);
}

/**
 * A portal that has run to its end. The server says of a query's that there are no more rows, and drivers that fetch
 * until there are none ask for that; it runs nothing, and so the gateway answers it.
 */
function runAgain(parts: Parts, portal: Portal, { results }: WirePortal): void | Promise<void> {
	const { state, steps, client } = parts;
	const { tag, limitReached } = results;
	const ended = tag !== null && limitReached === null && portal.statement?.returns === "rows";
	if (!ended || state.status === "E") return parts.refusal.extended(finished(parts, portal.name));
	return chain(steps.drained(), () => {
		if (!state.failed) client.add(encodeCommandComplete(tag.replace(/\d+$/, "0")));
	});
}

/**
 * Commands that are no queries, and functions in any, look their names up when they run and not when they are bound:
 * what was decided has to hold still at that moment.
 */
function asBound(parts: Parts, { begun, text, analysed }: WirePortal): boolean | Promise<boolean> {
	if (parts.state.status === "E" || (begun && !analysed.statements.some(callsUsers))) return true;
	try {
		const same = chain(asOfNow(parts, text, analysed), (sql) => meansTheSame(analysed, sql));
		return same instanceof Promise ? same.catch(() => false) : same;
	} catch {
		return false; // it does not even resolve any more
	}
}

function run(
	parts: Parts,
	portal: Portal,
	wire: WirePortal,
	buffer: Buffer,
	start: number,
	end: number,
): void {
	const { upstream, steps, session } = parts;
	const { flow } = wire;
	const { timeoutMs, maxRows, maxBytes } = flow.obligations;
	const waits =
		maxRows !== null ||
		maxBytes !== null ||
		timeoutMs !== null ||
		(portal.statement !== null && isBarrier(portal.statement));
	const done = waits ? steps.hold() : NOTHING_WAITS;
	upstream.execute(flow, buffer, start, end, new ExpectedExecute(parts, portal, wire, done));
	if (!waits) return;
	parts.awaitCopy(done);
	upstream.flushRequest(session.protocolPermit);
}

const NOTHING_WAITS = () => {};

/** Describe: of a statement under the permit of its Parse, of a portal under that of its Bind or DECLARE. */
export function describe(parts: Parts, buffer: Buffer, start: number, end: number): void | Promise<void> {
	const { target, name } = decodeDescribe(buffer, start, end);
	if (target === "portal") return describePortal(parts, name, buffer, start, end);
	const message = buffer.subarray(start, end);
	return chain(findStatement(parts, name), (entry) => {
		if (entry === undefined) return parts.refusal.extended(unknownStatement(name));
		const { wire } = entry;
		if (wire === null) return parts.refusal.extended(preparedBySql(name));
		if (isGone(parts, wire)) prepareAgain(parts, name, wire);
		parts.upstream.describeStatement(wire.permit, message, {
			visible: true,
			described: takeDescription(wire, wire.analysed),
		});
	});
}

function describePortal(
	parts: Parts,
	name: string,
	buffer: Buffer,
	start: number,
	end: number,
): void | Promise<void> {
	return chain(findPortal(parts, name), (portal) => {
		if (portal === undefined) return parts.refusal.extended(unknownPortal(name));
		const { wire } = portal;
		// Of one that has run no more rows come; the server knows whether it can still say what they were.
		if (wire === null || !wire.flow.open)
			return parts.upstream.describeCursor(parts.session.protocolPermit, buffer.subarray(start, end), {
				visible: true,
			});
		parts.upstream.describePortal(wire.flow, buffer, start, end, { kind: "describe", visible: true });
	});
}

/** Close is never denied. */
export function close(parts: Parts, buffer: Buffer, start: number, end: number): void {
	const { target, name } = decodeClose(buffer, start, end);
	const { registry, upstream, session, state } = parts;
	const names = target === "statement" ? registry.statements : registry.portals;
	const tentative = names.take(name, state.batch);
	upstream.close(session.protocolPermit, buffer.subarray(start, end), {
		visible: true,
		completed: () => tentative.confirm(),
		failed: () => tentative.failed(),
		skipped: () => tentative.skipped(),
	});
}

/** As with statements: what is of an earlier batch may not have come to be, or ends with that batch. */
function findPortal(parts: Parts, name: string): Portal | undefined | Promise<Portal | undefined> {
	const { registry, state, steps } = parts;
	if (!registry.portals.mayEnd(name, state)) return registry.portals.get(name);
	return steps.drained().then(() => registry.portals.get(name));
}

/** In a failed block the server does not come to ask whether the portal could be run. */
function finished({ state }: Parts, name: string) {
	if (state.status === "E") return targetReport(blockFailed().target);
	return { severity: "ERROR", sqlstate: "55000", message: `portal "${name}" cannot be run` } as const;
}

function boundOtherwise(name: string) {
	return {
		severity: "ERROR",
		sqlstate: "0A000",
		message: `what portal "${name}" was bound to means something else by now`,
		hint: "bind the statement again, behind what changes its names",
	} as const;
}

function cursorOverWire(name: string) {
	return {
		severity: "ERROR",
		sqlstate: "0A000",
		message: `"${name}" is a cursor of DECLARE and can't be run by the protocol here`,
		hint: "use FETCH",
	} as const;
}

function preparedBySql(name: string) {
	return {
		severity: "ERROR",
		sqlstate: "0A000",
		message: `the statement "${name}" was prepared by PREPARE and can't be described by the protocol here`,
		hint: "prepare it by the protocol's Parse",
	} as const;
}
