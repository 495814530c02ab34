import { isDeepStrictEqual } from "node:util";
import type { AnalysedCommand } from "../commands/index.ts";
import { newId, Slices } from "../lib/index.ts";
import { type CommandDecision, type Evaluation, NO_DETECTOR_SETTINGS } from "../policy/index.ts";
import { type Approval, bindingOf } from "./approval.ts";
import { type Answer, Asking } from "./asking.ts";
import { failureDenial, policyDenial } from "./denial.ts";
import { GateError } from "./errors.ts";
import { CommandFlow, type Recorded } from "./flow.ts";
import type { Asked, Decided } from "./journal.ts";
import { type Obligations, obligationsOf } from "./obligations.ts";
import { CommandPermit, StagePermit } from "./permits.ts";
import type { CommandRequest, StageRequest, StageVerdict, Verdict } from "./request.ts";
import type { GatedSession } from "./session.ts";
import type { Standing } from "./standing.ts";
import { Telling, type TellingRooms } from "./telling.ts";

export interface GateRooms extends TellingRooms {
	/** Whether the session itself may still be, under the policy in force. */
	readonly standing: Standing;
	readonly approval: Approval;
}

/**
 * The policy enforcement point. A command comes in at `command`, and from there this file reads in the order in
 * which things happen: analyse, decide, discharge the obligations, record, release. Everything that goes wrong on
 * the way is a denial; nothing but the last step makes a permit.
 *
 * Nothing here waits unless it must: with a policy at hand and a record in `write` durability the answer is given
 * in the same turn, so that the messages of a pipeline stay in order without a queue.
 */
export class Gate {
	readonly #rooms: GateRooms;
	readonly #asking: Asking;
	readonly #telling: Telling;
	/** Held commands that are asked about again: there may be many at the same moment. */
	readonly #slices = new Slices();

	constructor(rooms: GateRooms) {
		this.#rooms = rooms;
		this.#asking = new Asking(rooms.policy, rooms.clock);
		this.#telling = new Telling(rooms);
	}

	/**
	 * A command that is about to be executed: analysed in the session's scope of this moment, decided with its
	 * parameters, held while people are asked, recorded before it may go on.
	 */
	command(session: GatedSession, request: CommandRequest): Verdict | Promise<Verdict> {
		return this.#guarded(session, request, "execute", this.#decideCommand);
	}

	/**
	 * A statement that is being prepared, its parameters not yet known. Only what cannot depend on them is decided
	 * here, and only a denial ends it; approvals, masks and limits are left to the execution.
	 */
	stage(session: GatedSession, request: StageRequest): StageVerdict | Promise<StageVerdict> {
		return this.#guarded(session, request, "parse", this.#decideStage);
	}

