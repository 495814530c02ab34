import type { ActivePolicy } from "../active.ts";
import type { CommandDecision } from "../decision.ts";
import { PolicyError } from "../errors.ts";
import { openHours } from "./open-hours.ts";
import { asRecord, type Plain } from "./plain.ts";
import { type Probe, probesFor } from "./probes.ts";

/** Something that would go through, and how. */
export interface Alternative {
	/** Finishes the sentence "it would go through ...". */
	readonly change: string;
	readonly action: "allow" | "require_approval";
}

/** The policy that is asked. */
export type Asked = Pick<ActivePolicy, "decideCommand">;

/** Of changes that are tried one by one, and of those that are tried in pairs when none is enough by itself. */
const MAX_SINGLE = 200;
const MAX_PAIRED = 16;

/**
 * What the policy would let through, found by asking it about the same command changed in one place, or in two where
 * no single change is enough. These are facts about the policy, not about what the command is for.
 */
export function alternatives(input: Plain, action: CommandDecision["action"], policy: Asked): Alternative[] {
	const probes = probesFor(input).slice(0, MAX_SINGLE);
	const outcome = (changed: Plain): Alternative["action"] | null => {
		const after = actionOn(policy, JSON.stringify(changed));
		return after === "allow" || (after === "require_approval" && action === "deny") ? after : null;
	};
	const single = probes.flatMap(({ change, apply }) => found(change, outcome(apply(input))));
	const hours = openHours(asRecord(input["time"]), (time) => outcome({ ...input, time }) !== null);
	const timed = hours === null ? [] : found(hours.text, outcome({ ...input, time: hours.example }));
	if (single.length + timed.length > 0) return [...single, ...timed];
	return pairs(probes.slice(0, MAX_PAIRED)).flatMap(([a, b]) =>
		found(`${a.change}, and ${b.change}`, outcome(b.apply(a.apply(input)))),
	);
}

/** An evaluation that fails is a denial. */
function actionOn(policy: Asked, inputJson: string): CommandDecision["action"] {
	try {
		return policy.decideCommand(inputJson).decision.action;
	} catch (thrown) {
		if (thrown instanceof PolicyError) return "deny";
		throw thrown;
	}
}

function found(change: string, action: Alternative["action"] | null): Alternative[] {
	return action === null ? [] : [{ change, action }];
}

function pairs(probes: readonly Probe[]): [Probe, Probe][] {
	return probes.flatMap((a, at) => probes.slice(at + 1).map((b): [Probe, Probe] => [a, b]));
}
