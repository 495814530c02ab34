import type { ApprovalRequirement, Approver, Grant } from "../commands/index.ts";
import { type Identity, samePerson } from "../identity/index.ts";
import { type Clock, type Log, newId, type Static, systemClock } from "../lib/index.ts";
import type { ApprovalStore } from "./approval-store.ts";
import { type Binding, sameRequirement, staysWithin } from "./binding.ts";
import { ApprovalError } from "./errors.ts";
import { ExpiryTimer } from "./expiry-timer.ts";
import { DEFAULT_PENDING_LIMITS, type PendingLimits, refuseBeyondLimits } from "./limits.ts";
import { type PendingApproval, Wait } from "./pending.ts";
import {
	type Answer,
	type ApprovalRecord,
	type ApprovalState,
	type SettledState,
	toGrant,
	type Verdict,
} from "./record.ts";
import { mayAnswer, readRequirement } from "./requirement.ts";
import { type ApprovalView, viewOf } from "./view.ts";

const MAX_REASON_LENGTH = 2_000;
/** How long settled requests can be looked up here; the record keeps what happened for longer. */
const RETENTION_MS = 30 * 86_400_000;
const RETRY_MS = 1_000;
const LIST_LIMIT = 500;

export interface ApprovalRequest {
	readonly binding: Binding;
	readonly requirement: ApprovalRequirement;
	/** The id of the command that asked, for the record. */
	readonly command: string;
}

/** What happened to a request, for the record. `approved` is one of several approvals that a request needs. */
export interface ApprovalEvent {
	readonly event: "requested" | "approved" | SettledState;
	readonly at: number;
	/** Who answered, and what they said; null where nobody did. */
	readonly by: Static<typeof Approver> | null;
	readonly reason: string | null;
	readonly approval: ApprovalView;
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
	readonly #options: ApprovalsOptions;
	readonly #store: ApprovalStore;
	readonly #clock: Clock;
	readonly #waits = new Map<string, Wait>();
	readonly #timer: ExpiryTimer;

