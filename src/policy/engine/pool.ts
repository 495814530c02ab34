import { PolicyInstance } from "./instance.ts";
import type { EngineLimits } from "./limits.ts";
import type { PolicyModule } from "./policy-module.ts";

/** Keeps one instance ready. Evaluations are synchronous, so that no two of them ever need one at a time. */
export class InstancePool {
	readonly #module: PolicyModule;
	readonly #limits: EngineLimits;
	#ready: PolicyInstance | undefined;

	constructor(module: PolicyModule, limits: EngineLimits) {
		this.#module = module;
		this.#limits = limits;
		this.#ready = new PolicyInstance(module, limits);
	}

	/** Lends the instance out. One whose evaluation threw, or that has grown or worked enough, is not taken back. */
	use<T>(work: (instance: PolicyInstance) => T): T {
		const instance = this.#ready ?? new PolicyInstance(this.#module, this.#limits);
		this.#ready = undefined;
		const result = work(instance);
		const worn =
			instance.evaluations >= this.#limits.recycleEvaluations ||
			instance.memory.buffer.byteLength > this.#limits.recyclePages * 65_536;
		if (!worn) this.#ready = instance;
		return result;
	}
}
