import { signedLeb, unsignedLeb } from "./leb128.ts";
import { OP, VOID_BLOCK } from "./opcodes.ts";

/** A builtin of the host by its number, with how many operands it takes: 1 to 3. */
export interface HostFunction {
	readonly id: number;
	readonly arity: number;
}

/** What is put into the code, and where. */
export interface Probes {
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

/** `budget -= 1; if (budget < 0) unreachable` */
export function countdown(budget: number): number[] {
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
export function faultWhenNull(probes: Probes, callee: number, result: number, argument: number): number[] {
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
export function callHost(
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
