import type { Env } from "./environment.ts";
import { callByName } from "./functions.ts";
import type { Value } from "./value.ts";

/** `t.f` where `t` has no column `f`: the server takes it for `f(t)` if there is such a function. */
export function projectOrCall(name: string, row: Value, env: Env): Value | undefined {
	return callByName([name], [row], env);
}
