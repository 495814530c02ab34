import type { AnalysedCommand, SqlStatement, SqlWrite } from "../../commands/index.ts";
import { quoted } from "../../lib/index.ts";
import { type AnalysedStatement, analyse, analyseRefused, type Scope } from "./analysis/index.ts";
import type { Catalog } from "./catalog/index.ts";
import type { RowField } from "./codec/index.ts";
import { factsOf } from "./facts.ts";
import { type GrammarError, namesBeyondAscii, type ParsedSql } from "./grammar/index.ts";
import { constantsOf, redactionOfAll, redactionsOf, speaksOfPassword } from "./redactions.ts";
import { isShapely } from "./shapes.ts";
import { misreadIn, sureOfNames } from "./uncertain.ts";

/** What the server's Describe of a statement tells. */
export interface Description {
	readonly parameterTypes: readonly number[];
	/** Null when the statement returns no rows. */
	readonly fields: readonly RowField[] | null;
}

/** A text analysed in one scope: what the gate is asked about, and what the session keeps step with. */
export interface AnalysedSql {
	readonly command: AnalysedCommand;
	readonly statements: readonly AnalysedStatement[];
	/** The text to forward: the client's, or the same with its comments blanked. */
	readonly text: string;
	/** Names the scope: the same key, the same meaning. */
	readonly scopeKey: string;
	/** The types that were declared for its parameters, where any were. */
	readonly parameterTypes: readonly number[] | undefined;
	/** Answers to Describe of this text, by the parameter types given with it. */
	readonly descriptions: Map<string, Description>;
}

/** Scopes kept for one text; more of them than this alternate only in tests. */
const KEPT_SCOPES = 8;
/** Shapes kept for one scope; a client that has more of them doesn't repeat itself. */
const KEPT_SHAPES = 2_000;

/**
 * Analyses parsed texts and keeps the results for as long as the parser keeps the text; and those of shapes, which
 * serve every text that differs in constants only. One for each database of a connection: catalogs of two databases
 * never share a key.
 */
export class SqlAnalyser {
	readonly #kept = new WeakMap<ParsedSql, Map<string, AnalysedSql>>();
	readonly #shapes = new Map<string, Map<string, AnalysedSql>>();
	readonly #timeoutMs: number;

	/** @param timeoutMs what one text may take; the rest of it is opaque then */
	constructor(timeoutMs: number) {
		this.#timeoutMs = timeoutMs;
	}

	/** For a text of a shape that was analysed before in this scope: without parsing it. */
	ofShape(text: string, shape: string, scopeKey: string): AnalysedSql | undefined {
		const known = this.#shapes.get(scopeKey)?.get(shape);
		return known === undefined || speaksOfPassword(text) ? undefined : withText(known, text);
	}

