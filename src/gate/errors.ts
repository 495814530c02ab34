import { type ErrorOptions, type ErrorTable, SallyportError } from "../lib/index.ts";

/** Why the gate does not let a command or a session pass. */
export const GATE_ERRORS = {
	denied: {
		cause: "the policy denies the command",
		remedy: "see the rule's own remedy; `sallyport policy explain` shows what the policy saw",
	},
	session_denied: {
		cause: "the policy does not let this principal open a session on this connection",
		remedy: "ask whoever administers the policy for access to the connection",
	},
	approval_required: {
		cause: "the command needs an approval that it does not have",
		remedy: "have the request at the URL approved, then send the same command again",
	},
	approval_refused: {
		cause: "an approver denied the command",
		remedy: "talk to the approver, then send a command that can be approved",
	},
	approval_lapsed: {
		cause: "nobody answered the request for approval in time",
		remedy: "send the command again and have somebody answer the request",
	},
	approval_void: {
		cause: "what was approved is no longer what would run",
		remedy: "send the command again: names or definitions changed while it was held",
	},
	cancelled: {
		cause: "the command was cancelled while it was held for approval",
		remedy: "send it again when you want it to be approved",
	},
	mask_unknown: {
		cause: "a masked column could reach the result in a way that can't be followed",
		remedy: "name the columns you need, without the masked ones, in a plain SELECT",
	},
	cannot_discharge: {
		cause: "the decision asks for something that can't be done for this kind of command",
		remedy: "use the form of the command that the message names",
	},
	session_killed: {
		cause: "an operator ended the session",
		remedy: "ask the operator before you connect again",
	},
	session_forbidden: {
		cause: "the policy in force no longer lets this principal have this session",
		remedy: "ask whoever administers the policy for access to the connection",
	},
	session_locked: {
		cause: "a lock keeps the session's principal or connection out",
		remedy: "ask whoever administers the gateway; `sallyport lock ls` shows the locks",
	},
	credential_ended: {
		cause: "the credential of the session expired or was revoked",
		remedy: "get a fresh token and connect again",
	},
	gateway_stopping: {
		cause: "the gateway is shutting down",
		remedy: "connect again in a moment",
	},
	too_many_sessions: {
		cause: "the gateway holds as many sessions as it may",
		remedy: "close sessions that are not needed, or raise limits.sessions",
	},
} as const satisfies ErrorTable;

export type GateErrorCode = keyof typeof GATE_ERRORS;

export class GateError extends SallyportError<GateErrorCode> {
	constructor(code: GateErrorCode, message?: string, options?: ErrorOptions) {
		super(code, GATE_ERRORS, message, options);
	}
}
