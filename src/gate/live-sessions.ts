import { GateError } from "./errors.ts";
import type { GatedSession, SessionEnd } from "./session.ts";

/** The sessions that are open in this process, for those who watch and those who end them. */
export class LiveSessions {
	readonly #sessions = new Map<string, GatedSession>();
	readonly #limit: number;
	#emptied: (() => void)[] = [];

	constructor(limit: number) {
		this.#limit = limit;
	}

	get size(): number {
		return this.#sessions.size;
	}

	list(): GatedSession[] {
		return [...this.#sessions.values()];
	}

	get(id: string): GatedSession | undefined {
		return this.#sessions.get(id);
	}

	assertRoom(): void {
		if (this.#sessions.size >= this.#limit) throw new GateError("too_many_sessions");
	}

	add(session: GatedSession): void {
		this.assertRoom();
		this.#sessions.set(session.id, session);
	}

	remove(session: GatedSession): void {
		if (!this.#sessions.delete(session.id) || this.#sessions.size > 0) return;
		for (const resolve of this.#emptied.splice(0)) resolve();
	}

	/** False when there is no such session. */
	kill(id: string, message: string): boolean {
		const session = this.#sessions.get(id);
		session?.end({ code: "session_killed", message, when: "now" });
		return session !== undefined;
	}

	endWhere(matches: (session: GatedSession) => boolean, end: SessionEnd): void {
		for (const session of this.list()) if (matches(session)) session.end(end);
	}

	/** Resolves when no session is left. */
	empty(): Promise<void> {
		if (this.#sessions.size === 0) return Promise.resolve();
		return new Promise((resolve) => this.#emptied.push(resolve));
	}
}
