import type { FilterObligation } from "../../../policy/index.ts";
import type { AnalysedSql } from "../analyse.ts";
import { type AnalysedStatement, analyse, type Scope } from "../analysis/index.ts";
import type { Relation } from "../catalog/index.ts";
import type { ParsedSql, ParseTree } from "../grammar/index.ts";
import { namesTypes, type RowFilter, readFilters } from "./filters.ts";
import { printed } from "./print.ts";
import { unfilterable } from "./refusal.ts";
import { Rewriter } from "./rewrite.ts";
import { readsStored } from "./stored.ts";
import { relativesOf } from "./targets.ts";

/** What a filter is added in: the session's names, and its server's grammar. */
export interface FilterMeans {
	readonly scope: Scope;
	/** `server_version_num`. */
	readonly serverVersion: number;
	parse(text: string): ParsedSql;
}

const FIRST_SERVER = 150_000;

/**
 * The same command with the filters of a decision, where it reaches their relations; null where it reaches none of
 * them. Its text is another one, printed from the rewritten tree; what it means stays, but for the rows.
 *
 * What it does not protect from: a computation on a row that is filtered out may still be made by the server before
 * the condition is, and fail.
 *
 * @throws GateError `cannot_discharge` where a reference is out of reach
 */
export function filtered(
	sql: AnalysedSql,
	obligations: readonly FilterObligation[],
	means: FilterMeans,
): AnalysedSql | null {
	const { scope } = means;
	const filters = readFilters(obligations, scope.catalog, scope.parse);
	const family = familyOf(filters, scope);
	const key = JSON.stringify(obligations);
	if (sql.statements.some(({ policy }) => readsStored(policy, (made) => reaches(made, family), means)))
		throw unfilterable("a materialised view in it holds rows of the relation");
	const open = sql.statements.filter((statement) => filteredBefore(statement, scope) !== key);
	if (!open.some(({ policy }) => policy.opaque || reaches(policy, family))) return null;
	if (means.serverVersion < FIRST_SERVER) throw unfilterable("the server is older than PostgreSQL 15");
	if (sql.statements.some(({ policy }) => policy.opaque))
		throw unfilterable("it can't be judged what it reads");
	if (sql.statements.some(({ policy }) => policy.kind === "explain" && policy.details["analyze"] === true))
		throw unfilterable("EXPLAIN ANALYZE counts the rows that are filtered out");
	assertNames(filters, scope);
	const { tree } = means.parse(sql.text);
	const text = rewritten(tree, new Rewriter(scope, filters), means);
	const statements = withOrigins(sql, analyse(means.parse(text), scope));
	assertAllReached(tree, filters, family, means);
	return { ...sql, text, statements: statements.map((statement) => marked(statement, key)) };
}

/** The filters that what FETCH or EXECUTE runs was declared or prepared with. */
function filteredBefore({ control }: AnalysedStatement, scope: Scope): string | undefined {
	if (control.type === "fetch") return scope.cursor(control.name)?.filteredBy;
	return control.type === "execute" ? scope.prepared(control.name)?.filteredBy : undefined;
}

function marked(statement: AnalysedStatement, filteredBy: string): AnalysedStatement {
	const { control } = statement;
	if (control.type !== "declare" && control.type !== "prepare") return statement;
	return { ...statement, control: { ...control, statement: { ...control.statement, filteredBy } } };
}

function rewritten(tree: ParseTree, rewriter: Rewriter, means: FilterMeans): string {
	const statements = (tree.stmts ?? []).map(({ stmt }) => rewriter.statement(stmt));
	const loosely = rewriter.probe || means.scope.temporarySchema === null;
	return printed(statements, (text) => means.parse(text).tree, loosely);
}

/** The relations of the filters with all that shares rows with them. */
function familyOf(filters: readonly RowFilter[], { catalog }: Scope): ReadonlySet<string> {
	const all = filters.flatMap(({ relation }) => [
		relation,
		...relativesOf(relation, catalog, "children"),
		...relativesOf(relation, catalog, "parents"),
	]);
	return new Set(all.map(({ schema, name }) => `${schema}.${name}`));
}

function reaches({ relations, nested }: AnalysedStatement["policy"], family: ReadonlySet<string>): boolean {
	return (
		relations.some(
			({ schema, name, via }) => family.has(`${schema}.${name}`) || via.some((view) => family.has(view)),
		) || nested.some((statement) => reaches(statement, family))
	);
}

/** The condition is the policy's: its operators and functions must not be anybody else's of the same name. */
function assertNames(filters: readonly RowFilter[], { searchPath, temporarySchema }: Scope): void {
	const [first] = searchPath.filter((schema) => schema !== temporarySchema);
	if (first !== "pg_catalog")
		throw unfilterable("another schema stands before pg_catalog in the search path");
	if (temporarySchema !== null && filters.some(({ predicate }) => namesTypes(predicate)))
		throw unfilterable("its condition names a type, and the session has temporary objects");
}

/**
 * The statements as they were analysed, with the origins that the server will report of the columns: the rewritten
 * ones have to resolve, and to return as many under the same names.
 */
function withOrigins(sql: AnalysedSql, now: readonly AnalysedStatement[]): AnalysedStatement[] {
	return sql.statements.map((before, index) => {
		const after = now[index];
		if (after === undefined || after.unresolved !== null || after.policy.opaque)
			throw unfilterable(after?.unresolved?.message ?? "with it the statement can't be judged");
		const [one, other] = [before, after].map(({ returns, output }) => [
			returns,
			output?.map(({ name }) => name),
		]);
		if (JSON.stringify(one) !== JSON.stringify(other))
			throw unfilterable("with it other columns would come back");
		const output = before.output?.map((column, at) => ({
			...column,
			origin: after.output?.[at]?.origin ?? null,
		}));
		return output === undefined ? before : { ...before, output };
	});
}

/** With rows of NULLs in place of every reference nothing may read the relations any more, but what is changed. */
function assertAllReached(
	tree: ParseTree,
	filters: readonly RowFilter[],
	family: ReadonlySet<string>,
	means: FilterMeans,
): void {
	const rewriter = new Rewriter(means.scope, filters, true);
	const statements = analyse(means.parse(rewritten(tree, rewriter, means)), means.scope);
	const targets = new Set(rewriter.targets.map(({ schema, name }) => `${schema}.${name}`));
	const alone = statements.every(({ policy }) => !callsReaders(policy, rewriter.targets, means.scope));
	const others = alone ? new Set([...family].filter((name) => !targets.has(name))) : family;
	if (statements.some(({ policy }) => policy.opaque || reaches(policy, others)))
		throw unfilterable(
			"a function, a rule, a cursor or a prepared statement in it reads the relation by itself",
		);
}

/** Of a relation that is changed it isn't seen who else reads it: then no function may that names it, or a view of it. */
function callsReaders(
	{ functions, nested }: AnalysedStatement["policy"],
	targets: readonly Relation[],
	scope: Scope,
): boolean {
	if (targets.length === 0) return false;
	const users = functions.filter(({ schema }) => schema !== "pg_catalog");
	const named = users.some(({ schema, name }) =>
		scope.catalog.functions(schema, name).some(({ body }) => body === null || mayName(body, targets, scope)),
	);
	return named || nested.some((statement) => callsReaders(statement, targets, scope));
}

function mayName(body: string, targets: readonly Relation[], { catalog }: Scope): boolean {
	const text = body.toLowerCase();
	const views = [...catalog.userRelations()].filter(({ viewDefinition }) => viewDefinition !== null);
	return text.includes("u&") || [...targets, ...views].some(({ name }) => text.includes(name.toLowerCase()));
}
