import type { CatalogFunction } from "../catalog/model.ts";
import { fieldsOfType } from "./casts.ts";
import { isSimple } from "./coercion.ts";
import type { Env } from "./environment.ts";
import { derived, type Field, TYPE, type Value } from "./value.ts";

/** What a call gives back, for FROM: its columns where the catalog or the body tells them. */
export interface Called {
	readonly value: Value;
	/** Null: one column, the value. Undefined: a record whose columns aren't known. */
	readonly columns: readonly Field[] | null | undefined;
}

/** The columns of what a function returns: OUT and TABLE columns, or those of its composite type. */
export function columnsOf(
	called: CatalogFunction,
	value: Value,
	values: readonly Value[],
	env: Env,
): Called["columns"] {
	if (
		called.outputNames.length > 1 ||
		(called.outputNames.length === 1 && called.returnType === TYPE.record)
	) {
		return called.outputNames.map((name, index) => ({
			name: name === "" ? `column${index + 1}` : name,
			value: derived([value]),
		}));
	}
	if (called.outputNames.length === 1) return [{ name: called.outputNames[0] ?? "", value }];
	const { catalog } = env.context;
	const type = catalog.typeByOid(called.returnType);
	if (type?.kind === "composite") {
		const relation = catalog.relationByOid(type.relationOid);
		return relation?.columns.map((column) => ({
			name: column.name,
			value: derived([value], column.typeOid),
		}));
	}
	if (called.returnType === TYPE.anyelement && called.argumentTypes[0] === TYPE.anyarray) {
		return elementColumns(values[0], value, env);
	}
	if (called.returnType === TYPE.anyelement) {
		const row = values.find(
			(each, index) => each.fields !== null && called.argumentTypes[index] === TYPE.anyelement,
		);
		return (
			row?.fields?.map((field) => ({ name: field.name, value: derived([value], field.value.type) })) ?? null
		);
	}
	return called.returnType === TYPE.record ? undefined : null;
}

/** The columns of an array's elements: null when they are no rows, undefined when that isn't known. */
function elementColumns(array: Value | undefined, value: Value, env: Env): Called["columns"] {
	if (array?.type === TYPE.anyarray) return null;
	const element = env.context.catalog.typeByOid(array?.type ?? 0)?.elementType ?? 0;
	const type = env.context.catalog.typeByOid(element);
	if (type === undefined) return undefined;
	return type.kind === "composite" ? fieldsOfType(type, value, env) : null;
}

const ANY_COMPATIBLE_ARRAY = 5078;

/** anyelement and the like: what comes back depends on what was given; of arrays it is known that they are some. */
const POLYMORPHIC = new Set([TYPE.anyelement, 2776, 3500, 3831, 4537, 4538, 5077, 5079, 5080]);

export const isPolymorphic = (type: number): boolean =>
	POLYMORPHIC.has(type) || type === TYPE.anyarray || type === ANY_COMPATIBLE_ARRAY;

/** The type that comes back, as far as it doesn't depend on what was given. */
export function concrete(type: number, values: readonly Value[], env: Env): number {
	if (POLYMORPHIC.has(type)) return 0;
	if (type !== TYPE.anyarray && type !== ANY_COMPATIBLE_ARRAY) return type;
	return values.every((value) => isSimple(value, env)) ? TYPE.anyarray : 0;
}
