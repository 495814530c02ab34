import type { RawStmt } from "libpg-query-18";
import type { SqlWrite } from "../../../commands/index.ts";
import { type ParsedSql, sliceBytes } from "../grammar/index.ts";
import { newBudget } from "./budget.ts";
import { rootEnv } from "./environment.ts";
import { Findings } from "./findings.ts";
import { survey } from "./known-nodes.ts";
import type { AnalysedStatement, ResolutionError, Scope } from "./model.ts";
import { finish, type Result, tagOnly } from "./result.ts";
import { changesMeaning } from "./settings.ts";
import { analyseStatement } from "./statement.ts";

/**
 * What each statement of a text means in a session's scope, in the order of the text. Never throws on anything that
 * the grammar accepts: what it doesn't know is opaque.
 *
 * The server analyses statement n after n-1 has run. So once a statement may have changed what names mean, those
 * after it are opaque, and a name that doesn't resolve after the first statement is opaque and no error.
 *
 * It is done in one go, and nobody else is served meanwhile: what takes longer than `timeoutMs` is opaque.
 */
export function analyse(
	parsed: ParsedSql,
	scope: Scope,
	timeoutMs: number = Number.POSITIVE_INFINITY,
): readonly AnalysedStatement[] {
	const statements = parsed.tree.stmts ?? [];
	const budget = newBudget(timeoutMs);
	let moved: string | null = null;
	return statements.map((raw, index) => {
		const findings = new Findings();
		const env = rootEnv({ scope, catalog: scope.catalog, text: parsed.text, budget }, findings);
		const { tooDeep, unknown } = survey(raw.stmt);
		const result = tooDeep ? notFollowed(findings) : analyseStatement(raw.stmt, env);
		if (unknown !== undefined) findings.opaque(`the analysis does not know ${unknown}`);
		if (moved !== null) findings.opaque(`it follows a statement that changes ${moved}`);
		const later = index > 0 && findings.unresolved !== null;
		if (later || budget.cut) findings.unresolved = null;
		const start = raw.stmt_location ?? 0;
		const length = lengthOf(raw, statements[index + 1], parsed.text);
		const analysed = finish(withText(result, parsed.text, start, length), findings, start, length);
		moved ??= whatMoves(analysed, scope);
		return moved === null || index === 0 ? analysed : { ...analysed, cacheable: false };
	});
}

/** What is kept under a name is kept with its text: whoever approves of running it is to see it. */
function withText(result: Result, text: string, start: number, length: number): Result {
	const { control } = result;
	if (control.type !== "prepare" && control.type !== "declare") return result;
	return { ...result, control: { ...control, text: sliceBytes(text, start, length).trim() } };
}

/**
 * A text that the grammar refuses. The server refuses it too, or else it reads something that nobody here understands:
 * so it is one statement that may do anything, and whose error is known. `why` is what the policy is told of it.
 */
export function analyseRefused(
	text: string,
	error: ResolutionError,
	why: string,
): readonly AnalysedStatement[] {
	const findings = new Findings();
	findings.opaque(`it is not valid SQL: ${why}`);
	findings.unresolved = error;
	const result = { ...tagOnly("unknown"), returns: "rows" as const, complete: false };
	return [finish(result, findings, 0, Buffer.byteLength(text))];
}

/** Not looked into at all: it may do anything. */
function notFollowed(findings: Findings): Result {
	findings.opaque("the statement nests deeper than the analysis follows");
	findings.change({ settings: true, schema: true, temporary: true });
	return { ...tagOnly("unknown"), returns: "rows", complete: false };
}

/** Everything that a command writes, once each. */
export function flattenWrites(statements: readonly AnalysedStatement[]): SqlWrite[] {
	const writes = new Map<string, SqlWrite>();
	for (const statement of statements)
		for (const write of statement.writes) writes.set(JSON.stringify(write), write);
	return [...writes.values()];
}

/** The last statement of a text says no length: it goes on to the end. */
function lengthOf(raw: RawStmt, next: RawStmt | undefined, text: string): number {
	if (raw.stmt_len !== undefined && raw.stmt_len > 0) return raw.stmt_len;
	return (next?.stmt_location ?? Buffer.byteLength(text)) - (raw.stmt_location ?? 0);
}

/** What a statement changes on which it depends what those after it mean; null when nothing. */
function whatMoves(statement: AnalysedStatement, scope: Scope): string | null {
	const { control, changes } = statement;
	if (changes.schema) return "the schema";
	if (changes.temporary) return "temporary objects";
	if (control.type === "set") return changesMeaning(control.name) ? "settings" : null;
	if (control.type === "reset_all") return "settings";
	if (control.type === "transaction") return changes.settings && scope.revertible ? "settings" : null;
	return changes.settings ? "settings" : null;
}
