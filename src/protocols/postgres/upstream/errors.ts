import { describeThrown, type ErrorOptions, type ErrorTable, SallyportError } from "../../../lib/index.ts";
import { ProtocolError, StreamEnded } from "../codec/index.ts";

export const UPSTREAM_ERRORS = {
	upstream_unreachable: {
		cause: "the database server can't be reached",
		remedy: "check that the server runs and that the connection's host and port are right",
	},
	upstream_unsuitable: {
		cause: "none of the connection's servers that can be reached is of the kind that it asks for",
		remedy:
			"wait for the failover to end; if none is on its way, check upstream.target_session_attrs and the servers",
	},
	upstream_pooled: {
		cause:
			"a pooler in front of the database server gives each transaction another server process, so that the session's state can't be known",
		remedy:
			"set the pooler to session mode (PgBouncer: pool_mode = session), or lead the connection around it",
	},
	upstream_pooled_superuser: {
		cause: "behind a pooler in transaction mode the gateway's role must not be a superuser",
		remedy: "use a role that can't change the settings on which the meaning of statements rests",
	},
	upstream_pooler_unknown: {
		cause:
			"something stands before the database server, and whether sessions keep their server process can't be told",
		remedy:
			"give the pooler room for three more server connections; if it is one in session mode, say so with connections[].upstream.pooler",
	},
	upstream_timeout: {
		cause: "the database server did not answer in time",
		remedy: "check the server's load and the network between gateway and server",
	},
	upstream_tls_required: {
		cause: "the database server does not offer TLS, which the connection requires",
		remedy: "turn TLS on at the server, or choose another tls.mode for the connection",
	},
	upstream_tls_failed: {
		cause: "TLS to the database server failed",
		remedy: "check the server's certificate against the connection's tls.ca and host name",
	},
	upstream_authentication_failed: {
		cause: "the database server refused the gateway's credentials",
		remedy: "ask the operator to check the connection's user and password",
	},
	upstream_authentication_unsupported: {
		cause: "the database server asks for an authentication that the gateway can't do",
		remedy: "configure scram-sha-256, md5 or password for the gateway's role in pg_hba.conf",
	},
	upstream_not_authentic: {
		cause: "the database server could not prove that it knows the password",
		remedy: "check where the connection leads: this may be another server than it says",
	},
	upstream_refused: {
		cause: "the database server refused the connection",
		remedy: "see the server's message in the gateway's log",
	},
	upstream_protocol: {
		cause: "the database server's answer is not the PostgreSQL protocol",
		remedy: "check that the connection's host and port lead to a PostgreSQL server",
	},
	upstream_closed: {
		cause: "the database server closed the connection",
		remedy: "see the server's log",
	},
} as const satisfies ErrorTable;

export type UpstreamErrorCode = keyof typeof UPSTREAM_ERRORS;

interface UpstreamErrorOptions extends ErrorOptions {
	readonly refusedWith?: string | null;
	readonly beforePassword?: boolean;
}

/**
 * A target that can't be used. `message` is for the client and holds no secret and nothing of the target's address;
 * `operator` says what exactly happened. To clients it is SQLSTATE 08006.
 */
export class UpstreamError extends SallyportError<UpstreamErrorCode> {
	/** The SQLSTATE with which the server itself refused (3D000, 53300 ...); null otherwise. */
	readonly refusedWith: string | null;
	/** The server refused before it had asked for a password. */
	readonly beforePassword: boolean;

	constructor(code: UpstreamErrorCode, options: UpstreamErrorOptions = {}) {
		super(code, UPSTREAM_ERRORS, undefined, options);
		this.refusedWith = options.refusedWith ?? null;
		this.beforePassword = options.beforePassword ?? false;
	}
}

/** Errors of the codec and of the stream in the words of this door. */
export function asUpstreamError(error: unknown): unknown {
	if (error instanceof StreamEnded) return new UpstreamError("upstream_closed");
	if (!(error instanceof ProtocolError)) return error;
	return new UpstreamError("upstream_protocol", { operator: describeThrown(error), cause: error });
}
