import type { ApprovalRequirement, Grant } from "../commands/index.ts";
import type { Identity } from "../identity/index.ts";
import { type Clock, type Log, newId, systemClock } from "../lib/index.ts";
import { refuseAnswer, refuseSettled } from "./answering.ts";
import type { ApprovalStore } from "./approval-store.ts";
import type { Binding } from "./binding.ts";
import type { ApprovalEvent } from "./events.ts";
import { ExpiryTimer } from "./expiry-timer.ts";
import { Ledger } from "./ledger.ts";
import { DEFAULT_PENDING_LIMITS, type PendingLimits, refuseBeyondLimits } from "./limits.ts";
import { type PendingApproval, Wait } from "./pending.ts";
import {
	type Answer,
	type ApprovalRecord,
	type ApprovalState,
	isForSession,
	isUsable,
	type SettledState,
	toGrant,
	type Verdict,
} from "./record.ts";
import { readRequirement } from "./requirement.ts";
import type { ApprovalView } from "./view.ts";

/** How long settled requests can be looked up here; the record keeps what happened for longer. */
const RETENTION_MS = 30 * 86_400_000;
const RETRY_MS = 1_000;
const LIST_LIMIT = 200;

export interface ApprovalRequest {
	readonly binding: Binding;
	readonly requirement: ApprovalRequirement;
	/** The id of the command that asked, for the record. */
	readonly command: string;
}

export interface ApprovalsOptions {
	readonly store: ApprovalStore;
	/** Where people reach the control listener, without a slash at the end. */
	readonly baseUrl: string;
	readonly log: Log;
	readonly clock?: Clock;
	/** Writes the record. What it throws undoes a request or an answer: nothing counts that isn't recorded. */
	readonly onEvent: (event: ApprovalEvent) => void;
	/** Tells people. Must return at once and never throw. */
	readonly notify?: (event: ApprovalEvent) => void;
	readonly limits?: PendingLimits;
}

/**
 * Just-in-time approvals: requests that the gate makes, answers that people give, grants that the gate spends.
 * Whether somebody may answer at all is asked of the policy (`sallyport/admin/decision`) before `answer`; the rules
 * here hold in addition, whatever the policy says.
 */
export class Approvals {
	readonly #store: ApprovalStore;
	readonly #ledger: Ledger;
	readonly #limits: PendingLimits;
	readonly #log: Log;
	readonly #clock: Clock;
	readonly #waits = new Map<string, Wait>();
	readonly #timer: ExpiryTimer;

	/** Requests of scope `session` that an earlier process left behind are withdrawn: their sessions are gone. */
	constructor(options: ApprovalsOptions) {
		this.#store = options.store;
		this.#ledger = new Ledger(options);
		this.#limits = options.limits ?? DEFAULT_PENDING_LIMITS;
		this.#log = options.log;
		this.#clock = options.clock ?? systemClock;
		this.#timer = new ExpiryTimer(this.#clock, () => this.#expireOverdue());
		this.#endOpenOfSession(null);
		this.#expireOverdue();
	}

