import type { ApprovalAnswer } from "./answers.ts";
import { localTime } from "./terminal.ts";

/** A request for approval with everything that its approver should know. Nothing of the command is cut. */
export function approvalFacts(approval: ApprovalAnswer): [string, string | null][] {
	const { principal, requirement, display } = approval;
	const { on_behalf_of } = principal;
	return [
		["id", approval.id],
		["state", approval.missing > 0 ? `${approval.state}, ${approval.missing} more wanted` : approval.state],
		["who", `${principal.subject} (${principal.kind}, ${principal.provider})`],
		["on behalf of", on_behalf_of?.subject ?? null],
		["where", `${approval.connection}, as ${display.role}`],
		["why", display.reason === "" ? "no reason given" : display.reason],
		["rule", `${requirement.rule}: ${requirement.min} of ${requirement.approvers.join(", ")}`],
		["for", requirement.scope === "command" ? "this command, once" : "the rest of the session"],
		["effects", approval.shown.effects.join(", ")],
		["touches", display.relations.join("\n") || null],
		["asked", localTime(approval.requested_at)],
		["until", localTime(approval.expires_at)],
		["answers", approval.answers.map(answerLine).join("\n") || null],
		["look out", display.remarks.join("\n") || null],
		["command", display.text],
		["runs", display.runs.join("\n") || null],
		["parameters", display.parameters.map((value, at) => `$${at + 1} = ${value}`).join("\n") || null],
	];
}

function answerLine({ verdict, by, at, reason }: ApprovalAnswer["answers"][number]): string {
	const what = verdict === "approve" ? "approved" : "denied";
	return `${what} by ${by.subject} at ${localTime(at)}${reason === null ? "" : `: ${reason}`}`;
}
