import type { Node } from "libpg-query-18";
import { as, items, type Kind, take, text, texts } from "./tree.ts";

/** Fields that hold a function's name, as a list of its parts. */
const NAME_LISTS = ["funcname", "func_name", "handler_name", "plhandler", "plinline", "plvalidator"] as const;

/** Fields that hold a function or, of some kinds of object, something else with arguments. */
const OBJECTS = ["func", "fromsql", "tosql", "object"] as const;

/** Options of CREATE OPERATOR, AGGREGATE, TYPE, TEXT SEARCH and of foreign data wrappers that name a function. */
const OPTIONS = new Set([
	...["function", "procedure", "restrict", "join"],
	...[
		"sfunc",
		"sfunc1",
		"finalfunc",
		"combinefunc",
		"serialfunc",
		"deserialfunc",
		"msfunc",
		"minvfunc",
		"mfinalfunc",
	],
	...["input", "output", "receive", "send", "typmod_in", "typmod_out", "analyze", "subscript"],
	...["canonical", "subtype_diff"],
	...["start", "gettoken", "end", "headline", "lextypes", "init", "lexize"],
	...["handler", "validator"],
]);

/** Types of objects that are functions. */
const FUNCTIONS = /^OBJECT_(FUNCTION|PROCEDURE|ROUTINE|AGGREGATE)$/;

/** `OPCLASS_ITEM_FUNCTION` of the server's parsenodes.h. */
const FUNCTION_ITEM = 2;

/** The names of the functions that a definition, a grant or a DROP names. */
export function functionsNamed(kind: Kind, body: unknown): string[][] {
	const fields = body as Readonly<Record<string, unknown>>;
	const type = String(
		fields["objtype"] ?? fields["removeType"] ?? fields["renameType"] ?? fields["objectType"] ?? "",
	);
	const isFunction = type === "" || FUNCTIONS.test(type);
	const found: string[][] = [];
	for (const field of NAME_LISTS)
		if (Array.isArray(fields[field])) found.push(texts(fields[field] as Node[]));
	if (isFunction) {
		for (const field of OBJECTS) found.push(...objectNames(fields[field]));
		for (const node of (fields["objects"] ?? []) as Node[]) found.push(...objectNames(node));
	}
	for (const field of ["definition", "params", "func_options"]) {
		for (const node of (fields[field] ?? []) as Node[]) found.push(...optionNames(node));
	}
	if (kind === "CreateOpClassStmt" || kind === "AlterOpFamilyStmt") {
		for (const node of (fields["items"] ?? []) as Node[]) {
			const item = as(node, "CreateOpClassItem");
			if (item?.itemtype === FUNCTION_ITEM) found.push(texts(item.name?.objname));
		}
	}
	return found.filter((names) => names.length > 0);
}

/** A function with its arguments, as a node or as the message alone. */
function objectNames(value: unknown): string[][] {
	if (typeof value !== "object" || value === null) return [];
	const message = (as(value as Node, "ObjectWithArgs") ?? value) as { objname?: Node[] };
	return message.objname === undefined ? [] : [texts(message.objname)];
}

function optionNames(node: Node): string[][] {
	const option = as(node, "DefElem");
	if (option?.arg === undefined || !OPTIONS.has((option.defname ?? "").toLowerCase())) return [];
	const type = as(option.arg, "TypeName");
	if (type !== undefined) return [texts(type.names)];
	return take(option.arg)?.[0] === "List" ? [items(option.arg).map(text)] : [[text(option.arg)]];
}
