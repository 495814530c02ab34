import type { ActivePolicy } from "../active.ts";
import { PolicyError } from "../errors.ts";
import type { PolicyEngine } from "./engine.ts";
import { TRIAL_INPUTS } from "./trial-inputs.ts";

/** The entrypoint that a bundle may bring to test itself before it is activated. */
export const SELF_TEST = "sallyport/selftest";

/** Rounds of the canned inputs after which the runtime has compiled what decisions run, so that the first are fast. */
const WARMING_ROUNDS = 4;

/**
 * Tries a policy before it is activated: it answers every canned input (what it answers doesn't matter), and its own
 * test, where it brings one, passes. The rounds warm it up as well: the compiled code is shared between threads.
 * Throws PolicyError (bundle_smoke, bundle_selftest).
 */
export function trial(policy: PolicyEngine): void {
	askEverything(policy);
	if (policy.has(SELF_TEST)) selfTest(policy);
	for (let round = 1; round < WARMING_ROUNDS; round++) askEverything(policy);
}

function askEverything(policy: ActivePolicy): void {
	try {
		for (const input of TRIAL_INPUTS.session) policy.decideSession(input);
		for (const input of TRIAL_INPUTS.command) policy.decideCommand(input);
		for (const input of TRIAL_INPUTS.admin) policy.decideAdmin(input);
	} catch (thrown) {
		if (!(thrown instanceof PolicyError)) throw thrown;
		throw new PolicyError("bundle_smoke", undefined, { operator: inWords(thrown), cause: thrown });
	}
}

function selfTest(policy: PolicyEngine): void {
	let results: readonly { readonly result: unknown }[];
	try {
		results = policy.ask(SELF_TEST, TRIAL_INPUTS.command[0] ?? "{}");
	} catch (thrown) {
		if (!(thrown instanceof PolicyError)) throw thrown;
		throw new PolicyError("bundle_selftest", undefined, { operator: inWords(thrown), cause: thrown });
	}
	const [only] = results;
	const failures = only === undefined ? [`${SELF_TEST} is undefined`] : failuresIn(only.result, SELF_TEST);
	if (failures.length > 0)
		throw new PolicyError("bundle_selftest", undefined, { operator: failures.join("; ") });
}

/**
 * What a self-test's value says: `true` and an empty set pass, a set's members are what failed, an object passes when
 * all that is in it does (a package's rules, by name). Everything else fails.
 */
function failuresIn(value: unknown, name: string): string[] {
	if (value === true) return [];
	if (Array.isArray(value))
		return value.map((each) => `${name}: ${typeof each === "string" ? each : JSON.stringify(each)}`);
	if (typeof value === "object" && value !== null) {
		return Object.entries(value).flatMap(([rule, each]) => failuresIn(each, `${name}/${rule}`));
	}
	return [`${name} is ${JSON.stringify(value)}`];
}

function inWords({ code, operator, message }: PolicyError): string {
	return `${code}: ${operator ?? message}`;
}
