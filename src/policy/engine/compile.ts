import { describeThrown } from "../../lib/index.ts";
import { ENTRYPOINTS } from "../entrypoints.ts";
import { PolicyError } from "../errors.ts";
import { HOST_BUILTINS, REPLACED_NATIVE, UNOFFERED_NATIVE } from "../host/index.ts";
import { type HostFunction, instrument } from "../wasm/instrument.ts";
import { NATIVE_BUILTINS } from "../wasm/native.ts";
import { IMPORTS, idleImports } from "./image.ts";
import type { CompiledModule } from "./policy-module.ts";

const STRICT_FUNCTIONS: ReadonlySet<string> = new Set(NATIVE_BUILTINS.values());

const REFUSED_FUNCTIONS: ReadonlySet<string> = new Set(
	[...UNOFFERED_NATIVE].map((name) => NATIVE_BUILTINS.get(name) ?? name),
);

/** The builtins that replace native ones; their numbers are far above those that OPA gives out, counting from 0. */
const REPLACEMENTS = [...REPLACED_NATIVE].map(([name, arity], i) => ({ name, arity, id: 0x4000_0000 + i }));

const HOST_FUNCTIONS: ReadonlyMap<string, HostFunction> = new Map(
	REPLACEMENTS.map(({ name, ...replacement }) => [NATIVE_BUILTINS.get(name) ?? name, replacement]),
);

const MAY_IMPORT: ReadonlySet<string> = new Set(["memory", ...IMPORTS]);

/**
 * Makes a bundle's module ready to run: instrumented, compiled, its imports, builtins and entrypoints checked.
 * `required` are the entrypoints that it must have. Throws PolicyError (bundle_module, bundle_builtin,
 * bundle_no_entrypoint).
 */
export async function compileModule(
	wasm: Uint8Array,
	required: readonly string[] = ENTRYPOINTS,
): Promise<CompiledModule> {
	let module: WebAssembly.Module;
	let functionNames: ReadonlyMap<number, string>;
	try {
		const instrumented = instrument(wasm, STRICT_FUNCTIONS, HOST_FUNCTIONS);
		functionNames = instrumented.names;
		refuseCalls(instrumented.ruleCalls);
		module = await WebAssembly.compile(instrumented.bytes);
	} catch (thrown) {
		if (thrown instanceof PolicyError) throw thrown;
		throw new PolicyError("bundle_module", undefined, { operator: describeThrown(thrown), cause: thrown });
	}
	for (const { module: from, name } of WebAssembly.Module.imports(module)) {
		if (from !== "env" || !MAY_IMPORT.has(name)) {
			throw new PolicyError("bundle_module", undefined, { operator: `it imports ${from}.${name}` });
		}
	}
	const { builtins, entrypoints } = readTables(module);
	return {
		module,
		functionNames,
		builtins: checkBuiltins(builtins),
		entrypoints: checkEntrypoints(entrypoints, required),
	};
}

function refuseCalls(calls: ReadonlySet<string>): void {
	const refused = [...calls].filter((name) => REFUSED_FUNCTIONS.has(name));
	if (refused.length > 0)
		throw new PolicyError("bundle_builtin", undefined, { operator: refused.join(", ") });
}

/** Asks a throwaway instance for the module's own tables: names of builtins and entrypoints to their numbers. */
function readTables(module: WebAssembly.Module): { builtins: NumberTable; entrypoints: NumberTable } {
	const memory = new WebAssembly.Memory({ initial: 8, maximum: 64 });
	try {
		const { exports } = new WebAssembly.Instance(module, { env: idleImports(memory) });
		const version = exports["opa_wasm_abi_version"];
		const minor = exports["opa_wasm_abi_minor_version"];
		if (!(version instanceof WebAssembly.Global) || version.value !== 1)
			throw new Error("its ABI is not 1.x");
		if (!(minor instanceof WebAssembly.Global) || minor.value < 2)
			throw new Error("its ABI is older than 1.2");
		const dump = exports["opa_json_dump"] as (value: number) => number;
		const read = (name: string): NumberTable => {
			const address = dump((exports[name] as () => number)());
			const bytes = Buffer.from(memory.buffer);
			return JSON.parse(bytes.toString("utf8", address, bytes.indexOf(0, address)));
		};
		return { builtins: read("builtins"), entrypoints: read("entrypoints") };
	} catch (thrown) {
		throw new PolicyError("bundle_module", undefined, { operator: describeThrown(thrown), cause: thrown });
	}
}

type NumberTable = Readonly<Record<string, number>>;

function checkBuiltins(table: NumberTable): CompiledModule["builtins"] {
	const called = [...Object.entries(table), ...REPLACEMENTS.map(({ name, id }) => [name, id] as const)];
	const missing = called.map(([name]) => name).filter((name) => !HOST_BUILTINS.has(name));
	if (missing.length > 0)
		throw new PolicyError("bundle_builtin", undefined, { operator: missing.join(", ") });
	return new Map(called.map(([name, id]) => [id, name]));
}

function checkEntrypoints(table: NumberTable, required: readonly string[]): Map<string, number> {
	const missing = required.filter((name) => !Object.hasOwn(table, name));
	if (missing.length > 0) {
		throw new PolicyError("bundle_no_entrypoint", undefined, { operator: `missing: ${missing.join(", ")}` });
	}
	return new Map(Object.entries(table));
}
