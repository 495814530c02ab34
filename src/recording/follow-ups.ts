import { type Entry, type EntryMaker, outcomeEntry } from "./entries.ts";
import type { OutcomeEvent } from "./events.ts";
import type { Forwarded, OpenSession } from "./open-sessions.ts";

/**
 * What follows a command (it went up, it ended) and waits a little for a line that has room for it: an outcome for
 * the session's next command, the other for its outcome. What waits longer, or would be out of order, gets a line of
 * its own.
 */
export class FollowUps {
	readonly #entries: EntryMaker;
	readonly #keep: (entry: Entry) => void;
	/** The sessions in which something waits. */
	#waiting: OpenSession[] = [];
	/** Counts the times that what waits was looked through. */
	#round = 0;

	/** @param keep takes lines in the order in which they are to stand in the log */
	constructor(entries: EntryMaker, keep: (entry: Entry) => void) {
		this.#entries = entries;
		this.#keep = keep;
	}

	get empty(): boolean {
		return this.#waiting.length === 0;
	}

	forwarded(session: OpenSession, command: string): void {
		session.forwarded.push({ command, time: this.#entries.now(), round: this.#round });
		this.#list(session);
	}

	ended(session: OpenSession, event: OutcomeEvent): void {
		this.tellEnded(session);
		session.ended = this.#ended(session, event);
		this.#list(session);
	}

	/** The same where nothing may wait. */
	tellOutcome(session: OpenSession, event: OutcomeEvent): void {
		this.tellEnded(session);
		this.#keep(outcomeEntry(this.#ended(session, event), session));
	}

	/** Before whatever comes next in its session. */
	tellEnded(session: OpenSession): void {
		const ended = session.takeEnded();
		if (ended !== null) this.#keep(outcomeEntry(ended, session));
	}

	/** That the command went up, before what else is said of it than its outcome. */
	tellForwarded(session: OpenSession, command: string): void {
		this.#forwarded(session, session.takeForwarded(command));
	}

	tellAll(session: OpenSession): void {
		for (const forwarded of session.forwarded.splice(0)) this.#forwarded(session, forwarded);
		this.tellEnded(session);
	}

	tellAllSessions(): void {
		for (const session of this.#waiting) this.tellAll(session);
	}

	/** What was there at the last call already has waited long enough. */
	tellOld(): void {
		const round = this.#round++;
		for (const session of this.#waiting) {
			while ((session.forwarded[0]?.round ?? round) < round)
				this.#forwarded(session, session.forwarded.shift());
			if ((session.ended?.round ?? round) < round) this.tellEnded(session);
			session.listed = session.waits;
		}
		this.#waiting = this.#waiting.filter(({ listed }) => listed);
	}

	#ended(session: OpenSession, event: OutcomeEvent) {
		const forwarded = session.takeForwarded(event.command)?.time;
		return { event, time: this.#entries.now(), forwarded, round: this.#round };
	}

	#forwarded(session: OpenSession, forwarded: Forwarded | undefined): void {
		if (forwarded === undefined) return;
		this.tellEnded(session);
		const event = { type: "forwarded", session: session.id, command: forwarded.command } as const;
		this.#keep(this.#entries.of(event, session, false, forwarded.time));
	}

	#list(session: OpenSession): void {
		if (session.listed) return;
		session.listed = true;
		this.#waiting.push(session);
	}
}
