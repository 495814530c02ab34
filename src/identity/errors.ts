import { type ErrorOptions, type ErrorTable, SallyportError } from "../lib/index.ts";

export const IDENTITY_ERRORS = {
	token_invalid: {
		cause: "The token was not accepted.",
		remedy:
			"Get a new token from your identity provider or with `sallyport token create`; the gateway's log says why.",
	},
	token_expired: {
		cause: "The token has expired.",
		remedy: "Get a new token and connect again.",
	},
	token_revoked: {
		cause: "The token was revoked.",
		remedy: "Ask whoever issued it for another one.",
	},
	token_too_large: {
		cause: "The token is larger than 16 KiB.",
		remedy: "Ask your identity provider to put fewer groups or claims into the token.",
	},
	static_token_not_loopback: {
		cause: "Static tokens are for development and are taken only over loopback.",
		remedy: "Use an API token or a token of a configured provider.",
	},
	identity_provider_unavailable: {
		cause: "The identity provider's keys could not be fetched, so the token can't be checked.",
		remedy: "Check that the gateway reaches the issuer named in identity.providers, then try again.",
	},
	identity_config_invalid: {
		cause: "The configuration of identity is contradictory.",
		remedy: "Correct what the message names under `identity` in the configuration.",
	},
	token_request_invalid: {
		cause: "An API token can't be made like that.",
		remedy: "Correct what the message names.",
	},
	token_unknown: {
		cause: "There is no API token with that id.",
		remedy: "List the tokens with `sallyport token ls`.",
	},
	locked: {
		cause: "A lock keeps this principal or this connection out.",
		remedy: "Ask whoever administers the gateway; `sallyport lock ls` shows the locks.",
	},
	lock_target_invalid: {
		cause: "A lock can't be on that.",
		remedy:
			"Name `user:PROVIDER/SUBJECT`, `group:PROVIDER/NAME` (a provider `*` is any) or `connection:NAME`.",
	},
	lock_invalid: {
		cause: "A lock can't be made like that.",
		remedy: "Correct what the message names.",
	},
	lock_own: {
		cause: "The lock would keep out whoever makes it, who could not remove it again.",
		remedy: "Have somebody whom it does not concern make it, or name a narrower target.",
	},
	lock_unknown: {
		cause: "There is no lock with that id.",
		remedy: "List the locks with `sallyport lock ls`.",
	},
} as const satisfies ErrorTable;

export type IdentityErrorCode = keyof typeof IDENTITY_ERRORS;

/** What is told to the user never says which check failed where that would help to forge a token. */
export class IdentityError extends SallyportError<IdentityErrorCode> {
	constructor(code: IdentityErrorCode, message?: string, options?: ErrorOptions) {
		super(code, IDENTITY_ERRORS, message, options);
	}
}
