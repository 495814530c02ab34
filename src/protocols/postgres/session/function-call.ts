import { type CommandRequest, GateError, TargetRefusal } from "../../../gate/index.ts";
import { chain } from "../../../lib/index.ts";
import { type AnalysedSql, asCall } from "../analyse.ts";
import type { Catalog, CatalogFunction } from "../catalog/index.ts";
import { decodeFunctionCall, type FunctionCallMessage } from "../codec/index.ts";
import { denialReport } from "../errors.ts";
import { constantsOf } from "../redactions.ts";
import { assertCanDischargeCall } from "./capabilities.ts";
import { blockFailed } from "./own-queries.ts";
import { parametersOf } from "./parameters.ts";
import type { Parts } from "./parts.ts";
import { sendQuery } from "./simple-query.ts";
import { understand } from "./understand.ts";
import { withFilters } from "./with-filters.ts";

/** A call whose function is known: the SELECT that does the same, and what it gives. */
interface Call {
	readonly message: FunctionCallMessage;
	readonly buffer: Buffer;
	readonly text: string;
	readonly function: CatalogFunction | null;
	readonly catalog: Catalog;
	/** What the server itself would refuse it with. */
	readonly refusal: TargetRefusal | null;
}

/**
 * The fast path, by which libpq and pgjdbc work on large objects: a function by its OID. It is decided as the SELECT
 * that calls the same function with the same types, under the kind `call`. As with a Query, it begins when everything
 * before it is answered and is answered up to ReadyForQuery; unlike a Query it leaves the unnamed statement alone.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-FUNCTION-CALL, tcop/fastpath.c
 */
export function functionCall(parts: Parts, buffer: Buffer, start: number, end: number): void | Promise<void> {
	const message = decodeFunctionCall(buffer, start, end);
	const whole = buffer.subarray(start, end);
	if (!parts.pipeline.empty) return parts.steps.drained().then(() => afterAll(parts, message, whole));
	return afterAll(parts, message, whole);
}

function afterAll(parts: Parts, message: FunctionCallMessage, buffer: Buffer): void | Promise<void> {
	const unsettled = parts.steps.settle();
	if (unsettled !== undefined) return unsettled.then(() => afterAll(parts, message, buffer));
	if (parts.state.failed) return; // the server ignores it up to Sync, and so do we
	return chain(find(parts, message, buffer), (call) => decide(parts, call));
}

function decide(parts: Parts, call: Call): void | Promise<void> {
	const { gate, session, holding, settings, refusal, state } = parts;
	const { message, text } = call;
	const parameters = parametersOf(message, call.function?.argumentTypes ?? [], call.catalog);
	let sql: AnalysedSql | null = null;
	const request: CommandRequest = {
		text,
		parameters,
		parameterBytes: () => message.argumentBytes,
		role: () => settings.role,
		analyse: () =>
			chain(find(parts, message, call.buffer), (now) => {
				if (now.refusal !== null) throw now.refusal;
				if (now.text !== text) throw new GateError("approval_void"); // the OID has another name by now
				return chain(understand(parts, text), (understood) => {
					sql = asCall(understood);
					return sql.command;
				});
			}),
		constants: constantsOf,
		neverDenied: () => false,
		assertCan: (obligations) => {
			if (sql !== null) assertCanDischargeCall(obligations, sql, call.function?.returnType ?? 0);
		},
		filter: (filters) => {
			if (sql === null || withFilters(parts, sql, filters) === null) return null;
			throw new GateError(
				"cannot_discharge",
				"a fast-path call can't be filtered: call the function in a SELECT",
			);
		},
		hold: () => holding.hold(),
	};
	return chain(gate.command(session, request), (verdict) => {
		holding.release();
		if (verdict.kind === "denied") return refusal.simple(denialReport(verdict.denial));
		if (verdict.obligations.hideTexts) state.touchedMasked = true;
		if (sql === null) throw new Error("a permit without an analysis");
		sendQuery(parts, sql, call.buffer, verdict.permit, { kind: "call", format: message.resultFormat });
	});
}

/** The function in the session's picture of the catalog; looked for again in a fresh one where it isn't there. */
function find(parts: Parts, message: FunctionCallMessage, buffer: Buffer): Call | Promise<Call> {
	const { scope, state, database } = parts;
	if (state.status === "E") {
		const { catalog } = scope.last.scope;
		return { ...unknown(message, buffer, catalog), refusal: blockFailed() };
	}
	return chain(scope.current(), ({ scope: { catalog } }) => {
		const found = catalog.functionByOid(message.functionOid);
		if (found !== undefined) return known(message, buffer, found, catalog);
		database.keeper.invalidate();
		return chain(scope.current(), ({ scope: { catalog: fresh } }) => {
			const late = fresh.functionByOid(message.functionOid);
			return late === undefined ? unknown(message, buffer, fresh) : known(message, buffer, late, fresh);
		});
	});
}

function unknown(message: FunctionCallMessage, buffer: Buffer, catalog: Catalog): Call {
	const why = `function with OID ${message.functionOid} does not exist`;
	const text = `fast-path call of the function with OID ${message.functionOid}`;
	return { message, buffer, text, function: null, catalog, refusal: refused("42883", why) };
}

function known(message: FunctionCallMessage, buffer: Buffer, found: CatalogFunction, catalog: Catalog): Call {
	const text = selectOf(found, catalog);
	return { message, buffer, text, function: found, catalog, refusal: refusalOf(message, found) };
}

/** In the server's words and order (fastpath.c). */
function refusalOf(message: FunctionCallMessage, called: CatalogFunction): TargetRefusal | null {
	const { parameterCount, formatCount } = message;
	if (called.kind !== "function" || called.returnsSet)
		return refused("0A000", `cannot call function "${called.name}" via fastpath interface`);
	if (parameterCount !== called.arguments)
		return refused(
			"08P01",
			`function call message contains ${parameterCount} arguments but function requires ${called.arguments}`,
		);
	if (formatCount > 1 && formatCount !== parameterCount)
		return refused(
			"08P01",
			`function call message contains ${formatCount} argument formats but ${parameterCount} arguments`,
		);
	return null;
}

function refused(code: string, message: string): TargetRefusal {
	return new TargetRefusal({ code, message, hint: null, position: null });
}

/** `SELECT schema.f($1::type, ...)`: the types are the function's own, so that no other overload can be meant. */
function selectOf(called: CatalogFunction, catalog: Catalog): string {
	const values = called.argumentTypes.slice(0, called.arguments).map((oid, index) => {
		const type = catalog.typeByOid(oid);
		const variadic = called.variadic && index === called.arguments - 1 ? "VARIADIC " : "";
		return `${variadic}$${index + 1}::${type === undefined ? `"${oid}"` : qualified(type)}`;
	});
	return `SELECT ${qualified(called)}(${values.join(", ")})`;
}

const PLAIN_SCHEMAS = new Set(["pg_catalog", "public"]);

function qualified({ schema, name }: { readonly schema: string; readonly name: string }): string {
	const first = PLAIN_SCHEMAS.has(schema) ? schema : quoted(schema);
	return `${first}.${/^[a-z_][a-z0-9_]*$/.test(name) ? name : quoted(name)}`;
}

function quoted(name: string): string {
	return `"${name.replaceAll('"', '""')}"`;
}
