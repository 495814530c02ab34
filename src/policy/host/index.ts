import type { HostBuiltin } from "./builtin.ts";

export type { EvaluationContext, HostBuiltin } from "./builtin.ts";

export const HOST_BUILTINS: ReadonlyMap<string, HostBuiltin> = new Map();

/** Builtins compiled into the module that differ from OPA's own in a way that no check can close. */
export const UNOFFERED_NATIVE: ReadonlySet<string> = new Set(["base64.decode", "base64url.decode"]);
