import type { DecisionFacts, PolicyRuntime } from "../policy/index.ts";
import { type AccessDecision, type Evaluation, PolicyError } from "../policy/index.ts";
import { blanked, REDACTED } from "../recording/index.ts";
import { inputJson } from "./input.ts";
import type { Decided } from "./journal.ts";
import { namesMaskedValues, withoutValues } from "./kept.ts";
import type { GatedSession } from "./session.ts";

/** Where decisions are logged, besides the record. Taking one takes no time and never fails. */
export interface DecisionSink {
	/** Whether anybody logs them now. */
	readonly wanted: boolean;
	take(facts: DecisionFacts): void;
}

type Policy = Pick<PolicyRuntime, "active">;

/** A command's decision; undefined for what the policy is never asked about. */
export function commandFacts(
	session: GatedSession,
	decided: Decided,
	policy: Policy,
): DecisionFacts | undefined {
	const { evaluation, decidedAt } = decided.asked;
	if (evaluation === null) return undefined;
	const head = session.inputHead; // as it is now: a session may describe itself anew
	return {
		id: decided.id,
		path: "sallyport/command/decision",
		input: () => shownInput(head, decided),
		result: evaluation.decision,
		bundles: policy.active?.bundles ?? {},
		requestedBy: session.context.client_address,
		decidedAt,
		micros: evaluation.micros,
		cost: evaluation.cost,
		readTime: evaluation.readTime,
	};
}

/** The decision on whether a session may be. */
export function sessionFacts(
	session: GatedSession,
	inputText: string,
	evaluation: Evaluation<AccessDecision>,
	policy: Policy,
): DecisionFacts {
	return {
		id: session.id,
		path: "sallyport/session/decision",
		input: () => JSON.parse(inputText),
		result: evaluation.decision,
		bundles: policy.active?.bundles ?? {},
		requestedBy: session.context.client_address,
		decidedAt: session.startedAt,
		micros: evaluation.micros,
		cost: evaluation.cost,
		readTime: evaluation.readTime,
	};
}

/** A decision that could not be had; undefined where it was not the policy that failed. */
export function failureFacts(
	session: GatedSession,
	failed: { readonly id: string; readonly stage: string; readonly at: number; readonly thrown: unknown },
	policy: Policy,
): DecisionFacts | undefined {
	if (!(failed.thrown instanceof PolicyError)) return undefined;
	const { code, message } = failed.thrown;
	const head = session.inputHead;
	return {
		id: failed.id,
		path: "sallyport/command/decision",
		input: () => ({ ...JSON.parse(`${head}}`), command: { stage: failed.stage } }),
		error: { code, message },
		bundles: policy.active?.bundles ?? {},
		requestedBy: session.context.client_address,
		decidedAt: failed.at,
		micros: 0,
		cost: 0,
		readTime: false,
	};
}

/**
 * What the policy was asked, as it may be written down: without the literals of passwords and whatever was worked out
 * of the text that holds one, and with no more than the decision lets the record have.
 */
function shownInput(head: string, { command, stage, parameters, asked }: Decided) {
	const { grants, decidedAt, evaluation } = asked;
	const input = JSON.parse(inputJson(head, decidedAt, grants, command, stage, parameters));
	const { type, dialect } = input.command;
	if (evaluation?.decision.record === "none") return { ...input, command: { type, dialect, stage } };
	const masked = namesMaskedValues(evaluation?.decision, command);
	if (command.redactions.length > 0) {
		const text = blanked(command.text, masked ? command.constants(command.text) : command.redactions);
		return { ...input, command: { type, dialect, stage, text } };
	}
	if (!masked) return input;
	const shown = parameters && withoutValues(parameters, () => REDACTED).list;
	const text = blanked(command.text, command.constants(command.text));
	return { ...input, command: { ...input.command, text, parameters: shown } };
}
