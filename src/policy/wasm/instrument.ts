import { ByteReader, ByteWriter, signedLeb, unsignedLeb } from "./leb128.ts";
import { UNDEFINED_WHEN_EMPTY } from "./native.ts";
import { I32, OP, skipImmediate, VOID_BLOCK } from "./opcodes.ts";
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

/** A builtin of the host by its number, with how many operands it takes: 1 to 3. */
export interface HostFunction {
	readonly id: number;
	readonly arity: number;
}

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

interface Probes {
	/** Functions whose calls go to the host, each through the imported dispatcher for its number of operands. */
	readonly host: ReadonlyMap<number, HostFunction & { readonly dispatcher: number }>;
	readonly strict: ReadonlySet<number>;
	/** Of the strict functions those whose null is no error when the argument is an empty collection. */
	readonly lenient: ReadonlySet<number>;
	readonly typeFunction: number;
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

/** What OPA's `opa_value_type` answers. */
const TYPE_ARRAY = 5;
const TYPE_SET = 7;

/**
 * `if (result == 0) { fault = 1 + callee; unreachable }`, with the result left on the stack. For a lenient callee
 * only if its argument, kept in a local, is no collection: with one it answers null when that is empty.
 */
function faultWhenNull(probes: Probes, callee: number, result: number, argument: number): number[] {
	const setFault = [OP.i32Const, ...signedLeb(callee + 1), OP.globalSet, ...unsignedLeb(probes.fault)];
	const trap = [...setFault, OP.unreachable];
	const isNot = (type: number) => [
		...[OP.localGet, ...unsignedLeb(argument), OP.call, ...unsignedLeb(probes.typeFunction)],
		...[OP.i32Const, type, OP.i32Ne],
	];
	const unlessCollection = [
		...[...isNot(TYPE_ARRAY), ...isNot(TYPE_SET), OP.i32And, OP.if, VOID_BLOCK],
		...[...trap, OP.end],
	];
	return [
		...[OP.localTee, ...unsignedLeb(result), OP.i32Eqz, OP.if, VOID_BLOCK],
		...(probes.lenient.has(callee) ? unlessCollection : trap),
		...[OP.end, OP.localGet, ...unsignedLeb(result)],
	];
}

/** In place of `callee(a, b)`: `opa_builtin2(id, 0, a, b)`, whose second operand OPA doesn't use. */
function callHost(
	{ id, arity, dispatcher }: HostFunction & { dispatcher: number },
	scratch: number,
): number[] {
	const locals = Array.from({ length: arity }, (_, i) => unsignedLeb(scratch + i));
	return [
		...locals.toReversed().flatMap((local) => [OP.localSet, ...local]),
		...[OP.i32Const, ...signedLeb(id), OP.i32Const, 0],
		...locals.flatMap((local) => [OP.localGet, ...local]),
		...[OP.call, ...unsignedLeb(dispatcher)],
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

const SCRATCH_LOCALS = 3;

function rewriteFunction(reader: ByteReader, facts: FunctionFacts, probes: Probes): Uint8Array {
	const writer = new ByteWriter((reader.end - reader.offset) * 2 + 64);
	const groups = reader.unsigned();
	const groupsStart = reader.offset;
	let locals = facts.parameters;
	for (let left = groups; left > 0; left--) {
		locals += reader.unsigned();
		reader.byte();
	}
	// More locals, after all that are there, hold a builtin's result and operands while they are looked at.
	const [result, argument] = [locals, locals + 1];
	writer.unsigned(groups + 1);
	writer.append(reader.bytes.subarray(groupsStart, reader.offset));
	writer.append([SCRATCH_LOCALS, I32]);
	writer.append(probes.count);

	let copied = reader.offset;
	const insertAt = (offset: number, code: readonly number[]) => {
		writer.append(reader.bytes.subarray(copied, offset));
		writer.append(code);
		copied = offset;
	};
	while (!reader.atEnd) {
		const start = reader.offset;
		const opcode = reader.byte();
		if (opcode === OP.call) {
			const callee = reader.unsigned();
			if (!facts.isRule) continue;
			probes.called.add(callee);
			const replacement = probes.host.get(callee);
			if (replacement !== undefined) {
				insertAt(start, callHost(replacement, locals));
				copied = reader.offset;
				continue;
			}
			if (!probes.strict.has(callee)) continue;
			if (probes.lenient.has(callee)) insertAt(start, [OP.localTee, ...unsignedLeb(argument)]);
			insertAt(reader.offset, faultWhenNull(probes, callee, result, argument));
		} else {
			skipImmediate(reader, opcode);
			if (opcode === OP.loop) insertAt(reader.offset, probes.count);
		}
	}
	insertAt(reader.offset, []);
	return writer.bytes();
}
