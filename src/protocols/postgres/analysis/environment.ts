import type { Catalog, Relation } from "../catalog/model.ts";
import { type Budget, isLate } from "./budget.ts";
import type { Findings } from "./findings.ts";
import type { Scope } from "./model.ts";
import type { Field, Value } from "./value.ts";

/** One entry of FROM, as names see it. */
export interface RangeItem {
	/** The name it goes by; null for a join without an alias and the like. */
	readonly alias: string | null;
	/** The schema that a name such as `s.t.c` must give; null when it has an alias or is no relation. */
	readonly schema: string | null;
	/** The relation behind it, for system columns, locks and the words of errors. */
	readonly relation: Relation | null;
	readonly columns: readonly Field[];
	/** False when its columns aren't all known: a name that isn't found may still be one of them. */
	readonly complete: boolean;
	/** The whole row as one value (`SELECT t FROM t`): worked out when it is asked for. */
	readonly row: () => Value;
	/** May be named as a table (`t.c`). */
	tableVisible: boolean;
	/** Its columns may be named alone (`c`). */
	columnsVisible: boolean;
	/** Seen by LATERAL items and functions only, while the rest of FROM is read. */
	lateralOnly: boolean;
}

/** A CTE in the order of its WITH. `fields` is null until its query has been analysed. */
export interface CteEntry {
	readonly name: string;
	fields: readonly Field[] | null;
	complete: boolean;
	/** Analyses the query when a RECURSIVE WITH names it before its turn. */
	readonly resolve: (() => void) | null;
	/** While the query itself is being analysed: what it has given so far. */
	busy: boolean;
}

export interface CteScope {
	readonly entries: readonly CteEntry[];
	readonly outer: CteScope | null;
}

/** What names and numbers stand for that no FROM brings: a function's parameters, the variables of PL/pgSQL. */
export interface Parameters {
	/** `$1` and on. */
	numbered(number: number): Value | undefined;
	/** `x`, `f.x`, `row.field`; undefined when nothing goes by that name. */
	named(names: readonly string[]): Value | undefined;
	/** A name that is a column's too may mean either (PL/pgSQL's `#variable_conflict`). */
	readonly conflicting: boolean;
}

/** What all parts of one analysis share. */
export interface Context {
	readonly scope: Scope;
	readonly catalog: Catalog;
	/** The text that positions count in; null within texts of the catalog. */
	readonly text: string | null;
	readonly budget: Budget;
}

/** One level of a query: what its names may mean and where its findings go. */
export interface Env {
	readonly context: Context;
	readonly findings: Findings;
	/** Where names without a schema are looked for. */
	readonly path: readonly string[];
	/**
	 * The search path in force while this runs, by which the bodies of functions that are called resolve theirs: the
	 * session's, within a view too, or what a function that calls has set.
	 */
	readonly pathInForce: readonly string[];
	/**
	 * What text the names stand in, when it is not the client's: a view, a default, a function. The server took that
	 * text once, so a name that isn't found there makes the statement opaque and is not the client's error.
	 */
	readonly origin: string | null;
	/** Names that the statement itself makes, in the first schema of the path: nothing of that name is found there yet. */
	readonly made: ReadonlySet<string> | null;
	readonly ctes: CteScope | null;
	readonly outer: Env | null;
	/** What names of this level see, in the order of FROM. */
	items: RangeItem[];
	/** Everything in FROM of this level, hidden or not: for the words of errors. */
	readonly everything: RangeItem[];
	/** True while a LATERAL item of this level is read. */
	lateral: boolean;
	readonly parameters: Parameters | null;
	/** The WINDOW clause of this level: what each window partitions and orders by. */
	readonly windows: Map<string, Value>;
	/** Functions and views on the way, against recursion. */
	readonly stack: readonly number[];
}

/** Levels of the tree that are followed; the server itself gives up (54001) not far beyond on its default stack. */
export const MAX_DEPTH = 1_000;
/** The server's own bound on a target list (54011). */
export const MAX_COLUMNS = 1_664;

/**
 * The `origin` of what stands in DDL: it names things that the statement itself makes (its columns, VALUE, OLD), and
 * what isn't there the server refuses with an error of its own.
 */
export const DEFINITION = "a definition";

/** A level without FROM, below nothing. */
export function rootEnv(context: Context, findings: Findings): Env {
	return {
		context,
		findings,
		path: context.scope.searchPath,
		pathInForce: context.scope.searchPath,
		origin: null,
		made: null,
		ctes: null,
		outer: null,
		items: [],
		everything: [],
		lateral: false,
		parameters: null,
		windows: new Map(),
		stack: [],
	};
}

/** A subquery's level: it sees the names of this one. */
export function innerEnv(env: Env): Env {
	return { ...env, outer: env, items: [], everything: [], lateral: false, windows: new Map() };
}

/**
 * The environment of a text that the catalog holds: errors in it aren't the client's. The server printed it with an
 * empty search path, so that a name without a schema is the server's own; or, in the text of a temporary object only
 * (a permanent one can't use them), it is a temporary object's.
 */
export function catalogEnv(
	env: Env,
	findings: Findings,
	owner: { readonly origin: string; readonly temporary: boolean },
	items: readonly RangeItem[] = [],
): Env {
	const { temporarySchema } = env.context.scope;
	return {
		context: { ...env.context, text: null },
		findings,
		pathInForce: env.pathInForce,
		path: owner.temporary && temporarySchema !== null ? [temporarySchema, "pg_catalog"] : ["pg_catalog"],
		origin: owner.origin,
		made: null,
		ctes: null,
		outer: null,
		items: [...items],
		everything: [...items],
		lateral: false,
		parameters: null,
		windows: new Map(),
		stack: env.stack,
	};
}

/**
 * Goes a level down the tree and comes back. Where it is too deep, or there is too much of it, the statement is opaque
 * and `otherwise` is what is known.
 */
export function deeper<T>(env: Env, otherwise: T, go: () => T): T {
	const { budget } = env.context;
	if (budget.depth >= MAX_DEPTH || --budget.left < 0) {
		budget.cut = true;
		env.findings.opaque("the statement nests deeper or is larger than the analysis follows");
		return otherwise;
	}
	if (isLate(budget.clock)) {
		budget.cut = true;
		env.findings.opaque("the statement takes longer to analyse than limits.analysis_timeout");
		env.findings.cacheable = false; // another time it may be quick enough
		return otherwise;
	}
	budget.depth++;
	try {
		return go();
	} finally {
		budget.depth--;
	}
}

/** Adds an item to FROM; the caller says later what becomes visible. */
export function addItem(env: Env, item: RangeItem): RangeItem {
	env.everything.push(item);
	return item;
}
