import type { Node, RawStmt } from "libpg-query-18";
import type { Catalog } from "../catalog/model.ts";
import type { PlpgsqlTree } from "../grammar/index.ts";
import { isTooDeep } from "./depth.ts";
import type { Env } from "./environment.ts";
import { survey } from "./known-nodes.ts";
import { as } from "./tree.ts";

/** Trees of the texts that a catalog holds, and of those within DO's code. They go with the catalog. */
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
		const { tooDeep, unknown } = survey(parsed);
		statements = tooDeep || unknown !== undefined ? null : parsed;
		if (known.size >= MAX_TEXTS) known.clear();
		known.set(text, statements);
	}
	return statements ?? undefined;
}

/** More than catalogs have definitions; DO's code comes from clients. */
const MAX_TEXTS = 50_000;

const plpgsqlTrees = new WeakMap<Catalog, Map<string, PlpgsqlTree | null>>();

/** The tree of a body in PL/pgSQL; null when the parser refuses it. */
export function plpgsqlTree(body: string, header: string, env: Env): PlpgsqlTree | null {
	const { catalog, scope } = env.context;
	let known = plpgsqlTrees.get(catalog);
	if (known === undefined) {
		known = new Map();
		plpgsqlTrees.set(catalog, known);
	}
	const key = `${header}\u0000${body}`;
	let tree = known.get(key);
	if (tree === undefined) {
		tree = scope.parsePlpgsql(body, header);
		if (isTooDeep(tree)) tree = null;
		if (known.size < MAX_BODIES) known.set(key, tree);
	}
	return tree;
}

/** DO's code comes from clients: what is kept of it is bounded. */
const MAX_BODIES = 5_000;

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
