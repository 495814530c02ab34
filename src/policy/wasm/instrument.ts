import { ByteReader, ByteWriter, signedLeb } from "./leb128.ts";
import { UNDEFINED_WHEN_EMPTY } from "./native.ts";
import { I32, OP } from "./opcodes.ts";
import { countdown, type HostFunction, type Probes } from "./probes.ts";
import { rewriteCode } from "./rewrite-code.ts";
import {
	readFunctionNames,
	readFunctionTypes,
	readImports,
	readParameterCounts,
	readSections,
	SECTION,
	type Section,
	writeSections,
} from "./sections.ts";

/** The exported global that holds the budget that is left; negative once an evaluation was ended by it. */
export const BUDGET_EXPORT = "sallyport_budget";
/** The exported global that holds 1 + the index of the native builtin that failed, else 0. */
export const FAULT_EXPORT = "sallyport_fault";

/** Internal functions of OPA's runtime that are exported besides, under their own names. */
export const EXPOSED_FUNCTIONS = ["opa_value_get", "opa_value_length"] as const;

export type { HostFunction } from "./probes.ts";

export interface InstrumentedModule {
	readonly bytes: Uint8Array<ArrayBuffer>;
	/** Names of functions by index, to explain a fault. */
	readonly names: ReadonlyMap<number, string>;
	/** Names of the functions that the rules call directly. */
	readonly ruleCalls: ReadonlySet<string>;
}

/**
 * Rewrites a module so that an evaluation ends by itself: each function's entry and each round of a loop takes one
 * unit from an exported counter, and the module traps when none is left. The code that OPA compiled from rules (the
 * functions named `g<n>.*`) traps as well when one of `strictFunctions`, OPA's native builtins, answers null: that
 * is how they report an error, and without this the expression would quietly be undefined.
 *
 * The rules' calls to `hostFunctions`, native builtins too, go to the host instead.
 *
 * What the host's functions do is not counted here. Throws RangeError on a module that it does not understand.
 */
export function instrument(
	module: Uint8Array,
	strictFunctions: ReadonlySet<string>,
	hostFunctions: ReadonlyMap<string, HostFunction> = new Map(),
): InstrumentedModule {
	const sections = readSections(module);
	const imports = readImports(only(sections, SECTION.import));
	const parameterCounts = readParameterCounts(only(sections, SECTION.type));
	const functionTypes = readFunctionTypes(only(sections, SECTION.function));
	const names = readFunctionNames(sections);
	if (![...names.values()].some(isRuleName))
		throw new RangeError("the names of the rules' functions are missing");
	const strict = new Set<number>();
	for (const [index, name] of names) if (strictFunctions.has(name)) strict.add(index);

	const globalSection = only(sections, SECTION.global);
	const budget = imports.globals + new ByteReader(globalSection).unsigned();
	const fault = budget + 1;
	const host = new Map<number, HostFunction & { dispatcher: number }>();
	for (const [index, name] of names) {
		const replacement = hostFunctions.get(name);
		if (replacement === undefined) continue;
		const dispatcher = imports.functions.indexOf(`opa_builtin${replacement.arity}`);
		if (dispatcher < 0) throw new RangeError(`opa_builtin${replacement.arity} is not imported`);
		host.set(index, { ...replacement, dispatcher });
	}
	const lenient = new Set([...strict].filter((index) => UNDEFINED_WHEN_EMPTY.has(names.get(index) ?? "")));
	const typeFunction = lenient.size === 0 ? -1 : indexOf(names, "opa_value_type");
	const called = new Set<number>();
	const probes: Probes = {
		host,
		strict,
		lenient,
		typeFunction,
		fault,
		count: countdown(budget),
		called,
	};

	const bodyOf = (section: Section): Uint8Array => {
		switch (section.id) {
			case SECTION.global:
				return appendItems(section.body, [mutableI32(0x7fff_ffff), mutableI32(0)]);
			case SECTION.export:
				return appendItems(section.body, [
					exportItem(BUDGET_EXPORT, EXPORT_GLOBAL, budget),
					exportItem(FAULT_EXPORT, EXPORT_GLOBAL, fault),
					...EXPOSED_FUNCTIONS.map((name) => exportItem(name, EXPORT_FUNCTION, indexOf(names, name))),
				]);
			case SECTION.code:
				return rewriteCode(
					section.body,
					(index) => {
						const type = functionTypes[index];
						const parameters = type === undefined ? undefined : parameterCounts[type];
						if (parameters === undefined) throw new RangeError("a function without a type");
						const isRule = isRuleName(names.get(index + imports.functions.length) ?? "");
						return { parameters, isRule };
					},
					probes,
				);
			default:
				return section.body;
		}
	};
	const bytes = writeSections(sections.map((section) => ({ id: section.id, body: bodyOf(section) })));
	const ruleCalls = new Set([...called].map((index) => names.get(index) ?? `function ${index}`));
	return { bytes, names, ruleCalls };
}

/** What OPA calls the functions that it compiles from rules. */
function isRuleName(name: string): boolean {
	return /^g\d+\./.test(name);
}

function indexOf(names: ReadonlyMap<number, string>, wanted: string): number {
	for (const [index, name] of names) if (name === wanted) return index;
	throw new RangeError(`function ${wanted} is missing`);
}

function only(sections: readonly Section[], id: number): Uint8Array {
	const found = sections.filter((section) => section.id === id);
	const [section] = found;
	if (section === undefined || found.length !== 1)
		throw new RangeError(`section ${id} is missing or repeated`);
	return section.body;
}

function mutableI32(initial: number): number[] {
	return [I32, 1, OP.i32Const, ...signedLeb(initial), OP.end];
}

const EXPORT_FUNCTION = 0;
const EXPORT_GLOBAL = 3;

function exportItem(name: string, kind: number, index: number): Uint8Array {
	const writer = new ByteWriter(64);
	writer.name(name);
	writer.append([kind]);
	writer.unsigned(index);
	return writer.bytes();
}

/** Adds items to a section that is a counted list. */
function appendItems(body: Uint8Array, items: readonly (Uint8Array | readonly number[])[]): Uint8Array {
	const reader = new ByteReader(body);
	const count = reader.unsigned();
	const writer = new ByteWriter(body.length + 128);
	writer.unsigned(count + items.length);
	writer.append(body.subarray(reader.offset));
	for (const item of items) writer.append(item);
	return writer.bytes();
}
