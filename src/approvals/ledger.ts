import type { ApprovalRequirement } from "../commands/index.ts";
import type { ApprovalStore } from "./approval-store.ts";
import { type Binding, sameRequirement, staysWithin } from "./binding.ts";
import { ApprovalError } from "./errors.ts";
import type { ApprovalEvent } from "./events.ts";
import { type ApprovalRecord, isForSession } from "./record.ts";
import { type ApprovalView, viewOf } from "./view.ts";

export interface LedgerOptions {
	readonly store: ApprovalStore;
	readonly baseUrl: string;
	readonly onEvent: (event: ApprovalEvent) => void;
	readonly notify?: (event: ApprovalEvent) => void;
}

/** The requests as they are stored. A change that others have to know of is stored and recorded together, or not. */
export class Ledger {
	readonly #store: ApprovalStore;
	readonly #options: LedgerOptions;

	constructor(options: LedgerOptions) {
		this.#store = options.store;
		this.#options = options;
	}

	/** Throws what storing and recording throw. */
	open(record: ApprovalRecord, at: number): void {
		this.#commit("requested", record, at, () => this.#store.insert(record));
	}

	/** Throws `approval_already_answered` where another change came first, and what storing and recording throw. */
	change(record: ApprovalRecord, kind: ApprovalEvent["event"], at: number): ApprovalView {
		return this.#commit(kind, record, at, () => this.#replace(record));
	}

	/** Throws `approval_unknown`. */
	get(id: string): ApprovalRecord {
		const record = this.#store.get(id);
		if (record === undefined) throw new ApprovalError("approval_unknown");
		return record;
	}

	view(record: ApprovalRecord): ApprovalView {
		return viewOf(record, `${this.#options.baseUrl}/approvals/${record.id}`);
	}

	/** What is open, in time, and good for this requirement of this command. */
	openFor(binding: Binding, requirement: ApprovalRequirement, now: number): ApprovalRecord[] {
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
	spend(records: readonly ApprovalRecord[], now: number): boolean {
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

	/** Recorded inside the transaction: what can't be recorded is undone, and what can't be stored never counts. */
	#commit(kind: ApprovalEvent["event"], record: ApprovalRecord, at: number, write: () => void): ApprovalView {
		const event = this.#event(kind, record, at);
		this.#store.transaction(() => {
			write();
			this.#options.onEvent(event);
		});
		this.#options.notify?.(event);
		return event.approval;
	}

	#replace(record: ApprovalRecord): void {
		const stored = this.#store.replace({ ...record, version: record.version + 1 });
		if (!stored) throw new ApprovalError("approval_already_answered");
	}

	#event(event: ApprovalEvent["event"], record: ApprovalRecord, at: number): ApprovalEvent {
		const approval = this.view(record);
		const answered = event === "approved" || event === "granted" || event === "denied";
		const answer = answered ? approval.answers.at(-1) : undefined;
		return { event, at, by: answer?.by ?? null, reason: answer?.reason ?? null, approval };
	}
}
