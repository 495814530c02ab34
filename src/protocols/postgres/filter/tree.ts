/** A parse tree as JSON that is taken apart and put together here. Nothing in it is ever changed in place. */
export type Tree = Readonly<Record<string, unknown>>;

export function isTree(value: unknown): value is Tree {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The fields of a node of that kind; undefined for any other. */
export function bodyOf(node: unknown, kind: string): Tree | undefined {
	const body = isTree(node) ? node[kind] : undefined;
	return isTree(body) ? body : undefined;
}

export function listOf(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}

export const stringNode = (text: string): Tree => ({ String: { sval: text } });

/** The text of a String node. */
export function stringOf(node: unknown): string | undefined {
	const text = bodyOf(node, "String")?.["sval"];
	return typeof text === "string" ? text : undefined;
}

/** Both conditions, or the one that there is. */
export function conjoined(condition: unknown, others: readonly unknown[]): unknown {
	const both = bodyOf(condition, "BoolExpr");
	const flat = both?.["boolop"] === "AND_EXPR" ? listOf(both["args"]) : [condition]; // as the parser does
	const args = condition === undefined ? others : [...flat, ...others];
	return args.length === 1 ? args[0] : { BoolExpr: { boolop: "AND_EXPR", args } };
}

/** Every node kind in the tree, with its fields. */
export function* nodesOf(value: unknown): Generator<readonly [kind: string, body: unknown]> {
	if (Array.isArray(value)) {
		for (const each of value) yield* nodesOf(each);
		return;
	}
	if (!isTree(value)) return;
	for (const [key, child] of Object.entries(value)) {
		if (/^[A-Z]/.test(key)) yield [key, child];
		yield* nodesOf(child);
	}
}

const PLACES = /location$|^stmt_len$|^(rexpr_)?list_(start|end)$/;

/**
 * The same tree but for where things stand in the text. `loosely`: types of pg_catalog count as the same with and
 * without their schema.
 */
export function sameTree(one: unknown, other: unknown, loosely = false): boolean {
	if (Array.isArray(one) || Array.isArray(other)) {
		if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
		return one.every((each, index) => sameTree(each, other[index], loosely));
	}
	if (!isTree(one) || !isTree(other)) return one === other;
	const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
	const isType = loosely && keys.has("typemod") && keys.has("names");
	return [...keys].every((key) => {
		if (PLACES.test(key)) return true;
		if (isType && key === "names") return sameTree(shortName(one[key]), shortName(other[key]));
		return sameTree(one[key], other[key], loosely);
	});
}

function shortName(names: unknown): unknown {
	const parts = listOf(names);
	return parts.length === 2 && stringOf(parts[0]) === "pg_catalog" ? parts.slice(1) : names;
}
