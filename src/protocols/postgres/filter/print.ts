import { deparseSync } from "pgsql-deparser";
import type { ParseTree } from "../grammar/index.ts";
import { unfilterable } from "./refusal.ts";
import { isTree, sameTree, type Tree } from "./tree.ts";

/**
 * The text of a tree: one that the server's own grammar reads as that very tree again, or none. What the printer gets
 * wrong is so never sent. The printer leaves pg_catalog out before types, which is the same where no type of the
 * session's own could be meant: `loosely`.
 */
export function printed(
	statements: readonly unknown[],
	parse: (text: string) => ParseTree | null,
	loosely: boolean,
): string {
	const text = attempt(() =>
		statements
			.map((statement) => deparseSync(asOf18(statement) as Parameters<typeof deparseSync>[0]))
			.join(";\n"),
	);
	const again = attempt(() => parse(text)?.stmts?.map(({ stmt }) => stmt) ?? []);
	if (!sameTree(again, statements, loosely))
		throw unfilterable("printed, it would not be the same statement");
	return text;
}

function attempt<T>(work: () => T): T {
	try {
		return work();
	} catch {
		throw unfilterable("the printer of statements doesn't know something in it");
	}
}

/** The printer knows 18's trees: before, RETURNING was no node of its own, and MERGE's clauses had two kinds. */
function asOf18(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(asOf18);
	if (!isTree(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, child]) => {
			if (key === "returningList") return ["returningClause", { exprs: asOf18(child) }];
			const clause = asOf18(child);
			return [key, key === "MergeWhenClause" && isTree(clause) ? withMatchKind(clause) : clause];
		}),
	);
}

function withMatchKind(clause: Tree): Tree {
	if (clause["matchKind"] !== undefined) return clause;
	const { matched, ...rest } = clause;
	return {
		...rest,
		matchKind: matched === true ? "MERGE_WHEN_MATCHED" : "MERGE_WHEN_NOT_MATCHED_BY_TARGET",
	};
}
