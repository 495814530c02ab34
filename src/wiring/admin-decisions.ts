import type { Clock } from "../lib/index.ts";
import {
	type AccessDecision,
	type DecisionFacts,
	type Evaluation,
	PolicyError,
	type PolicyRuntime,
} from "../policy/index.ts";

/** Asks the policy in force about the control plane, and logs what somebody's request hangs on. */
export function adminDecisions(
	policy: PolicyRuntime,
	decisions: { readonly wanted: boolean; take(facts: DecisionFacts): void },
	clock: Clock,
) {
	return (inputJson: string, decisionId?: string): Evaluation<AccessDecision> => {
		const { active } = policy;
		if (active === undefined) throw new PolicyError("no_policy");
		const evaluation = active.decideAdmin(inputJson);
		if (decisionId !== undefined && decisions.wanted) {
			decisions.take({
				id: decisionId,
				path: "sallyport/admin/decision",
				input: () => JSON.parse(inputJson),
				result: evaluation.decision,
				bundles: active.bundles,
				requestedBy: JSON.parse(inputJson).client_address,
				decidedAt: clock.now(),
				micros: evaluation.micros,
				cost: evaluation.cost,
				readTime: evaluation.readTime,
			});
		}
		return evaluation;
	};
}
