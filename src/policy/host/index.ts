import { NATIVE_BUILTINS } from "../wasm/native.ts";
import type { Builtin } from "./builtin.ts";
import { ENCODING_BUILTINS } from "./data/encoding.ts";
import { JSON_BUILTINS } from "./data/json.ts";
import { JWT_BUILTINS } from "./data/jwt.ts";
import { NUMBER_BUILTINS } from "./data/numbers.ts";
import { PATCH_BUILTINS } from "./data/patch.ts";
import { SUBSET_BUILTINS } from "./data/subset.ts";
import { UUID_BUILTINS } from "./data/uuid.ts";
import { NET_BUILTINS } from "./net/builtins.ts";
import { TEXT_BUILTINS } from "./text/builtins.ts";
import { REGEX_BUILTINS } from "./text/regex.ts";
import { SEMVER_BUILTINS } from "./text/semver.ts";
import { TIME_BUILTINS } from "./time/builtins.ts";

export type { Builtin, EvaluationContext } from "./builtin.ts";
export { parseNotation, writeNotation } from "./notation.ts";
export { Operands } from "./operands.ts";

/** The builtins that the host answers, by name. */
export const HOST_BUILTINS: ReadonlyMap<string, Builtin> = new Map(
	[
		TEXT_BUILTINS,
		REGEX_BUILTINS,
		SEMVER_BUILTINS,
		TIME_BUILTINS,
		NET_BUILTINS,
		NUMBER_BUILTINS,
		SUBSET_BUILTINS,
		PATCH_BUILTINS,
		ENCODING_BUILTINS,
		JSON_BUILTINS,
		JWT_BUILTINS,
		UUID_BUILTINS,
	].flatMap((group) => Object.entries(group)),
);

/** Builtins compiled into the module that differ from OPA's own in a way that no check can close. */
export const UNOFFERED_NATIVE: ReadonlySet<string> = new Set(["base64.decode", "base64url.decode"]);

/**
 * Builtins compiled into the module whose calls are turned to the host's, with how many operands they take: the
 * module's own differ from OPA's where it matters, in what is JSON or base64 and in IPv4 addresses written as IPv6.
 */
export const REPLACED_NATIVE: ReadonlyMap<string, number> = new Map([
	["json.marshal", 1],
	["json.unmarshal", 1],
	["json.is_valid", 1],
	["base64.is_valid", 1],
	["net.cidr_contains", 2],
	["net.cidr_intersects", 2],
]);

/** What the compiler turns into other instructions, so that nobody calls them at run time. */
const COMPILED_AWAY = ["assign", "eq"];

/** Every builtin that a policy may call, in alphabetical order: `policy-schemas/capabilities.json` holds these. */
export const OFFERED_BUILTINS: readonly string[] = [
	...new Set([
		...COMPILED_AWAY,
		...[...NATIVE_BUILTINS.keys()].filter((name) => !UNOFFERED_NATIVE.has(name)),
		...HOST_BUILTINS.keys(),
	]),
].sort();
