import type { RuleEntry } from "../bundle/manifest.ts";
import type { CommandDecision } from "../decision.ts";
import { type Alternative, type Asked, alternatives } from "./alternatives.ts";
import { asRecord, listIn, type Plain, statementsOf, textIn } from "./plain.ts";

/** A decision in words: what happens, which rules say so and where they stand, and what would go through instead. */
export interface Explanation {
	readonly summary: string;
	readonly rules: ExplainedRule[];
	readonly statements: {
		readonly kind: string;
		readonly effects: string[];
		readonly relations: string[];
		readonly opaque_reasons: string[];
	}[];
	/** What the same policy would let through, if nothing else were different; empty for what is allowed. */
	readonly would_be_allowed: Alternative[];
	readonly revision: string;
	readonly cost: number;
	readonly micros: number;
}

export interface ExplainedRule {
	readonly rule: string;
	/** The rule set that the rule is in: deny, require_approval, mask ... */
	readonly set: string;
	readonly message: string;
	readonly remedy: string | null;
	/** `FILE:LINE` of each rule of that name in the set, as the bundle tells. */
	readonly where: string[];
}

export interface Explained {
	readonly input: unknown;
	readonly decision: CommandDecision;
	readonly revision: string;
	readonly cost: number;
	readonly micros: number;
}

/** @param rules the bundle's list of them. @param policy the one that decided */
export function explain(
	{ input, decision, revision, cost, micros }: Explained,
	rules: readonly RuleEntry[],
	policy: Asked,
): Explanation {
	const command = asRecord(asRecord(input)["command"]);
	return {
		summary: summaryOf(decision),
		rules: rulesOf(decision, rules),
		statements: flatten(statementsOf(command)).map((statement) => ({
			kind: textIn(statement, "kind"),
			effects: listIn(statement, "effects").map(String),
			relations: listIn(statement, "relations").map(relationText),
			opaque_reasons: listIn(statement, "opaque_reasons").map(String),
		})),
		would_be_allowed:
			decision.action === "allow" ? [] : alternatives(asRecord(input), decision.action, policy),
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

const SET_OF_ACTION = { allow: "allow", deny: "deny", require_approval: "require_approval" } as const;

function rulesOf(decision: CommandDecision, rules: readonly RuleEntry[]): ExplainedRule[] {
	const where = (set: string, rule: string): string[] =>
		rules
			.filter((each) => each.set === `sallyport/command/${set}` && each.rule === rule)
			.map(({ file, line }) => `${file}:${line}`);
	const set = SET_OF_ACTION[decision.action];
	return [
		...decision.reasons.map(({ rule, message, remedy }) => ({
			rule,
			set,
			message,
			remedy,
			where: where(set, rule),
		})),
		...decision.approvals.map((requirement) => ({
			rule: requirement.rule,
			set: "require_approval",
			message: `${approversOf(requirement)}, within ${requirement.expires}, for the ${requirement.scope}`,
			remedy: null,
			where: where("require_approval", requirement.rule),
		})),
		...decision.masks.map(({ rule, columns, transform }) => ({
			rule,
			set: "mask",
			message: `${columns.join(", ")}: ${transform}`,
			remedy: null,
			where: where("mask", rule),
		})),
	];
}

function relationText(relation: unknown): string {
	const { schema, name } = asRecord(relation);
	return `${String(schema)}.${String(name)} (${listIn(asRecord(relation), "access").join(", ")})`;
}

/** A statement and all that stands inside of it, the outer ones first. */
function flatten(statements: readonly Plain[]): Plain[] {
	return statements.flatMap((statement) => [
		statement,
		...flatten(listIn(statement, "nested").map(asRecord)),
	]);
}
