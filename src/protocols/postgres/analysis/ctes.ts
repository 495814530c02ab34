import type { CommonTableExpr, Node, WithClause } from "libpg-query-18";
import { type CteEntry, type CteScope, type Env, innerEnv, MAX_COLUMNS } from "./environment.ts";
import { Findings } from "./findings.ts";
import { selectStatement } from "./query.ts";
import { finish } from "./result.ts";
import { analyseStatement } from "./statement.ts";
import { as, texts } from "./tree.ts";
import { derived, EXPRESSION, type Field, type Source, telling } from "./value.ts";

/** Rounds in which the columns of a recursive CTE may still gain sources; a column moves at most one place a round. */
const MAX_ROUNDS = 64;

/**
 * The names that a WITH brings. Without RECURSIVE each query sees those before it; with it, all of them and itself.
 * Every query is analysed, used or not: those that write run in any case.
 */
export function withClause(clause: WithClause, env: Env): CteScope {
	const queries = (clause.ctes ?? []).flatMap((node) => as(node, "CommonTableExpr") ?? []);
	if (clause.recursive !== true) {
		let scope = env.ctes;
		const entries: CteEntry[] = [];
		for (const query of queries) {
			const entry = newEntry(query, null);
			analyse(query, entry, { ...env, ctes: scope });
			entries.push(entry);
			scope = { entries: [...entries], outer: env.ctes };
		}
		return { entries, outer: env.ctes };
	}
	const entries: CteEntry[] = [];
	const scope: CteScope = { entries, outer: env.ctes };
	for (const query of queries) {
		const entry: CteEntry = newEntry(query, () => analyse(query, entry, { ...env, ctes: scope }));
		entries.push(entry);
	}
	for (const entry of entries) if (entry.fields === null) entry.resolve?.();
	return scope;
}

const newEntry = (query: CommonTableExpr, resolve: CteEntry["resolve"]): CteEntry => ({
	name: query.ctename ?? "",
	fields: null,
	complete: true,
	resolve,
	busy: false,
});

function analyse(query: CommonTableExpr, entry: CteEntry, env: Env): void {
	entry.busy = true;
	if (entry.resolve !== null) recursive(query, entry, env);
	const findings = new Findings();
	const result = analyseStatement(query.ctequery ?? ({} as Node), { ...innerEnv(env), findings });
	entry.fields = named(query, result.fields ?? [], env);
	entry.complete = result.complete;
	entry.busy = false;
	env.findings.absorb(findings);
	for (const field of entry.fields) findings.use(field.value, "output");
	env.findings.nested.push(finish(result, findings, 0, 0));
}

/** The columns of a query that names itself: its first arm, then what the whole adds, until nothing more comes. */
function recursive(query: CommonTableExpr, entry: CteEntry, env: Env): void {
	const select = as(query.ctequery, "SelectStmt");
	if (select?.op === undefined || select.op === "SETOP_NONE" || select.larg === undefined) return;
	const scratch = (): Env => ({ ...innerEnv(env), findings: new Findings() });
	const base = {
		...select.larg,
		...(select.withClause === undefined ? {} : { withClause: select.withClause }),
	};
	const first = selectStatement(base, scratch());
	entry.fields = named(query, first.fields.map(unmarked), env);
	entry.complete = first.complete;
	let size = sourceCount(entry.fields);
	for (let round = 0; round < MAX_ROUNDS; round++) {
		const whole = selectStatement(select, scratch());
		entry.fields = named(query, whole.fields.map(unmarked), env);
		const grown = sourceCount(entry.fields);
		if (grown === size) return;
		size = grown;
	}
	env.findings.opaque("the columns of a recursive query go round further than the analysis follows");
}

/** A reference to itself has no origin, as the server reports it. */
const unmarked = (field: Field): Field => ({
	name: field.name,
	value: { ...field.value, origin: EXPRESSION },
});

const sourceCount = (fields: readonly Field[]): number =>
	fields.reduce(
		(sum, field) =>
			sum + field.value.sources.reduce((count: number, source: Source) => count + 1 + telling(source), 0),
		0,
	);

/** The query's columns under the names of the WITH, and those that SEARCH and CYCLE add. */
function named(query: CommonTableExpr, fields: readonly Field[], env: Env): Field[] {
	const names = texts(query.aliascolnames);
	const list = fields
		.slice(0, MAX_COLUMNS)
		.map((field, index) => ({ name: names[index] ?? field.name, value: field.value }));
	const among = (columns: readonly string[]): Field["value"] =>
		derived(list.filter((field) => columns.includes(field.name)).map((field) => field.value));
	const search = query.search_clause;
	if (search !== undefined)
		list.push({ name: search.search_seq_column ?? "", value: among(texts(search.search_col_list)) });
	const cycle = query.cycle_clause;
	if (cycle !== undefined) {
		const followed = among(texts(cycle.cycle_col_list));
		// Where a value comes again the rows end.
		env.findings.use(followed, "predicate");
		list.push({ name: cycle.cycle_mark_column ?? "", value: derived([followed]) });
		list.push({ name: cycle.cycle_path_column ?? "", value: followed });
	}
	return list;
}

/** The CTE of that name, innermost WITH first. */
export function findCte(name: string, env: Env): CteEntry | undefined {
	for (let scope = env.ctes; scope !== null; scope = scope.outer) {
		const entry = scope.entries.find((each) => each.name === name);
		if (entry !== undefined) return entry;
	}
	return undefined;
}
