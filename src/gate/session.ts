import type { ConnectionContext, SessionContext } from "../commands/index.ts";
import type { Credential, Principal } from "../identity/index.ts";
import type { ActivePolicy } from "../policy/index.ts";
import { Answers } from "./answers.ts";
import { GateError, type GateErrorCode } from "./errors.ts";
import { OwnPermit, ProtocolPermit } from "./permits.ts";

/** Why a session ends before its client wanted it to. */
export interface SessionEnd {
	readonly code: Extract<
		GateErrorCode,
		"session_killed" | "session_forbidden" | "session_locked" | "credential_ended" | "gateway_stopping"
	>;
	readonly message: string;
	/** `now`, or when the session is between two transactions, but no later than the grace time. */
	readonly when: "now" | { readonly graceMs: number };
}

/**
 * One authorised session: who, on what, since when. It is made by `authorise` alone, so that whoever holds one
 * knows that the policy let it be opened.
 */
export class GatedSession {
	readonly principal: Principal;
	readonly credential: Credential;
	readonly connection: ConnectionContext;
	readonly database: string;
	/** Units that one decision about a command may spend; undefined: as everywhere. */
	readonly decisionBudget: number | undefined;
	readonly startedAt: number;
	readonly protocolPermit = new ProtocolPermit();
	readonly ownPermit = new OwnPermit();
	/** What the policy answered before and is sure to answer again. */
	readonly answers = new Answers();
	/** The policy that last let this session be open; null before the first. */
	allowedBy: ActivePolicy | null = null;
	/** Some decision had masks of whole values: a text that fails to be judged may hold one of them. */
	masksValues = false;
	/** Commands decided so far, for those who watch. */
	commands = 0;
	/** The context as the record has it. */
	recordedContext: SessionContext | null = null;
	#context: SessionContext;
	#inputHead = "";
	#ended: SessionEnd | null = null;
	#onEnd: ((end: SessionEnd) => void) | null = null;

	constructor(facts: {
		principal: Principal;
		credential: Credential;
		connection: ConnectionContext;
		database: string;
		decisionBudget: number | null;
		context: SessionContext;
		startedAt: number;
	}) {
		this.principal = facts.principal;
		this.credential = facts.credential;
		this.connection = facts.connection;
		this.database = facts.database;
		this.startedAt = facts.startedAt;
		this.decisionBudget = facts.decisionBudget ?? undefined;
		this.#context = facts.context;
	}

	get id(): string {
		return this.#context.id;
	}

	get context(): SessionContext {
		return this.#context;
	}

	/** The head of the policy's input as JSON, without the brace that closes it; made anew when the context changes. */
	get inputHead(): string {
		if (this.#inputHead === "") {
			const head = JSON.stringify({
				principal: this.principal,
				connection: this.connection,
				session: this.#context,
			});
			this.#inputHead = head.slice(0, -1);
		}
		return this.#inputHead;
	}

	/** The client named its reason or application anew. */
	describe(change: Partial<Pick<SessionContext, "reason" | "client_application">>): void {
		this.#context = { ...this.#context, ...change };
		this.#inputHead = "";
	}

	/** The protocol's way of ending: called once, as soon as it is known, or at once when the end came before it. */
	onEnd(listener: (end: SessionEnd) => void): void {
		this.#onEnd = listener;
		if (this.#ended !== null) listener(this.#ended);
	}

	/** Ends the session from outside. From a `now` on no command of it is permitted. */
	end(end: SessionEnd): void {
		if (this.#ended !== null && this.#ended.when === "now") return;
		this.#ended = end;
		this.#onEnd?.(end);
	}

	assertOpen(): void {
		if (this.#ended !== null && this.#ended.when === "now")
			throw new GateError(this.#ended.code, this.#ended.message);
	}
}
