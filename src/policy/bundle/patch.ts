import { type Static, Type } from "../../lib/index.ts";
import { PolicyError } from "../errors.ts";
import { type ExactJson, type ExactObject, isExactObject } from "./json.ts";

/** One change that a delta bundle makes to the data. */
export const PatchOperation = Type.Object({
	op: Type.Union([Type.Literal("upsert"), Type.Literal("replace"), Type.Literal("remove")]),
	path: Type.String({ minLength: 1 }),
	value: Type.Optional(Type.Unknown()),
});
export interface PatchOperation extends Omit<Static<typeof PatchOperation>, "value"> {
	readonly value?: ExactJson;
}

/**
 * The data after the changes, one after another; what they don't touch is shared with the data before, which stays as
 * it was. Throws PolicyError bundle_delta when one of them can't be made: then none is.
 */
export function patched(data: ExactObject, operations: readonly PatchOperation[]): ExactObject {
	let result: ExactJson = data;
	for (const operation of operations) result = changed(result, segments(operation.path), operation);
	return result as ExactObject;
}

/** The parts of a path, as `~1` and `~0` of JSON pointers and the percent signs of URLs have them (RFC 6901). */
export function segments(path: string): readonly string[] {
	return path
		.replace(/^\/+|\/+$/g, "")
		.split("/")
		.map((part) => {
			try {
				return decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
			} catch (thrown) {
				throw misfit(`the path ${JSON.stringify(path)} is malformed`, thrown);
			}
		});
}

function changed(here: ExactJson, path: readonly string[], operation: PatchOperation): ExactJson {
	if (Array.isArray(here)) return changedList(here, path, operation);
	if (!isExactObject(here)) throw misfit(`${operation.path} leads through what is neither object nor array`);
	const [key = "", ...rest] = path;
	const present = Object.hasOwn(here, key) ? here[key] : undefined;
	if (present === undefined && operation.op !== "upsert")
		throw misfit(`there is nothing at ${operation.path}`);
	const copy: ExactObject = Object.assign(Object.create(null), here);
	if (rest.length > 0) copy[key] = changed(present ?? Object.create(null), rest, operation);
	else if (operation.op === "remove") delete copy[key];
	else copy[key] = operation.value ?? null;
	return copy;
}

/** In an array `upsert` inserts before the element, and `-` or the array's length appends. */
function changedList(
	list: readonly ExactJson[],
	path: readonly string[],
	operation: PatchOperation,
): ExactJson {
	const [key = "", ...rest] = path;
	const isEnd = key === "-" || key === String(list.length);
	if (rest.length === 0 && isEnd && operation.op === "upsert") return [...list, operation.value ?? null];
	if (!/^(0|[1-9]\d*)$/.test(key) || Number(key) >= list.length)
		throw misfit(`there is no element ${key} at ${operation.path}`);
	const index = Number(key);
	if (rest.length > 0) return list.with(index, changed(list[index] ?? null, rest, operation));
	if (operation.op === "remove") return list.toSpliced(index, 1);
	if (operation.op === "replace") return list.with(index, operation.value ?? null);
	return list.toSpliced(index, 0, operation.value ?? null);
}

export function misfit(operator: string, cause?: unknown): PolicyError {
	return new PolicyError("bundle_delta", undefined, { operator, cause });
}
