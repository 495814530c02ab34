import { type ErrorOptions, type ErrorTable, SallyportError } from "../lib/index.ts";

export const CONTROL_ERRORS = {
	unauthenticated: {
		cause: "The request has no bearer token.",
		remedy: "Send `Authorization: Bearer TOKEN`; the command line takes it from --token or SALLYPORT_TOKEN.",
	},
	forbidden: {
		cause: "The policy does not allow this in the control plane.",
		remedy: "Ask whoever administers the policy; the rules are those of the package sallyport.admin.",
	},
	not_found: {
		cause: "There is nothing by that name.",
		remedy: "Check the name or id; the listing commands show what there is.",
	},
	request_invalid: {
		cause: "The request does not have the form that this operation takes.",
		remedy: "Correct what the message names; /api/openapi.json describes every operation.",
	},
	request_too_large: {
		cause: "The request's body is larger than this operation takes.",
		remedy: "Send less; for a bundle the limit is `bundle_server.size_limit_bytes`, packed.",
	},
	media_type_unsupported: {
		cause: "The request's body is not of a kind that this operation takes.",
		remedy: "Send JSON as application/json, a bundle as application/gzip.",
	},
	bundle_conflict: {
		cause: "A bundle with that sequence or a higher one is published already.",
		remedy: "Build it with a higher sequence; `sallyport bundle ls` shows the one in force.",
	},
	bundle_signed: {
		cause:
			"A signed bundle can't be given a new sequence by the server: the sequence is under the signature.",
		remedy: "Roll back with `sallyport bundle rollback NAME --sign-key FILE`, which signs it anew.",
	},
	bundle_canaries_missing: {
		cause: "Nobody is on the channel canary.",
		remedy: "Say who is, by labels or a share: `sallyport bundle promote NAME --channel canary --share 10`.",
	},
	too_many_waiting: {
		cause: "As many requests as may wait for a bundle wait already.",
		remedy: "Poll without waiting, or raise `bundle_server.max_waiting`.",
	},
	bundle_name_invalid: {
		cause: "That can't be a bundle's name.",
		remedy: "Use 1 to 64 letters, digits, `.`, `_` and `-`, the first a letter or digit.",
	},
	replay_busy: {
		cause: "The gateway is replaying its record already, and does that once at a time.",
		remedy: "Try again when the replay is over.",
	},
	control_unavailable: {
		cause: "The control plane can't do this now.",
		remedy: "The gateway's log has the reason; try again once it is mended.",
	},
	internal: {
		cause: "Something failed that should not have.",
		remedy: "The gateway's log has the details under the request's id; report them.",
	},
} as const satisfies ErrorTable;

export type ControlErrorCode = keyof typeof CONTROL_ERRORS;

export class ControlError extends SallyportError<ControlErrorCode> {
	constructor(code: ControlErrorCode, message?: string, options?: ErrorOptions) {
		super(code, CONTROL_ERRORS, message, options);
	}
}
