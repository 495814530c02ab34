import { ByteReader, ByteWriter, signedLeb, unsignedLeb } from "./leb128.ts";
import { I32, OP, skipImmediate, VOID_BLOCK } from "./opcodes.ts";
import {
	countImports,
	readFunctionNames,
	readFunctionTypes,
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
 * What the host's functions do is not counted here. Throws RangeError on a module that it does not understand.
 */
export function instrument(module: Uint8Array, strictFunctions: ReadonlySet<string>): InstrumentedModule {
	const sections = readSections(module);
	const imports = countImports(only(sections, SECTION.import));
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
	const called = new Set<number>();
	const probes: Probes = { strict, fault, count: countdown(budget), called };

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
						const isRule = isRuleName(names.get(index + imports.functions) ?? "");
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

interface Probes {
	readonly strict: ReadonlySet<number>;
	readonly fault: number;
	readonly count: readonly number[];
	/** Gathers what the rules call. */
	readonly called: Set<number>;
}

interface FunctionFacts {
	readonly parameters: number;
	readonly isRule: boolean;
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

/** `budget -= 1; if (budget < 0) unreachable` */
function countdown(budget: number): number[] {
	const index = unsignedLeb(budget);
	return [
		...[OP.globalGet, ...index, OP.i32Const, 1, OP.i32Sub, OP.globalSet, ...index],
		...[OP.globalGet, ...index, OP.i32Const, 0, OP.i32LtS],
		...[OP.if, VOID_BLOCK, OP.unreachable, OP.end],
	];
}

/** `if (result == 0) { fault = 1 + callee; unreachable }`, with the result left on the stack. */
function faultWhenNull(fault: number, callee: number, scratch: number): number[] {
	return [
		...[OP.localTee, ...unsignedLeb(scratch), OP.i32Eqz, OP.if, VOID_BLOCK],
		...[OP.i32Const, ...signedLeb(callee + 1), OP.globalSet, ...unsignedLeb(fault), OP.unreachable, OP.end],
		...[OP.localGet, ...unsignedLeb(scratch)],
	];
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

function rewriteCode(
	body: Uint8Array,
	factsOf: (index: number) => FunctionFacts,
	probes: Probes,
): Uint8Array {
	const reader = new ByteReader(body);
	const writer = new ByteWriter(body.length * 2);
	const count = reader.unsigned();
	writer.unsigned(count);
	for (let index = 0; index < count; index++) {
		const rewritten = rewriteFunction(reader.range(reader.unsigned()), factsOf(index), probes);
		writer.unsigned(rewritten.length);
		writer.append(rewritten);
	}
	if (!reader.atEnd) throw new RangeError("bytes after the last function");
	return writer.bytes();
}

function rewriteFunction(reader: ByteReader, facts: FunctionFacts, probes: Probes): Uint8Array {
	const writer = new ByteWriter((reader.end - reader.offset) * 2 + 64);
	const groups = reader.unsigned();
	const groupsStart = reader.offset;
	let locals = facts.parameters;
	for (let left = groups; left > 0; left--) {
		locals += reader.unsigned();
		reader.byte();
	}
	// One more local, after all that are there, holds a builtin's result while it is looked at.
	writer.unsigned(groups + 1);
	writer.append(reader.bytes.subarray(groupsStart, reader.offset));
	writer.append([1, I32]);
	writer.append(probes.count);

	let copied = reader.offset;
	const insert = (code: readonly number[]) => {
		writer.append(reader.bytes.subarray(copied, reader.offset));
		writer.append(code);
		copied = reader.offset;
	};
	while (!reader.atEnd) {
		const opcode = reader.byte();
		if (opcode === OP.call) {
			const callee = reader.unsigned();
			if (!facts.isRule) continue;
			probes.called.add(callee);
			if (probes.strict.has(callee)) insert(faultWhenNull(probes.fault, callee, locals));
		} else {
			skipImmediate(reader, opcode);
			if (opcode === OP.loop) insert(probes.count);
		}
	}
	insert([]);
	return writer.bytes();
}
