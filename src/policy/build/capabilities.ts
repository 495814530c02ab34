import { OFFERED_BUILTINS } from "../host/index.ts";

/** `opa build` drops calls to print, which `opa test` shows. */
const DROPPED = ["print", "internal.print"];

/** Language features that the WASM target and the library's minimum OPA both know. */
const FEATURES = ["keywords_in_refs", "rego_v1", "template_strings"];

/** OPA's capabilities, as far as they are read here. */
export interface Capabilities {
	readonly builtins: readonly { readonly name: string; readonly nondeterministic?: boolean }[];
}

/** The names of every builtin that a policy may name. */
export function offeredBuiltins(): ReadonlySet<string> {
	return new Set([...OFFERED_BUILTINS, ...DROPPED]);
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
