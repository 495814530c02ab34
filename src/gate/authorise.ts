import type { Approvals } from "../approvals/index.ts";
import {
	type ConnectionContext,
	type SessionContext,
	type SessionInput,
	timeContext,
} from "../commands/index.ts";
import {
	type Authenticator,
	type Locks,
	type Peer,
	type Principal,
	sessionDeadline,
} from "../identity/index.ts";
import { type Clock, newId } from "../lib/index.ts";
import {
	type AccessDecision,
	type ActivePolicy,
	type Evaluation,
	PolicyError,
	type PolicyRuntime,
} from "../policy/index.ts";
import { type DecisionSink, sessionFacts } from "./decision-facts.ts";
import { GateError } from "./errors.ts";
import type { Journal } from "./journal.ts";
import type { LiveSessions } from "./live-sessions.ts";
import { GatedSession } from "./session.ts";
import type { Standing } from "./standing.ts";

export interface AuthoriserRooms {
	readonly authenticator: Authenticator;
	readonly locks: Locks;
	readonly standing: Standing;
	readonly policy: PolicyRuntime;
	readonly journal: Journal;
	readonly sessions: LiveSessions;
	readonly approvals: Pick<Approvals, "endSession">;
	readonly clock: Clock;
	readonly decisions: DecisionSink;
}

export interface AuthoriserSettings {
	/** `identity.session_lifetime`: the credential's own end, or milliseconds from the session's start. */
	readonly lifetime: "credential" | number;
	/** How long a session may finish its transaction after its time is over, in milliseconds. */
	readonly graceMs: number;
}

/** What a client brings when it wants a session. */
export interface SessionRequest {
	readonly token: string;
	readonly from: Peer;
	/** Chosen by the client's own means; called once the caller is known, and throws when there is none such. */
	connection(): {
		readonly context: ConnectionContext;
		readonly database: string;
		/** Units that one decision about a command may spend; null: as everywhere. */
		readonly decisionBudget: number | null;
	};
	readonly client: Pick<SessionContext, "client_application" | "reason" | "startup">;
}

/** The first question of every session: who is it, and may they be here? */
export class Authoriser {
	readonly #rooms: AuthoriserRooms;
	readonly #settings: AuthoriserSettings;
	readonly #timers = new Map<GatedSession, NodeJS.Timeout>();

	constructor(rooms: AuthoriserRooms, settings: AuthoriserSettings) {
		this.#rooms = rooms;
		this.#settings = settings;
		rooms.authenticator.onRevoked((credentialId) =>
			rooms.sessions.endWhere((session) => session.credential.id === credentialId, {
				code: "credential_ended",
				message: "the credential of this session was revoked",
				when: "now",
			}),
		);
	}

	/** Throws what the client is to be told: IdentityError, ConnectionError, PolicyError, RecordingError, GateError. */
	async authorise(request: SessionRequest): Promise<GatedSession> {
		const { authenticator, policy, journal, sessions, clock, locks, standing } = this.#rooms;
		sessions.assertRoom();
		const { principal, credential } = await authenticator.authenticate(request.token, request.from);
		const { context: connection, database, decisionBudget } = request.connection();
		const startedAt = clock.now();
		const context: SessionContext = {
			id: newId(startedAt),
			started_at: new Date(startedAt).toISOString(),
			client_address: request.from.address,
			...request.client,
		};
		const active = policy.active;
		if (active === undefined) throw new PolicyError("no_policy");
		const input: SessionInput = {
			principal,
			connection,
			session: context,
			time: timeContext(startedAt),
			approvals: [],
		};
		const inputText = JSON.stringify(input);
		const evaluation = this.#locked(principal, connection.name, active) ?? active.decideSession(inputText);
		const session = new GatedSession({
			principal,
			credential,
			connection,
			database,
			decisionBudget,
			context,
			startedAt,
		});
		this.#rooms.decisions.take(sessionFacts(session, inputText, evaluation, policy));
		await journal.started(session, context.id, evaluation);
		if (evaluation.decision.action !== "allow") {
			const reasons = evaluation.decision.reasons.map((reason) => reason.message).join("; ");
			journal.ended(session, "denied", reasons);
			locks.assertOpen(principal, connection.name);
			const remedy =
				evaluation.decision.reasons.find((reason) => reason.remedy !== null)?.remedy ?? undefined;
			throw new GateError(
				"session_denied",
				`denied by policy: ${reasons}`,
				remedy === undefined ? {} : { remedy },
			);
		}
		sessions.add(session);
		session.allowedBy = active;
		this.#watch(session);
		// What came between the decision and this moment would find no session to end.
		standing.check(session);
		const lock = locks.find(principal, connection.name);
		if (lock !== undefined)
			session.end({ code: "session_locked", message: `locked: ${lock.message}`, when: "now" });
		if (!authenticator.isCurrent(credential))
			session.end({
				code: "credential_ended",
				message: "the credential of this session has ended",
				when: "now",
			});
		return session;
	}

	/** A lock's refusal as a decision, so that the record has it as it has every other refusal. */
	#locked(
		principal: Principal,
		connection: string,
		{ revision }: ActivePolicy,
	): Evaluation<AccessDecision> | undefined {
		const lock = this.#rooms.locks.find(principal, connection);
		if (lock === undefined) return undefined;
		const reason = { rule: "lock", message: `locked: ${lock.message}`, remedy: null };
		return { decision: { action: "deny", reasons: [reason] }, revision, cost: 0, micros: 0, readTime: false };
	}

	/** The session is over: nothing of it is open any more. */
	leave(session: GatedSession, reason: string, message: string | null): void {
		clearTimeout(this.#timers.get(session));
		this.#timers.delete(session);
		this.#rooms.approvals.endSession(session.id);
		this.#rooms.sessions.remove(session);
		this.#rooms.journal.ended(session, reason, message);
	}

	#watch(session: GatedSession): void {
		const deadline = sessionDeadline(session.credential, session.startedAt, this.#settings.lifetime);
		if (deadline === null) return;
		const wait = Math.min(Math.max(0, deadline - this.#rooms.clock.now()), LONGEST_TIMER);
		const timer = setTimeout(() => {
			if (this.#rooms.clock.now() < deadline) return this.#watch(session);
			session.end({
				code: "credential_ended",
				message: "the credential of this session has expired",
				when: { graceMs: this.#settings.graceMs },
			});
		}, wait);
		timer.unref();
		this.#timers.set(session, timer);
	}
}

const LONGEST_TIMER = 2 ** 31 - 1; // setTimeout's own limit, in milliseconds