	/** Analyses and decides; whatever is thrown on the way, at once or later, is a denial. */
	#guarded<R extends StageRequest, V>(
		session: GatedSession,
		request: R,
		stage: "parse" | "execute",
		decide: Decide<R, V>,
	): V | DeniedVerdict | Promise<V | DeniedVerdict> {
		const id = newId(this.#rooms.clock.now());
		try {
			const command = request.analyse();
			const verdict =
				command instanceof Promise
					? analysed(command, session, request, id, decide)
					: decide(session, request, command, id);
			return verdict instanceof Promise ? this.#guardedLater(verdict, session, request, stage, id) : verdict;
		} catch (thrown) {
			return this.#failed(session, request, stage, id, thrown);
		}
	}

	#guardedLater<V>(
		verdict: Promise<V>,
		session: GatedSession,
		request: StageRequest,
		stage: "parse" | "execute",
		id: string,
	): Promise<V | DeniedVerdict> {
		return verdict.catch((thrown) => this.#failed(session, request, stage, id, thrown));
	}

	#failed(
		session: GatedSession,
		request: StageRequest,
		stage: "parse" | "execute",
		id: string,
		thrown: unknown,
	): DeniedVerdict {
		return { kind: "denied", denial: this.#telling.failed(session, request, stage, id, thrown) };
	}

	readonly #decideStage: Decide<StageRequest, StageVerdict> = (session, request, command, id) => {
		this.#assertStanding(session);
		const permit: StageVerdict = { kind: "permit", permit: new StagePermit(id) };
		if (command.statements.length === 0 || request.neverDenied(command)) return permit;
		const asked = this.#asking.denialAtParse(session, command);
		if (asked === null) return permit;
		const denied: StageVerdict = {
			kind: "denied",
			denial: policyDenial(asked.evaluation.decision.reasons, id, command.unresolved),
		};
		const written = this.#record(session, {
			id,
			stage: "parse",
			command,
			parameters: null,
			asked,
			action: "deny",
		});
		return written === undefined ? denied : written.then(() => denied);
	};

	readonly #decideCommand: Decide<CommandRequest, Verdict> = (session, request, command, id) => {
		this.#assertStanding(session);
		if (command.statements.length === 0 || request.neverDenied(command))
			return this.#release(session, request, command, id, this.#asking.nothing(), NO_OBLIGATIONS);
		const asked = this.#asking.ask(session, request, command, []);
		switch (asked.evaluation.decision.action) {
			case "deny":
				return this.#deny(session, request, command, id, asked);
			case "require_approval":
				// What the target refuses anyway is nothing to ask people about.
				if (command.unresolved !== null) return this.#deny(session, request, command, id, asked);
				return this.#hold(session, request, command, id, asked);
			case "allow":
				return this.#discharge(session, request, command, id, asked);
		}
	};

	/** A new revision may forbid the session itself; it is asked before it is asked about the command. */
	#assertStanding(session: GatedSession): void {
		this.#rooms.standing.check(session);
		session.assertOpen();
	}

	#deny(
		session: GatedSession,
		request: CommandRequest,
		command: AnalysedCommand,
		id: string,
		asked: Answer,
	): Verdict | Promise<Verdict> {
		const verdict: Verdict = {
			kind: "denied",
			denial: policyDenial(asked.evaluation.decision.reasons, id, command.unresolved),
		};
		const written = this.#record(session, atExecution(request, command, id, asked, "deny"));
		return written === undefined ? verdict : written.then(() => verdict);
	}

	/**
	 * Asks people, then starts over: what runs is what is true after the wait, not before it. A revision that comes
	 * into force meanwhile and answers otherwise ends the wait: the command is decided anew, under it.
	 */
	async #hold(
		session: GatedSession,
		request: CommandRequest,
		command: AnalysedCommand,
		id: string,
		asked: Answer,
	): Promise<Verdict> {
		await this.#record(session, atExecution(request, command, id, asked, "require_approval"));
		const { decision } = asked.evaluation;
		const supersession = this.#supersession(session, request, command, decision);
		const answer = await this.#rooms.approval
			.obtain(session, request, command, id, decision, supersession.signal)
			.finally(supersession.stop);
		if (answer.kind === "refused") return { kind: "denied", denial: answer.denial };
		const now = await request.analyse();
		if (answer.kind === "superseded")
			return this.#decideCommand(session, request, now, newId(this.#rooms.clock.now()));
		this.#assertStanding(session);
		const unchanged = bindingOf(session, request, now).hash === answer.binding;
		if (!unchanged) return { kind: "denied", denial: failureDenial(new GateError("approval_void"), id) };
		const again = this.#asking.ask(session, request, now, answer.grants);
		switch (again.evaluation.decision.action) {
			case "allow":
				return this.#discharge(session, request, now, newId(this.#rooms.clock.now()), again);
			case "deny":
				return this.#deny(session, request, now, newId(this.#rooms.clock.now()), again);
			case "require_approval":
				return { kind: "denied", denial: failureDenial(new GateError("approval_void"), id) };
		}
	}

	/** Aborted when a revision comes into force that would not hold this command for the same approvals. */
	#supersession(
		session: GatedSession,
		request: CommandRequest,
		command: AnalysedCommand,
		held: CommandDecision,
	): { readonly signal: AbortSignal; stop(): void } {
		const superseded = new AbortController();
		const stop = this.#rooms.policy.onActivated(() =>
			this.#slices.add(() => {
				try {
					const { decision } = this.#asking.ask(session, request, command, []).evaluation;
					if (isDeepStrictEqual(waitOf(decision), waitOf(held))) return;
				} catch {
					// A policy that fails on it doesn't hold it either; the decision that follows says so.
				}
				superseded.abort();
			}),
		);
		return { signal: superseded.signal, stop };
	}

	#discharge(
		session: GatedSession,
		request: CommandRequest,
		command: AnalysedCommand,
		id: string,
		asked: Answer,
	): Verdict | Promise<Verdict> {
		const obligations = obligationsOf(
			asked.evaluation.decision,
			command,
			this.#rooms.policy.active?.detectors ?? NO_DETECTOR_SETTINGS,
		);
		request.assertCan(obligations, command);
		const { filters } = asked.evaluation.decision;
		const sent = filters.length === 0 ? null : request.filter(filters);
		// A text of the server's could quote a row that is filtered out.
		const owed = sent === null ? obligations : { ...obligations, hideTexts: true };
		return this.#release(session, request, command, id, asked, owed, sent);
	}

	/**
	 * The record first: the permit comes when it holds the command, or is sure to before the command's first byte goes
	 * up, which the flow sees to.
	 */
	#release(
		session: GatedSession,
		request: CommandRequest,
		command: AnalysedCommand,
		id: string,
		asked: Asked<Evaluation<CommandDecision> | null>,
		obligations: Obligations,
		sent: string | null = null,
	): Verdict | Promise<Verdict> {
		const { journal } = this.#rooms;
		const action = obligations.masked ? "mask" : "allow";
		const decided = atExecution(request, command, id, asked, action, sent);
		this.#telling.decided(session, decided);
		const written = journal.released(session, decided);
		return written instanceof Promise
			? this.#permitLater(written, session, id, obligations)
			: this.#permit(session, id, obligations, written);
	}

	async #permitLater(
		written: Promise<void>,
		session: GatedSession,
		id: string,
		obligations: Obligations,
	): Promise<Verdict> {
		await written;
		return this.#permit(session, id, obligations, null);
	}

	#permit(session: GatedSession, id: string, obligations: Obligations, recorded: Recorded | null): Verdict {
		session.assertOpen();
		const flow = new CommandFlow(id, obligations, this.#rooms.journal.of(session), recorded);
		return { kind: "permit", permit: new CommandPermit(flow), obligations };
	}

	#record(session: GatedSession, decided: Decided): Promise<void> | undefined {
		this.#telling.decided(session, decided);
		return this.#rooms.journal.decided(session, decided);
	}
}