	analyse(
		parsed: ParsedSql,
		original: string,
		scope: Scope,
		scopeKey: string,
		shape: string | null = null,
	): AnalysedSql {
		const types = scope.parameterTypes === undefined ? "" : `\n$${scope.parameterTypes.join()}`;
		const key = `${scopeKey}${types}${original === parsed.text ? "" : `\n${original}`}`;
		let byScope = this.#kept.get(parsed);
		const known = byScope?.get(key);
		if (known !== undefined) return known;
		const analysed = analyseSql(parsed, original, scope, scopeKey, this.#timeoutMs);
		if (!analysed.statements.every((statement) => statement.cacheable)) return analysed;
		if (byScope === undefined || byScope.size >= KEPT_SCOPES) {
			byScope = new Map();
			this.#kept.set(parsed, byScope);
		}
		byScope.set(key, analysed);
		if (shape !== null) this.#keepShape(shape, analysed, parsed);
		return analysed;
	}

	/** A text that the grammar refuses: whether the server may be asked about it is up to the policy. */
	refused(text: string, error: GrammarError, scope: Scope, scopeKey: string): AnalysedSql {
		const { sqlstate, message, position } = error;
		// The parser quotes the text that it stumbles over, and what the policy is told is recorded.
		const quoted = speaksOfPassword(text) ? "its text may hold a password and is not quoted" : message;
		const statements = analyseRefused(text, { sqlstate, message, hint: null, position }, quoted);
		const sql = assemble({ text, fingerprint: "" }, statements, text, scope, scopeKey);
		return { ...sql, command: { ...sql.command, redactions: redactionOfAll(text) } };
	}

	#keepShape(shape: string, analysed: AnalysedSql, parsed: ParsedSql): void {
		const { command, statements, scopeKey } = analysed;
		if (analysed.text !== command.text || command.unresolved !== null || command.redactions.length > 0)
			return;
		if (statements.some(({ control }) => control.type !== "plain") || !isShapely(parsed)) return;
		let shapes = this.#shapes.get(scopeKey);
		if (shapes === undefined || shapes.size >= KEPT_SHAPES) {
			if (this.#shapes.size >= KEPT_SCOPES) this.#shapes.clear();
			shapes = new Map();
			this.#shapes.set(scopeKey, shapes);
		}
		shapes.set(shape, analysed);
	}
}

/** The same meaning with other constants. Arrays stay the same objects, so that what is kept by them is found. */
function withText(analysed: AnalysedSql, text: string): AnalysedSql {
	if (text === analysed.text) return analysed;
	const { command } = analysed;
	const quotedText = quoted(text);
	return {
		...analysed,
		text,
		command: { ...command, text, quotedText, head: headOf(quotedText, command.tail) },
	};
}

function headOf(quotedText: string, tail: string): string {
	return `{"type":"sql","dialect":"postgres","text":${quotedText}${tail}`;
}

function tailOf(
	fingerprint: string,
	statements: readonly SqlStatement[],
	writes: readonly SqlWrite[],
): string {
	const meaning = JSON.stringify({ fingerprint, statements, writes });
	return `,${meaning.slice(1, -1)}`;
}

const NO_CHANGES = { settings: false, schema: false, temporary: false } as const;

/** Opaque for what they hold; but nothing that names rest on changes by them, and clients call them by the thousand. */
const LARGE_OBJECTS: ReadonlySet<string> = new Set(
	(
		"lo_close lo_creat lo_create lo_from_bytea lo_get lo_lseek lo_lseek64 lo_open lo_put lo_tell lo_tell64 " +
		"lo_truncate lo_truncate64 lo_unlink loread lowrite"
	).split(" "),
);

function onlyLargeObjects({ policy: { functions, nested } }: AnalysedStatement): boolean {
	return (
		nested.length === 0 &&
		functions.every(({ schema, name }) => schema === "pg_catalog" && LARGE_OBJECTS.has(name))
	);
}

const calls = new WeakMap<AnalysedSql, AnalysedSql>();

/** The fast path's view of `SELECT f(...)`: the same in everything but its kind. */
export function asCall(sql: AnalysedSql): AnalysedSql {
	const known = calls.get(sql);
	if (known !== undefined) return known;
	const { command } = sql;
	const statements = sql.statements.map((statement) => ({
		...statement,
		changes: onlyLargeObjects(statement) ? NO_CHANGES : statement.changes,
		policy: { ...statement.policy, kind: "call", details: { fast_path: true } },
	}));
	const policy = statements.map((statement) => statement.policy);
	const tail = tailOf(command.fingerprint, policy, command.writes);
	const call = {
		...sql,
		statements,
		command: { ...command, statements: policy, tail, head: headOf(command.quotedText, tail) },
	};
	calls.set(sql, call);
	return call;
}

function analyseSql(
	parsed: ParsedSql,
	original: string,
	scope: Scope,
	scopeKey: string,
	timeoutMs: number,
): AnalysedSql {
	const misread = scope.otherEncoding !== undefined && namesBeyondAscii(original);
	const sure = (statement: AnalysedStatement): AnalysedStatement =>
		misread ? misreadIn(statement, `${scope.otherEncoding}`) : sureOfNames(statement);
	return assemble(parsed, analyse(parsed, scope, timeoutMs).map(sure), original, scope, scopeKey);
}

function assemble(
	parsed: Pick<ParsedSql, "text" | "fingerprint">,
	statements: readonly AnalysedStatement[],
	original: string,
	scope: Scope,
	scopeKey: string,
): AnalysedSql {
	const policy = statements.map((statement) => statement.policy);
	const writes = statements.flatMap((statement) => statement.writes);
	const unresolved = statements.find((statement) => statement.unresolved !== null)?.unresolved ?? null;
	const tail = tailOf(parsed.fingerprint, policy, writes);
	// What is kept with a text outlives the session whose scope this is, and must not keep it.
	const { catalog, role, searchPath, parameterTypes } = scope;
	const names = { catalog, role, searchPath };
	const quotedText = quoted(original);
	const command: AnalysedCommand = {
		text: original,
		quotedText,
		fingerprint: parsed.fingerprint,
		head: headOf(quotedText, tail),
		tail,
		statements: policy,
		writes,
		results: statements.map((statement) => ({
			returns: statement.returns,
			output: statement.output,
			writes: statement.writes.length > 0 || statement.policy.opaque,
		})),
		unresolved:
			unresolved === null
				? null
				: {
						code: unresolved.sqlstate,
						message: unresolved.message,
						hint: unresolved.hint,
						position: unresolved.position,
					},
		redactions: redactionsOf(original, policy),
		constants: constantsOf,
		runs: statements.flatMap((statement) => statement.runs),
		scope: () => definitionsOf(policy, names),
		relation: (schema, name) => factsOf(catalog, schema, name),
	};
	return { command, statements, text: parsed.text, scopeKey, parameterTypes, descriptions: new Map() };
}

/** What the names stood for: role, search path, and every relation and function reached, as the catalog has them. */
export function definitionsOf(
	statements: readonly SqlStatement[],
	{ catalog, role, searchPath }: Pick<Scope, "catalog" | "role" | "searchPath">,
): string {
	const all = statements.flatMap(withNested);
	const relations = all.flatMap(({ relations }) =>
		relations.map(({ schema, name }) => catalog.relation(schema, name) ?? `${schema}.${name}`),
	);
	const views = all.flatMap(({ relations }) => relations.flatMap(({ via }) => via));
	const functions = all.flatMap(({ functions }) =>
		functions.map(({ schema, name }) => userFunctions(catalog, schema, name)),
	);
	return JSON.stringify([role, searchPath, relations, viewDefinitions(catalog, views), functions]);
}

function withNested(statement: SqlStatement): SqlStatement[] {
	return [statement, ...statement.nested.flatMap(withNested)];
}

function userFunctions(catalog: Catalog, schema: string, name: string): unknown {
	return schema === "pg_catalog" ? name : catalog.functions(schema, name);
}

/** `via` holds `schema.view`; names with a dot in a part are kept as they stand. */
function viewDefinitions(catalog: Catalog, views: readonly string[]): unknown {
	return [...new Set(views)].map((view) => {
		const dot = view.indexOf(".");
		return [view, catalog.relation(view.slice(0, dot), view.slice(dot + 1))?.viewDefinition ?? null];
	});
}
