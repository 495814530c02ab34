import type { TargetError } from "../../../commands/index.ts";
import { chain } from "../../../lib/index.ts";
import type { AnalysedSql } from "../analyse.ts";
import type { AnalysedStatement, Scope } from "../analysis/index.ts";
import { ProtocolError } from "../codec/index.ts";
import { GrammarError, type ParsedSql } from "../grammar/index.ts";
import { shapeOf } from "../shapes.ts";
import { assertNothingLasts } from "./lasting.ts";
import { blockFailed } from "./own-queries.ts";
import type { Parts } from "./parts.ts";
import { isPinnedValue, matters, OWN_PREFIX, PINNED } from "./settings.ts";

/**
 * From a text to what it means in this session now, its parameters being of the types declared for them. Throws
 * ProtocolError for a setting that is pinned, GrammarError for a text that is too much.
 */
export function understand(
	parts: Parts,
	text: string,
	parameterTypes?: readonly number[],
): AnalysedSql | Promise<AnalysedSql> {
	const understood = read(parts, text, parameterTypes);
	if (!parts.upstream.pins) return understood;
	return chain(understood, (sql) => {
		assertNothingLasts(sql, parts.scope.last.scope.catalog, parts.state.status);
		return sql;
	});
}

function read(
	parts: Parts,
	text: string,
	parameterTypes: readonly number[] | undefined = undefined,
): AnalysedSql | Promise<AnalysedSql> {
	if (parts.state.status === "E")
		return chain(parse(parts, text), (parsed) => inFailedBlock(parts, parsed, text));
	const { scope, database } = parts;
	const shape = parameterTypes === undefined ? shapeOf(text) : null;
	return chain(scope.current(), ({ scope: current, key }) => {
		const known = shape === null ? undefined : database.analyser.ofShape(text, shape, key);
		if (known !== undefined) return known;
		return chain(parse(parts, text), (parsed) => {
			if (parsed instanceof GrammarError) return database.analyser.refused(text, parsed, current, key);
			const place = declaring(current, parameterTypes);
			const analysed = database.analyser.analyse(parsed, text, place, key, shape);
			for (const statement of analysed.statements) refusePinned(statement);
			return isInCatalog(analysed.command.unresolved) ? lookAgain(parts, parsed, text, analysed) : analysed;
		});
	});
}

const declaring = (scope: Scope, parameterTypes: readonly number[] | undefined): Scope =>
	parameterTypes === undefined ? scope : { ...scope, parameterTypes };

/** Prepared statements and cursors are the registry's, which misses nothing. */
function isInCatalog(unresolved: TargetError | null): boolean {
	return unresolved !== null && unresolved.code !== "26000" && unresolved.code !== "34000";
}

/** A name that isn't in our picture of the catalog may have come to be since it was last held against the server's. */
async function lookAgain(
	parts: Parts,
	parsed: ParsedSql,
	text: string,
	analysed: AnalysedSql,
): Promise<AnalysedSql> {
	const { scope, database } = parts;
	database.keeper.invalidate();
	const { scope: current, key } = await scope.current();
	const place = declaring(current, analysed.parameterTypes);
	return key === analysed.scopeKey ? analysed : database.analyser.analyse(parsed, text, place, key);
}

/**
 * What a text that was analysed before means now: the analysis that there is, where its scope is still that of the
 * session and it did not draw on what the registry held then.
 */
export function asOfNow(parts: Parts, text: string, known: AnalysedSql): AnalysedSql | Promise<AnalysedSql> {
	const { parameterTypes } = known;
	if (parts.state.status === "E") return understand(parts, text, parameterTypes);
	const scope = parts.scope.current();
	return scope instanceof Promise
		? scope.then(({ key }) => inScope(parts, text, known, key))
		: inScope(parts, text, known, scope.key);
}

function inScope(
	parts: Parts,
	text: string,
	known: AnalysedSql,
	key: string,
): AnalysedSql | Promise<AnalysedSql> {
	const holds = known.scopeKey === key && known.statements.every(isCacheable);
	return holds ? known : understand(parts, text, known.parameterTypes);
}

const isCacheable = ({ cacheable }: AnalysedStatement): boolean => cacheable;