/** What of a decision a held command waits for. */
const waitOf = ({ action, approvals }: CommandDecision) => ({ action, approvals });

function atExecution(
	{ parameters }: CommandRequest,
	command: AnalysedCommand,
	id: string,
	asked: Decided["asked"],
	action: Decided["action"],
	sent: string | null = null,
): Decided {
	return { id, stage: "execute", command, parameters, asked, action, sent };
}

/** What the gate does with a command once it is analysed. @param id the decision's */
type Decide<R, V> = (
	session: GatedSession,
	request: R,
	command: AnalysedCommand,
	id: string,
) => V | Promise<V>;

async function analysed<R, V>(
	command: Promise<AnalysedCommand>,
	session: GatedSession,
	request: R,
	id: string,
	decide: Decide<R, V>,
): Promise<V> {
	return decide(session, request, await command, id);
}

type DeniedVerdict = Extract<Verdict, { readonly kind: "denied" }>;

/** What an empty command and a ROLLBACK run under: nothing to mask, nothing to limit. */
const NO_OBLIGATIONS: Obligations = {
	masks: [],
	masked: false,
	hideTexts: false,
	texts: null,
	rowsMustBeKnown: false,
	maxRows: null,
	maxBytes: null,
	timeoutMs: null,
	record: "commands",
};
