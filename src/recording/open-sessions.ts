import { quoted } from "../lib/index.ts";
import { RecordingError } from "./errors.ts";
import type { OutcomeEvent, RecordEvent } from "./events.ts";

/** A command that went up, when (RFC 3339), and since which round of the recorder nothing was heard of it. */
export interface Forwarded {
	readonly command: string;
	readonly time: string;
	readonly round: number;
}

/** What ended last in a session, waiting for the line of its next command. */
export interface Ended {
	readonly event: OutcomeEvent;
	readonly time: string;
	/** When its command went up, where no line of its own says so. */
	readonly forwarded: string | undefined;
	readonly round: number;
}

/** A session in the log: how far its chain has come, and what waits for a line that has room for it. */
export class OpenSession {
	readonly id: string;
	/** The id as JSON. */
	readonly name: string;
	/** The session's last event that was stamped: its number, from 1, and its hash. */
	n = 0;
	hash = "";
	/** Those of the last event that is in the log for sure. */
	committedN = 0;
	committedHash = "";
	/** Commands that went up and whose outcome is not known, the oldest first. */
	readonly forwarded: Forwarded[] = [];
	ended: Ended | null = null;
	/** The recorder has it among those in which something waits. */
	listed = false;

	constructor(id: string) {
		this.id = id;
		this.name = quoted(id);
	}

	get waits(): boolean {
		return this.ended !== null || this.forwarded.length > 0;
	}

	/** What went up of this command and is in no line yet. */
	takeForwarded(command: string): Forwarded | undefined {
		if (this.forwarded[0]?.command === command) return this.forwarded.shift();
		const at = this.forwarded.findIndex((forwarded) => forwarded.command === command);
		return at === -1 ? undefined : this.forwarded.splice(at, 1)[0];
	}

	takeEnded(): Ended | null {
		const { ended } = this;
		this.ended = null;
		return ended;
	}
}

/** Holds events to their sessions: first `session_start`, once; nothing after `session_end`. */
export class OpenSessions {
	readonly #open = new Map<string, OpenSession>();

	/** The session of an event; null for one of none. Throws `record_session_not_open`. */
	admit(event: RecordEvent): OpenSession | null {
		const { session: id } = event;
		if (id === null) return null;
		const known = this.#open.get(id);
		if ((known !== undefined) === (event.type === "session_start")) {
			throw new RecordingError("record_session_not_open", undefined, {
				operator: `${describeEvent(event)}, which is ${known === undefined ? "not open" : "open"}`,
			});
		}
		if (known === undefined) return this.#begin(id);
		if (event.type === "session_end") this.#open.delete(id);
		return known;
	}

	/** For an event that was admitted and then could not be written. */
	undo(event: RecordEvent, session: OpenSession | null): void {
		if (session === null) return;
		if (event.type === "session_start") this.#open.delete(session.id);
		else if (event.type === "session_end") this.#open.set(session.id, session);
	}

	#begin(id: string): OpenSession {
		const session = new OpenSession(id);
		this.#open.set(id, session);
		return session;
	}
}

/** Names an event in the operator's log. */
export function describeEvent(event: RecordEvent): string {
	return `${event.type} of session ${event.session}`;
}
