import type { AnalysedCommand, Grant } from "../commands/index.ts";
import type { Clock } from "../lib/index.ts";
import {
	type ActivePolicy,
	type CommandDecision,
	type Evaluation,
	PolicyError,
	type PolicyRuntime,
} from "../policy/index.ts";
import { inputJson } from "./input.ts";
import type { Asked } from "./journal.ts";
import type { CommandRequest } from "./request.ts";
import type { GatedSession } from "./session.ts";

export type Answer = Asked<Evaluation<CommandDecision>>;

/** Asks the policy in force. Throws PolicyError where it has no answer. */
export class Asking {
	readonly #policy: PolicyRuntime;
	readonly #clock: Clock;

	constructor(policy: PolicyRuntime, clock: Clock) {
		this.#policy = policy;
		this.#clock = clock;
	}

	/** About a command with its parameters; an answer that is sure to be given again is not asked for again. */
	ask(
		session: GatedSession,
		request: CommandRequest,
		command: AnalysedCommand,
		grants: readonly Grant[],
	): Answer {
		const active = this.#active();
		const decidedAt = this.#clock.now();
		const known =
			grants.length > 0 ? undefined : session.answers.find(active, session.inputHead, decidedAt, command);
		if (known !== undefined) return { evaluation: known, decidedAt, grants };
		const input = inputJson(session.inputHead, decidedAt, grants, command, "execute", request.parameters);
		const evaluation = active.decideCommand(input, session.decisionBudget);
		session.masksValues ||= evaluation.decision.masks.some(({ detectors }) => detectors.length === 0);
		if (grants.length === 0) session.answers.keep(active, command, evaluation);
		return { evaluation, decidedAt, grants };
	}

	/** What denies a statement before its parameters are known; null where that is left to its execution. */
	denialAtParse(session: GatedSession, command: AnalysedCommand): Answer | null {
		const active = this.#active();
		const decidedAt = this.#clock.now();
		const input = inputJson(session.inputHead, decidedAt, [], command, "parse", null);
		const evaluation = active.decideCommand(input, session.decisionBudget);
		return deniesAtParse(evaluation.decision, active.dependsOnParameters)
			? { evaluation, decidedAt, grants: [] }
			: null;
	}

	/** For what is never asked about. */
	nothing(): Asked<null> {
		return { evaluation: null, decidedAt: this.#clock.now(), grants: [] };
	}

	#active(): ActivePolicy {
		const { active } = this.#policy;
		if (active === undefined) throw new PolicyError("no_policy");
		return active;
	}
}

/** Rules that depend on parameters have not had their say yet. */
function deniesAtParse(
	{ action, reasons }: CommandDecision,
	depends: ActivePolicy["dependsOnParameters"],
): boolean {
	if (action !== "deny") return false;
	const byDefault = reasons.every((reason) => reason.rule === "default");
	return byDefault ? !depends.allow && !depends.require_approval : !depends.deny;
}
