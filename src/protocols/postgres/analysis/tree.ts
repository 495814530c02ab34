import type { A_Const, Node } from "libpg-query-18";

/** Every kind of node that the grammars of PostgreSQL 14 to 18 know. */
export type Kind = Node extends infer N ? (N extends unknown ? keyof N : never) : never;

/** The fields of a node of that kind. */
export type Body<K extends Kind> = Extract<Node, Record<K, unknown>>[K];

/** A node's kind and its fields: `{ "SelectStmt": {...} }` taken apart. `undefined` for an empty list's placeholder. */
export function take(node: Node): readonly [kind: Kind, body: unknown] | undefined {
	for (const kind in node) return [kind as Kind, (node as Record<string, unknown>)[kind]];
	return undefined;
}

/** The node's fields when it is of that kind. */
export function as<K extends Kind>(node: Node | undefined, kind: K): Body<K> | undefined {
	return (node as Partial<Record<K, Body<K>>> | undefined)?.[kind];
}

/** A String node's text; PostgreSQL 14 calls the field `str`, and JSON leaves an empty one out. */
export function text(node: Node | undefined): string {
	const body = as(node, "String") as { sval?: string; str?: string } | undefined;
	return body?.sval ?? body?.str ?? "";
}

/** The texts of a list of String nodes: the parts of a name. */
export function texts(nodes: readonly Node[] | undefined): string[] {
	return (nodes ?? []).map(text);
}

/** The items of a List node; a node that is no list is a list of itself. */
export function items(node: Node | undefined): readonly Node[] {
	if (node === undefined || take(node) === undefined) return [];
	const list = as(node, "List");
	return list === undefined ? [node] : (list.items ?? []);
}

export type Constant =
	| { readonly type: "string" | "float" | "bit"; readonly value: string }
	| { readonly type: "integer"; readonly value: number }
	| { readonly type: "boolean"; readonly value: boolean }
	| { readonly type: "null" };

/** A literal, in the form of PostgreSQL 15 and later (typed fields) or of 14 (`val` with a Value node). */
export function constant(body: A_Const): Constant {
	if (body.isnull) return { type: "null" };
	if (body.ival !== undefined) return { type: "integer", value: body.ival.ival ?? 0 };
	if (body.sval !== undefined) return { type: "string", value: body.sval.sval ?? "" };
	if (body.fval !== undefined) return { type: "float", value: body.fval.fval ?? "" };
	if (body.boolval !== undefined) return { type: "boolean", value: body.boolval.boolval ?? false };
	if (body.bsval !== undefined) return { type: "bit", value: body.bsval.bsval ?? "" };
	const value = (body as { val?: Record<string, { ival?: number; str?: string }> }).val ?? {};
	if (value["Integer"] !== undefined) return { type: "integer", value: value["Integer"].ival ?? 0 };
	if (value["String"] !== undefined) return { type: "string", value: value["String"].str ?? "" };
	if (value["Float"] !== undefined) return { type: "float", value: value["Float"].str ?? "" };
	if (value["BitString"] !== undefined) return { type: "bit", value: value["BitString"].str ?? "" };
	return { type: "null" };
}

/** The literal behind a node, through casts of it; undefined when it is anything else. */
export function literal(node: Node | undefined): Constant | undefined {
	const cast = as(node, "TypeCast");
	if (cast !== undefined) return literal(cast.arg);
	const body = as(node, "A_Const");
	return body === undefined ? undefined : constant(body);
}

/**
 * The literal's text, as SET and SHOW would print it; null for NULL and for what is no literal. Options of utility
 * statements hold Value nodes and type names where others hold constants: they are words all the same.
 */
export function literalText(node: Node | undefined): string | null {
	const value = literal(node);
	if (value !== undefined) {
		if (value.type === "null") return null;
		if (value.type === "boolean") return value.value ? "true" : "false";
		return String(value.value);
	}
	const found = node === undefined ? undefined : take(node);
	if (found === undefined) return null;
	switch (found[0]) {
		case "String":
			return text(node);
		case "Integer":
			return String(as(node, "Integer")?.ival ?? 0);
		case "Float":
			return as(node, "Float")?.fval ?? (found[1] as { str?: string }).str ?? null;
		case "Boolean":
			return as(node, "Boolean")?.boolval === true ? "true" : "false";
		case "TypeName":
			return texts(as(node, "TypeName")?.names).join(".");
		default:
			return null;
	}
}

/** True when two trees are the same but for where they stand in the text. */
export function sameTree(left: unknown, right: unknown): boolean {
	if (left === right) return true;
	if (!isObject(left) || !isObject(right)) return false;
	for (const key in left) if (key !== "location" && !sameTree(left[key], right[key])) return false;
	for (const key in right) if (key !== "location" && !(key in left)) return false;
	return true;
}

/**
 * Every node directly beneath any value of the tree: what a walker has to visit when it does not know the kind.
 * Fields that hold a message rather than a node (a RangeVar, a TypeName) are given back under their own kind.
 */
export function* children(value: unknown): Generator<Node> {
	if (Array.isArray(value)) {
		for (const item of value) yield* inner(item);
	} else if (typeof value === "object" && value !== null) {
		for (const [field, item] of Object.entries(value)) {
			const bare = isObject(item) ? bareKind(field, item) : undefined;
			if (bare === undefined) yield* inner(item);
			else yield { [bare]: item } as unknown as Node;
		}
	}
}

function* inner(value: unknown): Generator<Node> {
	if (Array.isArray(value)) yield* children(value);
	else if (isObject(value)) {
		const key = Object.keys(value)[0];
		if (key !== undefined && /^[A-Z]/.test(key)) yield value as Node;
		else yield* children(value);
	}
}

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === "object" && value !== null;

/** The kind of a message that stands in a field without it; undefined for a node and for what has no kind. */
function bareKind(field: string, item: Record<string, unknown>): Kind | undefined {
	if (Array.isArray(item) || /^[A-Z]/.test(Object.keys(item)[0] ?? "")) return undefined;
	if (field !== "name") return BARE_FIELDS[field];
	return "relname" in item ? "RangeVar" : "ObjectWithArgs";
}

/** Fields whose message stands there without its kind: all those of the grammars whose kind says something. */
const BARE_FIELDS: Readonly<Record<string, Kind>> = {
	relation: "RangeVar",
	typeName: "TypeName",
	argType: "TypeName",
	returnType: "TypeName",
	sourcetype: "TypeName",
	targettype: "TypeName",
	storedtype: "TypeName",
	datatype: "TypeName",
	type_name: "TypeName",
	ofTypename: "TypeName",
	larg: "SelectStmt",
	rarg: "SelectStmt",
	base: "CreateStmt",
	funccall: "FuncCall",
	pubtable: "PublicationTable",
	table: "RangeVar",
	view: "RangeVar",
	sequence: "RangeVar",
	constrrel: "RangeVar",
	rel: "RangeVar",
	typevar: "RangeVar",
	identitySequence: "RangeVar",
	func: "ObjectWithArgs",
	opername: "ObjectWithArgs",
	fromsql: "ObjectWithArgs",
	tosql: "ObjectWithArgs",
	over: "WindowDef",
	pktable: "RangeVar",
	withClause: "WithClause",
	output: "JsonOutput",
};
