import { sessionRoot } from "./format.ts";
import { printable } from "./printable.ts";
import type { StoredEvent } from "./stored-event.ts";
import type { Findings, Place } from "./verification.ts";

/** Follows the chains of a log's sessions. */
export class SessionChains {
	readonly #log: string;
	readonly #findings: Findings;
	/** True when the log's beginning was not read: a session may be met in its middle. */
	readonly #midway: boolean;
	readonly #open = new Map<string, { n: number; hash: string }>();
	readonly #ended = new Set<string>();

	constructor(log: string, findings: Findings, midway: boolean) {
		this.#log = log;
		this.#findings = findings;
		this.#midway = midway;
	}

	get open(): number {
		return this.#open.size;
	}

	get count(): number {
		return this.#open.size + this.#ended.size;
	}

	follow(event: StoredEvent, place: Place): void {
		if (event.session === null || event.n === null) return;
		const trouble = event.intact ? this.#trouble(event, event.session, event.n) : undefined;
		if (trouble !== undefined)
			this.#findings.problem("session_broken", place, `session ${printable(event.session)}: ${trouble}`);
		if (event.type === "session_end") {
			this.#open.delete(event.session);
			this.#ended.add(event.session);
		} else if (!this.#ended.has(event.session)) {
			this.#open.set(event.session, { n: event.n, hash: event.hash });
		}
	}

	#trouble(event: StoredEvent, session: string, n: number): string | undefined {
		if (this.#ended.has(session)) return "this event stands after the session's end";
		const last = this.#open.get(session);
		if (last === undefined) return this.#beginning(event, session, n);
		if (n > last.n + 1) return `its events ${last.n + 1} to ${n - 1} are missing before this one`;
		if (n <= last.n) return `its event ${n} stands after its event ${last.n}`;
		if (event.prev !== last.hash) return `its event ${last.n} was changed, or belongs to another session`;
		return event.type === "session_start" ? "it starts a second time" : undefined;
	}

	#beginning(event: StoredEvent, session: string, n: number): string | undefined {
		if (n > 1) return this.#midway ? undefined : `its events 1 to ${n - 1} are missing before this one`;
		if (event.prev !== sessionRoot(session, this.#log))
			return "its first event was written in another session or log";
		return event.type === "session_start" ? undefined : "its first event is not session_start";
	}
}
