import { setImmediate as nextTurn } from "node:timers/promises";
import { describeThrown } from "../../lib/index.ts";
import { PolicyError } from "../errors.ts";
import {
	type EvaluationContext,
	HOST_BUILTINS,
	Operands,
	parseNotation,
	writeNotation,
} from "../host/index.ts";
import { BUDGET_EXPORT, FAULT_EXPORT } from "../wasm/instrument.ts";
import type { PolicyExports } from "./abi.ts";
import { type EngineLimits, UNBOUNDED } from "./limits.ts";
import type { PolicyModule } from "./policy-module.ts";

/** The time of an evaluation's input, in nanoseconds since the epoch. */
export type InputClock = Pick<EvaluationContext, "nowNs">;

/** For builtins that are called while no evaluation runs, which is never. */
const STOPPED: InputClock = {
	nowNs() {
		throw new Error("no evaluation is under way");
	},
};

/** What is copied of an image at once, and how long a turn goes on with it where others wait for theirs. */
const SLICE = 1 << 18;
const TURN_MS = 0.5;

/** Units that a call to the host costs in itself: about a microsecond, where a unit is about ten nanoseconds. */
const PER_HOST_CALL = 100;

/** The module's own abort, in its words: conflicting rules, a failed allocation. */
class Abort extends Error {}

class BuiltinFailure extends Error {}

/**
 * One instance of a policy's module. It is used by one evaluation at a time, since its memory starts anew with each;
 * after a PolicyError from `evaluate` it must be thrown away, since what its memory holds is not known.
 */
