import type { Approver } from "../commands/index.ts";
import type { Static } from "../lib/index.ts";
import type { SettledState } from "./record.ts";
import type { ApprovalView } from "./view.ts";

/** What happened to a request. `approved` is one of several approvals that it needs; the last is `granted`. */
export interface ApprovalEvent {
	readonly event: "requested" | "approved" | SettledState;
	/** Milliseconds since the epoch. */
	readonly at: number;
	/** Who answered, and what they said; null where nobody did. */
	readonly by: Static<typeof Approver> | null;
	readonly reason: string | null;
	readonly approval: ApprovalView;
}
