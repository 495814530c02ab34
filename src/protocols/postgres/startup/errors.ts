import { type ErrorOptions, type ErrorTable, SallyportError } from "../../../lib/index.ts";

export const STARTUP_ERRORS = {
	startup_timeout: {
		cause: "the client did not finish its start-up in time",
		remedy:
			"check the network between client and gateway; a client must send its token within the handshake timeout",
	},
	startup_bytes_before_tls: {
		cause: "received unencrypted data after SSL request",
		remedy: "this could be a client bug, or somebody in between who tries to inject data; connect again",
	},
	startup_tls_failed: {
		cause: "the TLS handshake failed",
		remedy: "check that the client trusts the listener's certificate and speaks TLS 1.2 or newer",
	},
	startup_protocol_unsupported: {
		cause: "the client asks for a protocol version that is not spoken here",
		remedy: "use a client that speaks version 3 of the PostgreSQL protocol",
	},
	startup_replication_unsupported: {
		cause: "replication connections are not supported through the gateway",
		remedy:
			"connect without the replication parameter; for replication and base backups go to the server itself",
	},
	startup_user_missing: {
		cause: "no PostgreSQL user name specified in startup packet",
		remedy: "set a user name in the client; any will do, the token says who you are",
	},
	startup_token_in_clear: {
		cause: "a token is taken only inside TLS or from this machine",
		remedy: "connect with sslmode=require or better, and give the listener a certificate if it has none",
	},
	startup_token_missing: {
		cause: "no token was given",
		remedy: "give your Sallyport token as the password",
	},
} as const satisfies ErrorTable;

export type StartupErrorCode = keyof typeof STARTUP_ERRORS;

const SQLSTATES: Readonly<Record<StartupErrorCode, string>> = {
	startup_timeout: "57014",
	startup_bytes_before_tls: "08P01",
	startup_tls_failed: "08P01",
	startup_protocol_unsupported: "0A000",
	startup_replication_unsupported: "0A000",
	startup_user_missing: "28000",
	startup_token_in_clear: "28000",
	startup_token_missing: "28P01",
};

/** Why a client got no further than its start-up. */
export class StartupError extends SallyportError<StartupErrorCode> {
	readonly sqlstate: string;

	constructor(code: StartupErrorCode, message?: string, options?: ErrorOptions) {
		super(code, STARTUP_ERRORS, message, options);
		this.sqlstate = SQLSTATES[code];
	}
}
