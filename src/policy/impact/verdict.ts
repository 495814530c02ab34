import type { ActivePolicy } from "../active.ts";
import type { CommandDecision } from "../decision.ts";
import { PolicyError } from "../errors.ts";

/** What a policy said of one input, small enough to be kept by the million and compared as text. */
export interface Verdict {
	readonly action: CommandDecision["action"];
	/** The rules that account for the action; the code of the error where the evaluation failed, which denies. */
	readonly rules: readonly string[];
	/** Rules that mask something, or hold rows back. */
	readonly maskRules: readonly string[];
	readonly message: string;
	/** What is hidden of what comes back, whoever says so; equal texts hide the same. */
	readonly masks: string;
	readonly approvals: string;
	readonly limits: string;
	readonly record: string;
	/** Budget units; those of the limit where it was exceeded. */
	readonly cost: number;
	/** The evaluation failed. */
	readonly failed: boolean;
}

/** Asks a policy about a command; what it throws is a denial, as it is in a gateway. @param budget that it may spend */
export function verdictOf(
	policy: Pick<ActivePolicy, "decideCommand">,
	inputJson: string,
	budget: number,
): Verdict {
	try {
		const { decision, cost } = policy.decideCommand(inputJson, budget);
		return verdictOfDecision(decision, cost);
	} catch (thrown) {
		if (!(thrown instanceof PolicyError)) throw thrown;
		return {
			action: "deny",
			rules: [thrown.code],
			maskRules: [],
			message: thrown.operator ?? thrown.message,
			masks: "",
			approvals: "[]",
			limits: "",
			record: "commands",
			cost: thrown.code === "policy_budget" ? budget : 0,
			failed: true,
		};
	}
}

const kept = new WeakMap<CommandDecision, Verdict>();

/** Equal decisions of one policy are the same object. */
export function verdictOfDecision(decision: CommandDecision, cost: number): Verdict {
	const known = kept.get(decision);
	if (known !== undefined && known.cost === cost) return known;
	const { action, reasons, masks, filters, approvals, limits, record } = decision;
	const verdict: Verdict = {
		action,
		rules: unique(reasons.map(({ rule }) => rule)),
		maskRules: unique([...masks, ...filters].map(({ rule }) => rule)),
		message: reasons.map(({ message }) => message).join("; "),
		masks: masks.length + filters.length === 0 ? "" : JSON.stringify([masks, filters], withoutRules),
		approvals: JSON.stringify(approvals),
		limits: JSON.stringify(limits),
		record,
		cost,
		failed: false,
	};
	kept.set(decision, verdict);
	return verdict;
}

const withoutRules = (key: string, value: unknown) => (key === "rule" ? undefined : value);
const unique = (names: readonly string[]): string[] => [...new Set(names)];
