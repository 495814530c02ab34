import { RecordingError } from "./errors.ts";
import type { RecordEvent } from "./events.ts";

/** Holds events to their sessions: first `session_start`, once; nothing after `session_end`. */
export class OpenSessions {
	readonly #ids = new Set<string>();

	/** Throws `record_session_not_open`. */
	admit(event: RecordEvent): void {
		if (event.session === null) return;
		const open = this.#ids.has(event.session);
		if (open === (event.type === "session_start")) {
			throw new RecordingError("record_session_not_open", undefined, {
				operator: `${describeEvent(event)}, which is ${open ? "open" : "not open"}`,
			});
		}
		if (event.type === "session_start") this.#ids.add(event.session);
		else if (event.type === "session_end") this.#ids.delete(event.session);
	}

	/** For an event that was admitted and then could not be written. */
	undo(event: RecordEvent): void {
		if (event.session === null) return;
		if (event.type === "session_start") this.#ids.delete(event.session);
		else if (event.type === "session_end") this.#ids.add(event.session);
	}
}

/** Names an event in the operator's log. */
export function describeEvent(event: RecordEvent): string {
	return `${event.type} of session ${event.session}`;
}
