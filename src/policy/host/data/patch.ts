import type { BuiltinGroup, EvaluationContext } from "../builtin.ts";
import { asString } from "../operands.ts";
import { equal, RegoNumber, RegoObject, RegoSet, type RegoValue } from "../values.ts";

type Path = readonly RegoValue[];

/** A pointer like `/a/b`, or an array of keys, which may be of any type. */
function parsePath(value: RegoValue | undefined): Path {
	if (Array.isArray(value)) return value;
	if (typeof value !== "string") throw new Error("a path must be a string or an array");
	if (value === "") return [];
	return value
		.replace(/^\/+/, "")
		.split("/")
		.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function indexOf(key: RegoValue, length: number): number {
	if (key === "-") return length;
	const text = key instanceof RegoNumber ? key.text : asString(key, "an index");
	if (!/^-?\d+(\.0*)?$/.test(text)) throw new Error("an index must be a whole number");
	if (typeof key === "string" && key !== "0" && key.startsWith("0"))
		throw new Error("an index with leading zeros");
	return Number(text);
}

/** The member of a composite at a key; undefined where there is none. */
function member(value: RegoValue, key: RegoValue): RegoValue | undefined {
	if (value instanceof RegoObject) return value.get(key);
	if (value instanceof RegoSet) return value.has(key) ? key : undefined;
	if (Array.isArray(value)) return value[indexOf(key, value.length)];
	throw new Error("a path leads into a value that has no members");
}

/** A copy in which the member at a key is another one, or is gone. */
function withMember(value: RegoValue, key: RegoValue, replacement: RegoValue | undefined): RegoValue {
	if (value instanceof RegoObject) {
		const others = value.entries.filter(([other]) => !equal(other, key));
		return new RegoObject(replacement === undefined ? others : [...others, [key, replacement]]);
	}
	if (value instanceof RegoSet) {
		const others = value.items.filter((item) => !equal(item, key));
		return new RegoSet(replacement === undefined ? others : [...others, replacement]);
	}
	if (!Array.isArray(value)) throw new Error("a path leads into a value that has no members");
	const index = indexOf(key, value.length);
	return replacement === undefined ? value.toSpliced(index, 1) : value.with(index, replacement);
}

function insertMember(value: RegoValue, key: RegoValue, added: RegoValue): RegoValue {
	if (value instanceof RegoSet && !equal(key, added)) throw new Error("a set's key must equal the value");
	if (!Array.isArray(value)) return withMember(value, key, added);
	const index = indexOf(key, value.length);
	if (index < 0 || index > value.length) throw new Error("index for array insertion out of bounds");
	return value.toSpliced(index, 0, added);
}

function removeMember(value: RegoValue, key: RegoValue): RegoValue {
	if (member(value, key) === undefined) throw new Error("there is nothing at the path");
	return withMember(value, key, undefined);
}

/** Applies a change to the composite that holds a path's last key. */
function edit(
	value: RegoValue,
	path: Path,
	change: (holder: RegoValue, key: RegoValue) => RegoValue,
): RegoValue {
	const [key, ...rest] = path;
	if (key === undefined) throw new Error("the path is empty");
	if (rest.length === 0) return change(value, key);
	const below = member(value, key);
	if (below === undefined) throw new Error("there is nothing at the path");
	return withMember(value, key, edit(below, rest, change));
}

function at(value: RegoValue, path: Path): RegoValue {
	return path.reduce((holder, key) => {
		const below = member(holder, key);
		if (below === undefined) throw new Error("there is nothing at the path");
		return below;
	}, value);
}

function add(document: RegoValue, path: Path, value: RegoValue): RegoValue {
	return path.length === 0 ? value : edit(document, path, (holder, key) => insertMember(holder, key, value));
}

function remove(document: RegoValue, path: Path): RegoValue {
	return edit(document, path, removeMember);
}

function apply(document: RegoValue, operation: RegoValue): RegoValue {
	if (!(operation instanceof RegoObject)) throw new Error("an operation must be an object");
	const required = (name: string): RegoValue => {
		const value = operation.get(name);
		if (value === undefined) throw new Error(`missing required attribute '${name}'`);
		return value;
	};
	const path = parsePath(required("path"));
	switch (required("op")) {
		case "add":
			return add(document, path, required("value"));
		case "remove":
			return remove(document, path);
		case "replace":
			return add(path.length === 0 ? document : remove(document, path), path, required("value"));
		case "move": {
			const from = parsePath(required("from"));
			const moved = at(document, from);
			return add(from.length === 0 ? document : remove(document, from), path, moved);
		}
		case "copy":
			return add(document, path, at(document, parsePath(required("from"))));
		case "test":
			if (!equal(at(document, path), required("value"))) throw new Error("the value at the path is another");
			return document;
		default:
			throw new Error("unrecognized op");
	}
}

/** Each operation copies what lies on its path, at most the whole document. */
function sizeOf(value: RegoValue): number {
	if (Array.isArray(value)) return value.length + 1;
	if (value instanceof RegoSet) return value.items.length + 1;
	return value instanceof RegoObject ? value.entries.length + 1 : 1;
}

/** By v1/topdown/json.go and internal/edittree. */
export const PATCH_BUILTINS: BuiltinGroup = {
	"json.patch": (operands, context: EvaluationContext) =>
		operands.array(2).reduce((document, operation) => {
			context.charge(sizeOf(document) * 20);
			return apply(document, operation);
		}, operands.value(1)),
};