/** True when two analyses of a text say the same of what it does, reaches and returns. */
export function meansTheSame(one: AnalysedSql, other: AnalysedSql): boolean {
	if (one === other) return true;
	return (
		one.command.head === other.command.head &&
		one.command.scope() === other.command.scope() &&
		JSON.stringify(one.command.results) === JSON.stringify(other.command.results)
	);
}

/** The server takes nothing but the end of the block, and that needs no names. */
function inFailedBlock(parts: Parts, parsed: ParsedSql | GrammarError, text: string): AnalysedSql {
	const { scope, key } = parts.scope.last;
	const { analyser } = parts.database;
	if (parsed instanceof GrammarError) return analyser.refused(text, parsed, scope, key);
	const analysed = analyser.analyse(parsed, text, scope, key);
	if (analysed.statements.length === 0 || neverDenied(analysed.statements, true)) return analysed;
	throw blockFailed();
}

/** ROLLBACK and its like, which are never denied; COMMIT and PREPARE TRANSACTION where they are one: the block failed. */
export function neverDenied(statements: readonly AnalysedStatement[], blockFailed: boolean): boolean {
	return statements.length > 0 && statements.every((statement) => endsBlock(statement, blockFailed));
}

function endsBlock({ control }: AnalysedStatement, blockFailed: boolean): boolean {
	if (control.type !== "transaction") return false;
	if (control.operation === "rollback" || control.operation === "rollback_to") return true;
	return blockFailed && (control.operation === "commit" || control.operation === "prepare");
}

/** The error is the answer where the text is no SQL. */
function parse(parts: Parts, text: string): ParsedSql | GrammarError | Promise<ParsedSql | GrammarError> {
	try {
		const parsed = parts.database.grammar.parse(text);
		return parsed instanceof Promise ? parsed.catch(syntaxError) : parsed;
	} catch (thrown) {
		return syntaxError(thrown);
	}
}

function syntaxError(thrown: unknown): GrammarError {
	if (thrown instanceof GrammarError && thrown.code === "sql_syntax") return thrown;
	throw thrown;
}

/** Settings that change what a text means stay as they are, whatever the policy says. */
function refusePinned(statement: AnalysedStatement): void {
	const { control } = statement;
	if (control.type === "prepare" || control.type === "declare") return refusePinned(control.statement);
	if (control.type !== "set" || !PINNED.has(control.name)) return;
	// RESET brings back what the session began with, which was checked; the setting is read afterwards all the same.
	if (control.value === null || isPinnedValue(control.name, control.value)) return;
	throw new ProtocolError(
		"setting_pinned",
		`the setting "${control.name}" is pinned to ${PINNED.get(control.name)} by the gateway`,
	);
}

/** The gateway's own setting that a text is about, if that is all that it does. */
export function ownSetting(
	statements: readonly AnalysedStatement[],
): { name: string; value: string | null } | null {
	const [statement] = statements;
	if (statements.length !== 1 || statement?.control.type !== "set") return null;
	const { name, value } = statement.control;
	return name.startsWith(OWN_PREFIX) ? { name, value } : null;
}

/** What a completed statement makes uncertain for the texts that follow. */
export function makesUncertain(statement: AnalysedStatement): "nothing" | "tracked" | "all" {
	const { control, changes } = statement;
	switch (control.type) {
		case "set":
			if (PINNED.has(control.name) && control.value === null) return "all";
			return matters(control.name) ? "tracked" : "nothing";
		case "reset_all":
			return "tracked";
		case "discard":
			return control.target === "all" ? "tracked" : "nothing";
		case "transaction":
			return "nothing"; // its end does, where something changed within it: see effects.ts
		default:
			return changes.settings ? "all" : "nothing";
	}
}

/** True when nothing may be forwarded behind it until it is complete. */
export function isBarrier(statement: AnalysedStatement): boolean {
	const { control, changes, returns } = statement;
	if (returns === "copy_in" || changes.schema || changes.temporary) return true;
	if (control.type === "transaction")
		return control.operation !== "begin" && control.operation !== "savepoint";
	return control.type === "fetch" || control.type === "execute"
		? makesUncertain(statement) !== "nothing"
		: control.type !== "plain" || changes.settings;
}
