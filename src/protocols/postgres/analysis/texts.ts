import type { Node, RawStmt } from "libpg-query-18";
import type { Catalog } from "../catalog/model.ts";
import { isTooDeep } from "./depth.ts";
import type { Env } from "./environment.ts";
import { as } from "./tree.ts";

/** Trees of the texts that a catalog holds. They are as many as the catalog has definitions and go with it. */
const trees = new WeakMap<Catalog, Map<string, readonly RawStmt[] | null>>();

/** The statements of a text from the catalog; undefined when the grammar refuses it. */
export function parseText(text: string, env: Env): readonly RawStmt[] | undefined {
	const { catalog, scope } = env.context;
	let known = trees.get(catalog);
	if (known === undefined) {
		known = new Map();
		trees.set(catalog, known);
	}
	let statements = known.get(text);
	if (statements === undefined) {
		const parsed = scope.parse(text)?.stmts ?? null;
		statements = isTooDeep(parsed) ? null : parsed;
		known.set(text, statements);
	}
	return statements ?? undefined;
}

/** The one statement of a definition. */
export function parseOne(text: string, env: Env): Node | undefined {
	const statements = parseText(text, env);
	return statements?.length === 1 ? statements[0]?.stmt : undefined;
}

/** An expression of the catalog (a default, a check, a policy), parsed as the target of a SELECT. */
export function expressionText(text: string, env: Env): Node | undefined {
	const select = as(parseOne(`SELECT (${text})`, env), "SelectStmt");
	const targets = select?.targetList ?? [];
	return targets.length === 1 ? as(targets[0], "ResTarget")?.val : undefined;
}
