import { type SessionInput, timeContext } from "../commands/index.ts";
import type { Locks } from "../identity/index.ts";
import { type Clock, describeThrown, type Log, Slices } from "../lib/index.ts";
import type { ActivePolicy, PolicyRuntime } from "../policy/index.ts";
import type { LiveSessions } from "./live-sessions.ts";
import type { GatedSession } from "./session.ts";

export interface StandingRooms {
	readonly policy: PolicyRuntime;
	readonly locks: Locks;
	readonly sessions: LiveSessions;
	readonly clock: Clock;
	readonly log: Log;
}

/**
 * Whether sessions that are open still may be. When a revision comes into force each of them is asked about again: at
 * once when it sends a command, before that is decided, and all others in slices behind the scenes. A session that
 * the policy no longer lets be opened ends; so does one that a new lock keeps out.
 */
export class Standing {
	readonly #rooms: StandingRooms;
	readonly #slices = new Slices();

	constructor(rooms: StandingRooms) {
		this.#rooms = rooms;
		rooms.policy.onActivated(() => this.#sweep());
		rooms.locks.onAdded(() => this.#endLocked());
	}

	/** Ends a session that the policy in force forbids. To be called before each of its commands is decided. */
	check(session: GatedSession): void {
		const { active } = this.#rooms.policy;
		if (active === undefined || session.allowedBy === active) return;
		session.allowedBy = active;
		const refusal = this.#refusal(session, active);
		if (refusal === null) return;
		const message = `the policy no longer allows this session: ${refusal}`;
		session.end({ code: "session_forbidden", message, when: "now" });
		this.#rooms.log.info(
			{ session: session.id, revision: active.revision, refusal },
			"session ended by policy",
		);
	}

	/** Why it may not be open; null when it may. A policy that fails on the question does not allow it. */
	#refusal(session: GatedSession, policy: ActivePolicy): string | null {
		const input: SessionInput = {
			principal: session.principal,
			connection: session.connection,
			session: session.context,
			time: timeContext(this.#rooms.clock.now()),
			approvals: [],
		};
		try {
			const { action, reasons } = policy.decideSession(JSON.stringify(input)).decision;
			if (action === "allow") return null;
			return (
				reasons.map(({ rule, message }) => `${message} (rule ${rule})`).join("; ") || "no rule allows it"
			);
		} catch (thrown) {
			return describeThrown(thrown);
		}
	}

	#sweep(): void {
		for (const session of this.#rooms.sessions.list()) this.#slices.add(() => this.check(session));
	}

	#endLocked(): void {
		for (const session of this.#rooms.sessions.list()) {
			const lock = this.#rooms.locks.find(session.principal, session.connection.name);
			if (lock === undefined) continue;
			session.end({ code: "session_locked", message: `locked: ${lock.message}`, when: "now" });
		}
	}
}
