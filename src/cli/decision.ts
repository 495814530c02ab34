import type { CommandDecision } from "../policy/index.ts";

interface Decided {
	readonly decision: Partial<CommandDecision>;
	readonly revision: string;
	readonly cost: number;
	readonly micros: number;
}

/** A decision for people: the action, the rules behind it, what has to be done, and what it cost. */
export function decisionFacts({ decision, revision, cost, micros }: Decided): [string, string | null][] {
	const { reasons = [], approvals = [], masks = [], limits } = decision;
	const bounds = Object.entries(limits ?? {}).filter(([, value]) => value !== null);
	return [
		["action", decision.action ?? ""],
		[
			"rules",
			lines(
				reasons.map(
					({ rule, message, remedy }) => `${rule}: ${message}${remedy === null ? "" : ` (${remedy})`}`,
				),
			),
		],
		[
			"approvals",
			lines(
				approvals.map(
					({ rule, approvers, min, expires, scope }) =>
						`${rule}: ${min} of ${approvers.join(", ")}, within ${expires}, for the ${scope}`,
				),
			),
		],
		[
			"masks",
			lines(masks.map(({ rule, columns, transform }) => `${rule}: ${columns.join(", ")} (${transform})`)),
		],
		["limits", lines(bounds.map(([name, value]) => `${name} ${value}`))],
		["record", decision.record ?? null],
		["revision", revision],
		["cost", `${cost} units, ${micros.toFixed(1)} microseconds`],
	];
}

function lines(parts: readonly string[]): string | null {
	return parts.length === 0 ? null : parts.join("\n");
}
