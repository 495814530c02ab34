import { HOST_BUILTINS, UNOFFERED_NATIVE } from "../host/index.ts";
import { NATIVE_BUILTINS } from "../wasm/native.ts";

/** What the compiler rewrites away before a module is made; `print` is dropped from it. */
const COMPILED_AWAY = ["assign", "eq", "print", "internal.print"];

/** Language features that the WASM target and the library's minimum OPA both know. */
const FEATURES = ["keywords_in_refs", "rego_v1", "template_strings"];

/** OPA's capabilities, as far as they are read here. */
export interface Capabilities {
	readonly builtins: readonly { readonly name: string; readonly nondeterministic?: boolean }[];
}

/** The names of every builtin that a policy may call. */
export function offeredBuiltins(): ReadonlySet<string> {
	const names = new Set([...NATIVE_BUILTINS.keys(), ...HOST_BUILTINS.keys(), ...COMPILED_AWAY]);
	for (const name of UNOFFERED_NATIVE) names.delete(name);
	return names;
}

/**
 * `policy-schemas/capabilities.json`: of what this OPA can do, what the gateway can run, and no network. Given
 * `opa capabilities --current`.
 */
export function offeredCapabilities(current: Capabilities): string {
	const offered = offeredBuiltins();
	const builtins = current.builtins.filter(({ name }) => offered.has(name));
	return `${JSON.stringify({ builtins, features: FEATURES, allow_net: [] }, null, "\t")}\n`;
}
