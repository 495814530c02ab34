import { Compile } from "typebox/compile";
import { CommandDecision } from "../decision.ts";
import type { InputParts } from "./input-parts.ts";
import type { ReplayedCommand } from "./report.ts";
import { type Verdict, verdictOfDecision } from "./verdict.ts";

/** A command of a record: its exact input, or why that can't be had. */
export interface RecordedCommand extends ReplayedCommand {
	readonly input: InputParts | string;
	/** What was decided then, as the record has it. */
	readonly recorded: Readonly<Record<string, unknown>> & {
		readonly action: string;
		readonly revision: string;
	};
}

const check = Compile(CommandDecision);

/**
 * The policy's own answer of that time, where the record holds all of it: what was allowed without approvals. A denial
 * may be the gateway's, and what approvals are needed for is not recorded: null.
 */
export function recordedVerdict({ recorded, input }: RecordedCommand): Verdict | null {
	const { action, reasons, masks, filters, limits, record, cost } = recorded;
	if (action !== "allow" && action !== "mask") return null;
	if (typeof input === "string" || input.approvals !== "[]" || typeof cost !== "number") return null;
	const decision: unknown = { action: "allow", reasons, masks, filters, approvals: [], limits, record };
	return check.Check(decision) ? verdictOfDecision(decision, cost) : null;
}
