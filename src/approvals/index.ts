export type { ApprovalStore, PendingCounts } from "./approval-store.ts";
export { type ApprovalRequest, Approvals, type ApprovalsOptions } from "./approvals.ts";
export { type Binding, bindingHash, type Shown, type ShownParameter, type ShownRelation } from "./binding.ts";
export { ApprovalsConfig, type WebhookConfig } from "./config.ts";
export { type Display, display } from "./display.ts";
export { APPROVAL_ERRORS, ApprovalError, type ApprovalErrorCode } from "./errors.ts";
export type { ApprovalEvent } from "./events.ts";
export type { PendingLimits } from "./limits.ts";
export type { PendingApproval } from "./pending.ts";
export {
	type Answer,
	APPROVAL_STATES,
	type ApprovalRecord,
	type ApprovalState,
	type SettledState,
	VERDICTS,
	type Verdict,
} from "./record.ts";
export { ApprovalView } from "./view.ts";
export { Webhook } from "./webhooks.ts";
