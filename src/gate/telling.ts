import { type Clock, type Log, SallyportError } from "../lib/index.ts";
import { MissingColumn } from "../masking/index.ts";
import type { PolicyRuntime } from "../policy/index.ts";
import { commandFacts, type DecisionSink, failureFacts } from "./decision-facts.ts";
import { type Denial, failureDenial } from "./denial.ts";
import type { Decided, Journal } from "./journal.ts";
import type { MaskFaults } from "./mask-faults.ts";
import type { Meter } from "./meter.ts";
import type { StageRequest } from "./request.ts";
import type { GatedSession } from "./session.ts";
import type { DecisionWatcher } from "./watcher.ts";

export interface TellingRooms {
	readonly policy: PolicyRuntime;
	readonly journal: Journal;
	readonly meter: Meter;
	readonly decisions: DecisionSink;
	readonly maskFaults: MaskFaults;
	readonly watcher?: DecisionWatcher;
	readonly clock: Clock;
	readonly log: Log;
}

/** Tells of decisions whoever is to know besides the record: metrics, decision logs, watchers, the operator. */
export class Telling {
	readonly #rooms: TellingRooms;

	constructor(rooms: TellingRooms) {
		this.#rooms = rooms;
	}

	decided(session: GatedSession, decided: Decided): void {
		const { meter, watcher, decisions, maskFaults, policy } = this.#rooms;
		const { evaluation } = decided.asked;
		meter.decided(decided.action, evaluation?.micros ?? 0, evaluation?.cost ?? 0);
		watcher?.decided(session, decided);
		if (decided.action === "allow" || decided.action === "mask")
			maskFaults.permitted(
				session.connection.name,
				evaluation?.decision.masks ?? [],
				decided.command.statements,
			);
		if (!decisions.wanted) return;
		const facts = commandFacts(session, decided, policy);
		if (facts !== undefined) decisions.take(facts);
	}

	/** Turns whatever was thrown into a denial, and tells record and log, neither of which may stop the answer. */
	failed(
		session: GatedSession,
		{ text, constants }: Pick<StageRequest, "text" | "constants">,
		stage: "parse" | "execute",
		id: string,
		thrown: unknown,
	): Denial {
		const denial = failureDenial(thrown, id);
		const { meter, decisions, policy, clock, journal } = this.#rooms;
		meter.decided("failed", 0, 0);
		if (thrown instanceof MissingColumn)
			this.#rooms.maskFaults.denied(session.connection.name, thrown, clock.now());
		const facts = failureFacts(session, { id, stage, at: clock.now(), thrown }, policy);
		if (facts !== undefined) decisions.take(facts);
		this.#operator(session, id, denial, thrown);
		try {
			const masked = session.masksValues ? constants(text) : [];
			const written = journal.failed(session, { id, stage, text, masked, denial });
			written?.catch(() => {}); // the recorder has reported it; the command is denied as it is
		} catch {
			// the same: a record that can't be written is why some commands end here
		}
		return denial;
	}

	/** What the client got wrong is nobody else's business; what failed here is the operator's. */
	#operator(session: GatedSession, id: string, { code, target }: Denial, thrown: unknown): void {
		if (target !== null) return;
		const { log } = this.#rooms;
		const fields = { session: session.id, command: id, code };
		if (!(thrown instanceof SallyportError)) log.error({ ...fields, err: thrown }, "command denied");
		else log.info({ ...fields, operator: thrown.operator, reason: thrown.message }, "command denied");
	}
}