export class PolicyInstance {
	readonly memory: WebAssembly.Memory;
	/** How many evaluations it has run. */
	evaluations = 0;
	readonly #exports: PolicyExports;
	readonly #budget: WebAssembly.Global;
	readonly #fault: WebAssembly.Global;
	readonly #shared: PolicyModule;
	readonly #limits: EngineLimits;
	#view: Buffer;
	#clock: InputClock = STOPPED;
	readonly #context: EvaluationContext = {
		nowNs: () => this.#clock.nowNs(),
		charge: (units) => this.#charge(units),
	};

	private constructor(shared: PolicyModule, limits: EngineLimits) {
		this.#shared = shared;
		this.#limits = limits;
		const { pages } = shared.image;
		this.memory = new WebAssembly.Memory({ initial: pages, maximum: Math.max(pages, limits.maximumPages) });
		this.#view = Buffer.from(this.memory.buffer);
		const call = (id: number, ...addresses: number[]) => this.#callBuiltin(id, addresses);
		const instance = new WebAssembly.Instance(shared.module, {
			env: {
				memory: this.memory,
				opa_abort: (address: number) => {
					throw new Abort(this.#text(address));
				},
				opa_println: () => undefined,
				opa_builtin0: (id: number) => call(id),
				opa_builtin1: (id: number, _context: number, a: number) => call(id, a),
				opa_builtin2: (id: number, _context: number, a: number, b: number) => call(id, a, b),
				opa_builtin3: (id: number, _context: number, a: number, b: number, c: number) => call(id, a, b, c),
				opa_builtin4: (id: number, _context: number, a: number, b: number, c: number, d: number) =>
					call(id, a, b, c, d),
			},
		});
		this.#exports = instance.exports as unknown as PolicyExports;
		this.#budget = instance.exports[BUDGET_EXPORT] as WebAssembly.Global;
		this.#fault = instance.exports[FAULT_EXPORT] as WebAssembly.Global;
		this.#budget.value = UNBOUNDED;
	}

	/** An instance that is ready at once. */
	static create(shared: PolicyModule, limits: EngineLimits): PolicyInstance {
		const instance = new PolicyInstance(shared, limits);
		instance.#copy(0, shared.image.memory.byteLength);
		return instance;
	}

	/** The same, letting other work of this thread go on in between. */
	static async prepare(shared: PolicyModule, limits: EngineLimits): Promise<PolicyInstance> {
		const instance = new PolicyInstance(shared, limits);
		let began = performance.now();
		for (let start = 0; start < shared.image.memory.byteLength; start += SLICE) {
			instance.#copy(start, SLICE);
			if (performance.now() - began < TURN_MS) continue;
			await nextTurn();
			began = performance.now();
		}
		return instance;
	}

	#copy(start: number, length: number): void {
		const { memory } = this.#shared.image;
		const part = new Uint8Array(memory, start, Math.min(length, memory.byteLength - start));
		new Uint8Array(this.memory.buffer).set(part, start);
	}

	/**
	 * Asks one entrypoint, by its number. `inputJson` is JSON text, already known to be valid; `clock` tells the
	 * input's time, `budget` how many units it may spend. Returns the result set as JSON text and the units spent.
	 * Throws PolicyError.
	 */
	evaluate(
		entrypoint: number,
		inputJson: string,
		clock: InputClock,
		budget = this.#limits.budget,
	): { result: string; cost: number } {
		const exports = this.#exports;
		this.evaluations++;
		this.#clock = clock;
		this.#fault.value = 0;
		// The input's text is parsed at no charge: that is linear in its length, which is bounded.
		this.#budget.value = UNBOUNDED;
		const input = this.#parseInput(inputJson);
		try {
			const evaluation = exports.opa_eval_ctx_new();
			exports.opa_eval_ctx_set_input(evaluation, input);
			exports.opa_eval_ctx_set_data(evaluation, this.#shared.image.dataAddress);
			exports.opa_eval_ctx_set_entrypoint(evaluation, entrypoint);
			this.#budget.value = budget;
			if (exports.eval(evaluation) !== 0) throw new PolicyError("policy_trap");
			const result = this.#text(exports.opa_json_dump(exports.opa_eval_ctx_get_result(evaluation)));
			return { result, cost: budget - this.#budget.value };
		} catch (thrown) {
			throw this.#explain(thrown, budget);
		}
	}

	#explain(thrown: unknown, budget: number): PolicyError {
		if (thrown instanceof PolicyError) return thrown;
		if (this.#budget.value < 0) {
			return new PolicyError("policy_budget", undefined, {
				operator: `more than ${budget} units`,
				cause: thrown,
			});
		}
		const fault = this.#fault.value;
		if (fault !== 0) {
			const name = this.#shared.functionNames.get(fault - 1) ?? `function ${fault - 1}`;
			return new PolicyError("policy_builtin", undefined, {
				operator: `${name} refused its arguments`,
				cause: thrown,
			});
		}
		if (thrown instanceof BuiltinFailure) {
			return new PolicyError("policy_builtin", undefined, { operator: thrown.message, cause: thrown });
		}
		return new PolicyError("policy_trap", undefined, { operator: describeThrown(thrown), cause: thrown });
	}

	#callBuiltin(id: number, addresses: readonly number[]): number {
		const name = this.#shared.builtins.get(id) ?? `number ${id}`;
		const call = HOST_BUILTINS.get(name);
		if (call === undefined) throw new BuiltinFailure(`${name} is not offered`);
		const texts = addresses.map((address) => this.#text(this.#exports.opa_value_dump(address)));
		this.#charge(texts.reduce((units, text) => units + text.length, PER_HOST_CALL));
		let result: string | undefined;
		try {
			const value = call(new Operands(texts.map(parseNotation)), this.#context);
			result = value === undefined ? undefined : writeNotation(value);
		} catch (thrown) {
			throw new BuiltinFailure(`${name}: ${describeThrown(thrown)}`, { cause: thrown });
		}
		// Undefined without an error: what some builtins answer to operands that they have nothing to say to.
		if (result === undefined) return 0;
		this.#charge(result.length);
		const parsed = this.#parseValue(result);
		if (parsed === 0) throw new BuiltinFailure(`${name}: its result was refused`);
		return parsed;
	}

	/** Takes units for work that the module does not count itself. */
	#charge(units: number): void {
		const left = this.#budget.value - units;
		this.#budget.value = Math.max(left, -1);
		if (left < 0) throw new Abort("the budget is spent");
	}

	/** Never answers 0, which the policy would take for an undefined input and a deny-list for nothing to deny. */
	#parseInput(text: string): number {
		const length = Buffer.byteLength(text);
		if (length > this.#limits.inputBytes) throw new PolicyError("policy_input_too_large");
		if (!text.startsWith("{") || !text.isWellFormed()) throw new PolicyError("policy_input_invalid");
		const exports = this.#exports;
		const { wrapper: around, heapStart, inputKey, endKey } = this.#shared.image;
		const total = around.before.length + length + around.after.length;
		let wrapper: number;
		try {
			exports.opa_heap_ptr_set(heapStart);
			const address = exports.opa_malloc(total);
			const bytes = this.#bytes();
			bytes.write(around.before, address);
			bytes.write(text, address + around.before.length, length);
			bytes.write(around.after, address + around.before.length + length);
			wrapper = exports.opa_json_parse(address, total);
		} catch (thrown) {
			throw new PolicyError("policy_input_invalid", undefined, {
				operator: describeThrown(thrown),
				cause: thrown,
			});
		}
		if (wrapper === 0 || exports.opa_value_length(wrapper) !== 2)
			throw new PolicyError("policy_input_invalid");
		const input = exports.opa_value_get(wrapper, inputKey);
		const end = exports.opa_value_get(wrapper, endKey);
		if (input === 0 || end === 0) throw new PolicyError("policy_input_invalid");
		return input;
	}

	/** Parses OPA's own notation, which has sets and keys of any type besides JSON. */
	#parseValue(text: string): number {
		const length = Buffer.byteLength(text);
		const address = this.#exports.opa_malloc(length);
		this.#bytes().write(text, address, length);
		return this.#exports.opa_value_parse(address, length);
	}

	/** The module's memory; its buffer is another one after each growth. */
	#bytes(): Buffer {
		if (this.#view.buffer !== this.memory.buffer) this.#view = Buffer.from(this.memory.buffer);
		return this.#view;
	}

	/** A C string. */
	#text(address: number): string {
		if (address === 0) throw new Abort("a value could not be written");
		const bytes = this.#bytes();
		return bytes.toString("utf8", address, bytes.indexOf(0, address));
	}
}
