import type { SqlStatement } from "../commands/index.ts";
import type { CommandDecision } from "../policy/index.ts";
import type { EvalAnswer, Explanation } from "./schemas/policy.ts";

/** Says a decision in words: what happens, which rules say so, and what of the command they judged. */
export function explain({ input, decision, revision, cost, micros }: EvalAnswer): Explanation {
	const { statements } = (input as { command: { statements: SqlStatement[] } }).command;
	return {
		summary: summaryOf(decision),
		rules: rulesOf(decision),
		statements: flatten(statements).map(({ kind, effects, relations, opaque_reasons }) => ({
			kind,
			effects,
			relations: relations.map(({ schema, name, access }) => `${schema}.${name} (${access.join(", ")})`),
			opaque_reasons,
		})),
		revision,
		cost,
		micros,
	};
}

function summaryOf({ action, approvals, masks, limits }: CommandDecision): string {
	if (action === "deny") return "Denied: nothing of it reaches the target.";
	const bounds = Object.entries(limits).filter(([, value]) => value !== null);
	const parts = [
		action === "allow" ? "Allowed" : `Held until ${approvals.map(approversOf).join(", and ")} approve`,
		masks.length > 0 ? "columns that the masks below reach are masked" : "",
		bounds.length > 0 ? `limited to ${bounds.map(([name, value]) => `${name} ${value}`).join(", ")}` : "",
	];
	return `${parts.filter((part) => part !== "").join("; ")}.`;
}

function approversOf({ min, approvers }: CommandDecision["approvals"][number]): string {
	return `${min} of ${approvers.join(", ")}`;
}

function rulesOf(decision: CommandDecision): Explanation["rules"] {
	const set = decision.action === "deny" ? "deny" : "allow";
	return [
		...decision.reasons.map(({ rule, message, remedy }) => ({ rule, set, message, remedy })),
		...decision.approvals.map((requirement) => ({
			rule: requirement.rule,
			set: "require_approval",
			message: `${approversOf(requirement)}, within ${requirement.expires}, for the ${requirement.scope}`,
			remedy: null,
		})),
		...decision.masks.map(({ rule, columns, transform }) => ({
			rule,
			set: "mask",
			message: `${columns.join(", ")}: ${transform}`,
			remedy: null,
		})),
	];
}

/** A statement and all that stands inside of it, the outer ones first. */
function flatten(statements: readonly SqlStatement[]): SqlStatement[] {
	return statements.flatMap((statement) => [statement, ...flatten(statement.nested)]);
}
