import type { ApprovalRecord, ApprovalState } from "./record.ts";

/** How many requests are pending: at all, of one session, of one principal. */
export interface PendingCounts {
	readonly overall: number;
	readonly session: number;
	readonly principal: number;
}

/** Where approvals are kept; implemented in `src/store`. Throws when the store can't be read or written. */
export interface ApprovalStore {
	insert(record: ApprovalRecord): void;
	/** Stores the change if the stored version is the one before `record.version`; else false, and nothing changes. */
	replace(record: ApprovalRecord): boolean;
	get(id: string): ApprovalRecord | undefined;
	/** The newest first. */
	list(filter: { readonly state?: ApprovalState; readonly limit: number }): ApprovalRecord[];
	/** Pending, or granted and not spent: of this binding, or of scope `session` and of this session. */
	open(hash: string, session: string): ApprovalRecord[];
	/** Pending, or granted and not spent, of scope `session`: of this session, or of all when it is null. */
	openOfSession(session: string | null): ApprovalRecord[];
	countPending(session: string, issuer: string, subject: string): PendingCounts;
	/** Pending ones whose time is over at `now`. */
	overdue(now: number): ApprovalRecord[];
	/** When the next pending one expires; null when none is pending. */
	nextExpiry(): number | null;
	/** Forgets those that are settled and expired before `before`. */
	prune(before: number): void;
	/** Runs `work` so that all of its changes are stored, durably, or (when it throws) none. Not to be nested. */
	transaction<T>(work: () => T): T;
}