	/**
	 * Asks for one approval and waits for it. A request that is open for the same binding and requirement, and that
	 * nobody waits for, is taken up instead of a new one, be it pending or granted. Throws `ApprovalError`
	 * (`approval_requirement_invalid`, `approval_too_large`, `approval_too_many_pending`) and what storing and
	 * recording throw.
	 */
	request({ binding, requirement, command }: ApprovalRequest): PendingApproval {
		const { expiresMs } = readRequirement(requirement);
		const now = this.#clock.now();
		const known = this.#ledger
			.openFor(binding, requirement, now)
			.find(({ id, hash }) => hash === binding.hash && !this.#waits.has(id));
		if (known !== undefined) return this.#wait(known, binding.session);
		refuseBeyondLimits(binding, this.#store, this.#limits);
		const { principal, session, connection, hash, shown } = binding;
		const record: ApprovalRecord = {
			id: newId(now),
			version: 1,
			state: "pending",
			requirement,
			principal,
			session,
			connection,
			command,
			hash,
			shown,
			requestedAt: now,
			expiresAt: now + expiresMs,
			settledAt: null,
			spentAt: null,
			answers: [],
		};
		this.#ledger.open(record, now);
		this.#timer.arm(record.expiresAt);
		return this.#wait(record, session);
	}

	/**
	 * The grants for these requirements of one command. Those of scope `command` are spent, all or none: only when
	 * every requirement has its grant. When one is missing, only grants of scope `session` are answered.
	 */
	find(binding: Binding, requirements: readonly ApprovalRequirement[]): Grant[] {
		const now = this.#clock.now();
		const found = requirements
			.map((requirement) => this.#ledger.openFor(binding, requirement, now).find((one) => isUsable(one, now)))
			.filter((record) => record !== undefined);
		if (found.length < requirements.length) return found.filter(isForSession).map(toGrant);
		return this.#ledger.spend(found, now) ? found.map(toGrant) : [];
	}

	/**
	 * Records one person's answer. A denial settles the request; so does the last approval that it needs. `by` must
	 * have been authenticated for this. Throws `ApprovalError`, and what storing and recording throw; then the answer
	 * doesn't count.
	 */
	answer(id: string, by: Identity, verdict: Verdict, reason?: string): ApprovalView {
		const now = this.#clock.now();
		const record = this.#ledger.get(id);
		refuseSettled(record, now);
		refuseAnswer(record, by, reason);
		const answer: Answer = { by: by.principal, verdict, reason: reason ?? null, at: now };
		const answers = [...record.answers, answer];
		const approvals = answers.filter((one) => one.verdict === "approve").length;
		if (verdict === "approve" && approvals < record.requirement.min) {
			return this.#ledger.change({ ...record, answers }, "approved", now);
		}
		return this.#settle({ ...record, answers }, verdict === "deny" ? "denied" : "granted", now);
	}

	/** Throws `approval_unknown`. */
	get(id: string): ApprovalView {
		return this.#ledger.view(this.#ledger.get(id));
	}

	/** The newest 200, or those of one state. */
	list(state?: ApprovalState): ApprovalView[] {
		const filter = state === undefined ? { limit: LIST_LIMIT } : { state, limit: LIST_LIMIT };
		return this.#store.list(filter).map((record) => this.#ledger.view(record));
	}

	/** A session is over: what it waits for is withdrawn, and the grants that held for it end. */
	endSession(session: string): void {
		for (const wait of [...this.#waits.values()]) if (wait.session === session) wait.withdraw();
		this.#endOpenOfSession(session);
	}

	/** Stops the timer. Requests stay as they are. */
	close(): void {
		this.#timer.stop();
	}

	#wait(record: ApprovalRecord, session: string): PendingApproval {
		const wait = new Wait(record.id, session, {
			withdraw: () => {
				this.#waits.delete(record.id);
				wait.settle(this.#end(record.id, "withdrawn"));
			},
			leave: () => this.#waits.delete(record.id),
			take: () => this.#take(record.id),
			view: () => this.get(record.id),
		});
		if (record.state === "pending") this.#waits.set(record.id, wait);
		else wait.settle(record.state);
		return wait;
	}

	#take(id: string): Grant | undefined {
		const now = this.#clock.now();
		const record = this.#ledger.get(id);
		return isUsable(record, now) && this.#ledger.spend([record], now) ? toGrant(record) : undefined;
	}

	#settle(record: ApprovalRecord, state: SettledState, now: number): ApprovalView {
		const view = this.#ledger.change({ ...record, state, settledAt: now }, state, now);
		this.#release(record.id, state);
		return view;
	}

	#release(id: string, state: SettledState): void {
		this.#waits.get(id)?.settle(state);
		this.#waits.delete(id);
	}

	/** Ends a request that nobody answered. Never throws: whoever waits is told in any case, and nothing is granted. */
	#end(id: string, state: "expired" | "withdrawn"): SettledState {
		try {
			const record = this.#ledger.get(id);
			if (record.state !== "pending") return record.state;
			this.#settle(record, state, this.#clock.now());
		} catch (error) {
			this.#log.error({ error, approval: id, state }, "the end of an approval request could not be stored");
			this.#release(id, state);
		}
		return state;
	}

	#endOpenOfSession(session: string | null): void {
		const now = this.#clock.now();
		for (const record of this.#store.openOfSession(session)) {
			if (record.state === "pending") this.#end(record.id, "withdrawn");
			else this.#store.replace({ ...record, spentAt: now, version: record.version + 1 });
		}
	}

	#expireOverdue(): void {
		const now = this.#clock.now();
		for (const { id } of this.#store.overdue(now)) this.#end(id, "expired");
		this.#store.prune(now - RETENTION_MS);
		const next = this.#store.nextExpiry();
		// One that is still overdue could not be stored: not again at once.
		if (next !== null) this.#timer.arm(next <= now ? now + RETRY_MS : next);
	}
}
