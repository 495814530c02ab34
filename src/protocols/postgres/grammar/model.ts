import type { ParseResult } from "libpg-query-18";

/**
 * The server's raw parse tree as libpg_query's JSON has it. The types are those of PostgreSQL 18 for every major:
 * older trees lack fields that came later, and some (`Value` nodes, `A_Const`) had another shape before 15.
 */
export type ParseTree = ParseResult;
export type { Node, RawStmt } from "libpg-query-18";

/** A parsed text. Shared between sessions by the cache: nobody may change it, and a WeakMap may be keyed on it. */
export interface ParsedSql {
	/**
	 * What to forward, and what every offset in `tree` counts in: the text itself, or, where the parser and the server
	 * might see its comments differently, the text with a blank for each byte of a comment.
	 */
	readonly text: string;
	readonly tree: ParseTree;
	/** 16 lower-case hex digits: equal for texts that differ in constants and layout only. Never an identity. */
	readonly fingerprint: string;
}

/** libpg_query's PL/pgSQL tree: one element for each function or DO block of the text. */
export type PlpgsqlTree = readonly { readonly PLpgSQL_function: Readonly<Record<string, unknown>> }[];

export interface GrammarLimits {
	/** UTF-8 bytes of one text. */
	readonly maxBytes: number;
	/** Levels of `/*` within one another. The scanner takes quadratic time in them, the server's too. */
	readonly maxCommentDepth: number;
	/**
	 * Levels of brackets, and levels of the tree's JSON: about two for each link of a chain of operators, eight for a
	 * subquery. Whoever walks the tree by recursion has to stand this much.
	 */
	readonly maxNesting: number;
	/** Milliseconds one text may take in the worker. */
	readonly timeoutMs: number;
	/** How much of texts and their trees as JSON is kept, in characters; in memory a tree takes several times that. */
	readonly cacheBytes: number;
}

export const DEFAULT_LIMITS: GrammarLimits = {
	maxBytes: 1 << 20,
	maxCommentDepth: 32,
	maxNesting: 2_000,
	timeoutMs: 2_000,
	cacheBytes: 8 << 20,
};
