import type { StagePermit } from "../../../gate/index.ts";
import { TargetRefusal } from "../../../gate/index.ts";
import { chain } from "../../../lib/index.ts";
import type { AnalysedSql } from "../analyse.ts";
import { decodeParse, encodeParse, type ParseMessage } from "../codec/index.ts";
import { denialReport, thrownReport } from "../errors.ts";
import { hasChecks } from "../facts.ts";
import { constantsOf } from "../redactions.ts";
import { describedBefore } from "./describe.ts";
import { keptNameRefusal, nameRefusal } from "./names.ts";
import type { Parts } from "./parts.ts";
import type { PreparedStatement, WireStatement } from "./registry.ts";
import { neverDenied, ownSetting, understand } from "./understand.ts";

/** Sent in place of a text that the gateway keeps to itself, so that the server's answers are those of a SET. */
export const CONSUMED = "SET sallyport.consumed TO ''";

/** Parse: the text is analysed and, as far as that goes without parameters, decided. */
export function parse(parts: Parts, buffer: Buffer, start: number, end: number): void | Promise<void> {
	const message = decodeParse(buffer, start, end);
	const { name, text, parameterTypes } = message;
	const refusal = nameRefusal(name) ?? (parts.upstream.pins ? keptNameRefusal(name) : null);
	if (refusal !== null) return parts.refusal.extended(refusal);
	let sql: AnalysedSql | null = null;
	const verdict = parts.gate.stage(parts.session, {
		text,
		analyse: () =>
			chain(understand(parts, text, declared(parameterTypes)), (understood) => {
				assertOneStatement(understood);
				assertUnchecked(parts, parameterTypes);
				sql = understood;
				return understood.command;
			}),
		constants: constantsOf,
		neverDenied: () => neverDenied(sql?.statements ?? [], parts.state.status === "E"),
	});
	return chain(verdict, (decided) => {
		if (decided.kind === "denied") {
			if (name === "") parts.registry.statements.delete(""); // as on the server, where the attempt drops it
			return parts.refusal.extended(denialReport(decided.denial));
		}
		if (sql === null) return;
		try {
			prepare(parts, message, sql, decided.permit);
		} catch (thrown) {
			parts.refusal.extended(thrownReport(thrown, "ERROR")); // nothing was sent: the registry is full
		}
	});
}

/** Undefined where all types are left to the server. */
const declared = (types: readonly number[]): readonly number[] | undefined =>
	types.some((type) => type !== 0) ? types : undefined;

function prepare(parts: Parts, message: ParseMessage, sql: AnalysedSql, permit: StagePermit): void {
	const { registry, upstream, state, own } = parts;
	const { name, text, parameterTypes } = message;
	const setting = ownSetting(sql.statements);
	if (setting !== null) own.check(setting.name, setting.value);
	const wire: WireStatement = {
		text,
		givenTypes: parameterTypes,
		permit,
		transaction: upstream.transaction,
		analysed: sql,
		description: null,
		promised: null,
	};
	const tentative = registry.statements.put(wireStatement(name, wire), state.batch);
	upstream.parse(permit, encodeParse(name, setting === null ? sql.text : CONSUMED, parameterTypes), {
		visible: true,
		completed: () => tentative.confirm(),
		failed: () => tentative.failed(),
		skipped: () => tentative.skipped(),
	});
	describedBefore(parts, name, wire);
}

function wireStatement(name: string, wire: WireStatement): PreparedStatement {
	return {
		name,
		origin: "wire",
		wire,
		text: wire.text,
		get statement() {
			return wire.analysed.statements[0] ?? null;
		},
		definitions: () => wire.analysed.command.scope(),
		confirmed: false,
	};
}

function assertOneStatement({ statements }: AnalysedSql): void {
	if (statements.length < 2) return;
	throw new TargetRefusal({
		code: "42601",
		message: "cannot insert multiple commands into a prepared statement",
		hint: null,
		position: null,
	});
}

/** Bind would run the checks of a declared domain, which the text does not name. */
function assertUnchecked({ scope }: Parts, types: readonly number[]): void {
	const { catalog } = scope.last.scope;
	if (!types.some((oid) => hasChecks(oid, catalog))) return;
	throw new TargetRefusal({
		code: "0A000",
		message: "a parameter can't be declared as a domain with checks here",
		hint: "Leave the parameter's type out and cast it in the statement.",
		position: null,
	});
}