	/** Requests of scope `session` that an earlier process left behind are withdrawn: their sessions are gone. */
	constructor(options: ApprovalsOptions) {
		this.#options = options;
		this.#store = options.store;
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
		const known = this.#openFor(binding, requirement, now).find(
			(record) => record.hash === binding.hash && !this.#waits.has(record.id),
		);
		if (known !== undefined) return this.#wait(known, binding.session);
		refuseBeyondLimits(binding, this.#store, this.#options.limits ?? DEFAULT_PENDING_LIMITS);
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
		const event = this.#event("requested", record, now);
		this.#store.transaction(() => {
			this.#store.insert(record);
			this.#options.onEvent(event);
		});
		this.#options.notify?.(event);
		this.#timer.arm(record.expiresAt);
		return this.#wait(record, session);
	}

	/**
	 * The grants for these requirements of one command. Those of scope `command` are spent, all or none: only when
	 * every requirement has its grant. When one is missing, only grants of scope `session` are answered.
	 */
	find(binding: Binding, requirements: readonly ApprovalRequirement[]): Grant[] {
		const now = this.#clock.now();
		const found = requirements.map((requirement) =>
			this.#openFor(binding, requirement, now).find(({ state }) => state === "granted"),
		);
		const records = found.filter((record) => record !== undefined);
		if (records.length < found.length) return records.filter(isForSession).map(toGrant);
		return this.#spend(records, now) ? records.map(toGrant) : [];
	}

	/**
	 * Records one person's answer. A denial settles the request; so does the last approval that it needs. `by` must
	 * have been authenticated for this. Throws `ApprovalError`, and what storing and recording throw; then the answer
	 * doesn't count.
	 */
	answer(id: string, by: Identity, verdict: Verdict, reason?: string): ApprovalView {
		const now = this.#clock.now();
		const record = this.#pendingRecord(id, now);
		refuseAnswer(record, by, reason);
		const answer: Answer = { by: by.principal, verdict, reason: reason ?? null, at: now };
		const answers = [...record.answers, answer];
		const approvals = answers.filter((one) => one.verdict === "approve").length;
		if (verdict === "approve" && approvals < record.requirement.min) {
			return this.#change({ ...record, answers }, "approved", now);
		}
		return this.#settle({ ...record, answers }, verdict === "deny" ? "denied" : "granted", now);
	}

	/** Throws `approval_unknown`. */
	get(id: string): ApprovalView {
		return this.#view(this.#record(id));
	}

	/** The newest 500, or those of one state. */
	list(state?: ApprovalState): ApprovalView[] {
		const filter = state === undefined ? { limit: LIST_LIMIT } : { state, limit: LIST_LIMIT };
		return this.#store.list(filter).map((record) => this.#view(record));
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
			take: () => {
				const now = this.#clock.now();
				const current = this.#record(record.id);
				return isUsable(current, now) && this.#spend([current], now) ? toGrant(current) : undefined;
			},
			view: () => this.get(record.id),
		});
		if (record.state === "pending") this.#waits.set(record.id, wait);
		else wait.settle(record.state);
		return wait;
	}

	/** What is open, in time, and good for this requirement of this command. */
	#openFor(binding: Binding, requirement: ApprovalRequirement, now: number): ApprovalRecord[] {
		const { issuer, subject } = binding.principal;
		return this.#store.open(binding.hash, binding.session).filter((record) => {
			if (record.expiresAt <= now || !sameRequirement(record.requirement, requirement)) return false;
			if (record.principal.issuer !== issuer || record.principal.subject !== subject) return false;
			if (record.connection !== binding.connection) return false;
			if (!isForSession(record)) return record.hash === binding.hash;
			return record.session === binding.session && staysWithin(binding.shown, record.shown);
		});
	}

	/** Marks grants of scope `command` as used; false, and none is, when one of them was used meanwhile. */
	#spend(records: readonly ApprovalRecord[], now: number): boolean {
		const once = records.filter((record) => !isForSession(record));
		if (once.length === 0) return true;
		try {
			this.#store.transaction(() => {
				for (const record of once) this.#replace({ ...record, spentAt: now });
			});
			return true;
		} catch (error) {
			if (error instanceof ApprovalError) return false;
			throw error;
		}
	}

	#settle(record: ApprovalRecord, state: SettledState, now: number): ApprovalView {
		const view = this.#change({ ...record, state, settledAt: now }, state, now);
		this.#waits.get(record.id)?.settle(state);
		this.#waits.delete(record.id);
		return view;
	}

	/** Stores and records a change together. */
	#change(record: ApprovalRecord, kind: ApprovalEvent["event"], now: number): ApprovalView {
		const event = this.#event(kind, record, now);
		this.#store.transaction(() => {
			this.#replace(record);
			this.#options.onEvent(event);
		});
		this.#options.notify?.(event);
		return event.approval;
	}

	/** Throws `approval_already_answered` where another change came first. */
	#replace(record: ApprovalRecord): void {
		const stored = this.#store.replace({ ...record, version: record.version + 1 });
		if (!stored) throw new ApprovalError("approval_already_answered");
	}

	/** Ends a request that nobody answered. Never throws: whoever waits is told in any case, and nothing is granted. */
	#end(id: string, state: "expired" | "withdrawn"): SettledState {
		try {
			const record = this.#record(id);
			if (record.state !== "pending") return record.state;
			this.#settle(record, state, this.#clock.now());
		} catch (error) {
			this.#options.log.error(
				{ error, approval: id, state },
				"the end of an approval request could not be stored",
			);
			this.#waits.get(id)?.settle(state);
			this.#waits.delete(id);
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

	#pendingRecord(id: string, now: number): ApprovalRecord {
		const record = this.#record(id);
		if (record.state === "expired" || (record.state === "pending" && record.expiresAt <= now)) {
			throw new ApprovalError("approval_expired");
		}
		if (record.state === "withdrawn") throw new ApprovalError("approval_withdrawn");
		if (record.state !== "pending") throw new ApprovalError("approval_already_answered");
		return record;
	}

	#record(id: string): ApprovalRecord {
		const record = this.#store.get(id);
		if (record === undefined) throw new ApprovalError("approval_unknown");
		return record;
	}

	#event(event: ApprovalEvent["event"], record: ApprovalRecord, at: number): ApprovalEvent {
		const approval = this.#view(record);
		const answered = event === "approved" || event === "granted" || event === "denied";
		const answer = answered ? approval.answers.at(-1) : undefined;
		return { event, at, by: answer?.by ?? null, reason: answer?.reason ?? null, approval };
	}

	#view(record: ApprovalRecord): ApprovalView {
		return viewOf(record, `${this.#options.baseUrl}/approvals/${record.id}`);
	}
}

function refuseAnswer(record: ApprovalRecord, by: Identity, reason: string | undefined): void {
	if (samePerson(record.principal, by.principal)) throw new ApprovalError("approval_own_request");
	if (!mayAnswer(readRequirement(record.requirement), by))
		throw new ApprovalError("approval_not_an_approver");
	if (record.answers.some((answer) => samePerson(answer.by, by.principal))) {
		throw new ApprovalError("approval_already_answered_by_you");
	}
	if (reason !== undefined && (reason.length > MAX_REASON_LENGTH || !reason.isWellFormed())) {
		throw new ApprovalError("approval_reason_invalid");
	}
}

function isForSession({ requirement }: ApprovalRecord): boolean {
	return requirement.scope === "session";
}

function isUsable(record: ApprovalRecord, now: number): boolean {
	return record.state === "granted" && record.spentAt === null && record.expiresAt > now;
}
