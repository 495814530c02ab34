import type { ApprovalStore } from "./approval-store.ts";
import type { Binding, Shown } from "./binding.ts";
import { ApprovalError } from "./errors.ts";

/** How many requests may be pending, so that nobody drowns the approvers or the store. */
export interface PendingLimits {
	readonly session: number;
	readonly principal: number;
	readonly overall: number;
}

export const DEFAULT_PENDING_LIMITS: PendingLimits = { session: 20, principal: 100, overall: 2_000 };

/** More than this nobody reads; in bytes, over everything that is shown. */
const MAX_SHOWN_BYTES = 128 * 1024;

/** Throws `approval_too_large` or `approval_too_many_pending`. */
export function refuseBeyondLimits(binding: Binding, store: ApprovalStore, limits: PendingLimits): void {
	if (shownBytes(binding.shown) > MAX_SHOWN_BYTES) throw new ApprovalError("approval_too_large");
	const { issuer, subject } = binding.principal;
	const pending = store.countPending(binding.session, issuer, subject);
	if (
		pending.session >= limits.session ||
		pending.principal >= limits.principal ||
		pending.overall >= limits.overall
	) {
		throw new ApprovalError("approval_too_many_pending");
	}
}

function shownBytes(shown: Shown): number {
	return Buffer.byteLength(JSON.stringify(shown));
}
