import { PolicyInstance } from "./instance.ts";
import type { EngineLimits } from "./limits.ts";
import type { PolicyModule } from "./policy-module.ts";

/** Keeps one instance ready. Evaluations are synchronous, so that no two of them ever need one at a time. */
export class InstancePool {
	readonly #module: PolicyModule;
	readonly #limits: EngineLimits;
	#ready: PolicyInstance | undefined;

	constructor(module: PolicyModule, limits: EngineLimits, ready?: PolicyInstance) {
		this.#module = module;
		this.#limits = limits;
		this.#ready = ready;
	}

	/** Lends the instance out. One whose evaluation threw, or that has grown or worked enough, is not taken back. */
	use<T>(work: (instance: PolicyInstance) => T): T {
		const instance = this.#ready ?? PolicyInstance.create(this.#module, this.#limits);
		this.#ready = undefined;
		const result = work(instance);
		const grown = instance.memory.buffer.byteLength / 65_536 - this.#module.image.pages;
		const worn = instance.evaluations >= this.#limits.recycleEvaluations || grown > this.#limits.recyclePages;
		if (!worn) this.#ready = instance;
		return result;
	}
}
