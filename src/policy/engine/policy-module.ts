import type { Builtin } from "../host/index.ts";

/** A module that is ready to be instantiated, with what its instances share. */
export interface PolicyModule {
	readonly module: WebAssembly.Module;
	readonly functionNames: ReadonlyMap<number, string>;
	/** The host's builtins by the module's own numbers. */
	readonly builtins: ReadonlyMap<number, { readonly name: string; readonly call: Builtin }>;
	/** Numbers of the entrypoints by name. */
	readonly entrypoints: ReadonlyMap<string, number>;
	/** The bundle's data as JSON text, in UTF-8. */
	readonly data: Uint8Array;
}
