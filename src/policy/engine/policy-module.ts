import type { PolicyImage } from "./image.ts";

/** A bundle's module, instrumented and checked. A thread can hand it to another as it is. */
export interface CompiledModule {
	readonly module: WebAssembly.Module;
	readonly functionNames: ReadonlyMap<number, string>;
	/** Names of the host's builtins by the module's own numbers; the host offers each of them. */
	readonly builtins: ReadonlyMap<number, string>;
	/** Numbers of the entrypoints by name. */
	readonly entrypoints: ReadonlyMap<string, number>;
}

/** A module that is ready to be instantiated, with what its instances share. */
export interface PolicyModule extends CompiledModule {
	readonly image: PolicyImage;
}
