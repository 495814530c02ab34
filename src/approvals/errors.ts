import { type ErrorOptions, type ErrorTable, SallyportError } from "../lib/index.ts";

export const APPROVAL_ERRORS = {
	approval_unknown: {
		cause: "There is no approval request with that id.",
		remedy: "List the requests with `sallyport approvals ls`.",
	},
	approval_own_request: {
		cause:
			"Nobody approves what they asked for themselves, nor what is asked on their behalf or with a token of theirs.",
		remedy: "Ask another approver.",
	},
	approval_not_an_approver: {
		cause: "You are not among those who may answer this request.",
		remedy: "The request lists its approvers; groups count only from providers marked `approvers: true`.",
	},
	approval_already_answered: {
		cause: "The request was answered before.",
		remedy: "`sallyport approvals show ID` says by whom.",
	},
	approval_already_answered_by_you: {
		cause: "You have answered this request; it waits for other people.",
		remedy: "Ask another approver.",
	},
	approval_expired: {
		cause: "The request has expired.",
		remedy: "The command has to be sent again.",
	},
	approval_withdrawn: {
		cause: "The request was withdrawn: the client cancelled the command or its session ended.",
		remedy: "The command has to be sent again.",
	},
	approval_reason_invalid: {
		cause: "The reason is longer than 2,000 characters.",
		remedy: "Give a shorter one.",
	},
	approval_requirement_invalid: {
		cause: "The policy demands an approval that nobody could give.",
		remedy: "Correct `approvers`, `min` or `expires` of the rule that the message names.",
	},
	approval_too_large: {
		cause: "The command is too large to be shown to an approver as a whole.",
		remedy: "Split it, or have the policy allow or deny it without an approval.",
	},
	approval_webhook_invalid: {
		cause: "A webhook's address can't be used.",
		remedy: "Give an https address; http is for receivers on this machine.",
	},
	approval_too_many_pending: {
		cause: "Too many approvals are pending.",
		remedy: "Wait until some of them are answered, or cancel the commands that wait.",
	},
} as const satisfies ErrorTable;

export type ApprovalErrorCode = keyof typeof APPROVAL_ERRORS;

export class ApprovalError extends SallyportError<ApprovalErrorCode> {
	constructor(code: ApprovalErrorCode, message?: string, options?: ErrorOptions) {
		super(code, APPROVAL_ERRORS, message, options);
	}
}
