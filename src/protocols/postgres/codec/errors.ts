import { type ErrorOptions, type ErrorTable, SallyportError } from "../../../lib/index.ts";

export const PROTOCOL_ERRORS = {
	message_length_invalid: {
		cause: "a message says that it is shorter than its own header",
		remedy: "check what speaks to this port; it is not the PostgreSQL protocol, or the stream is damaged",
	},
	message_too_large: {
		cause: "a message is longer than the gateway takes",
		remedy: "send less in one message: a statement and its parameters may have 64 MiB, a row 256 MiB",
	},
	message_type_unknown: {
		cause: "a message of a type that the PostgreSQL protocol does not have here",
		remedy: "check what speaks to this port; it is not the PostgreSQL protocol, or the stream is damaged",
	},
	message_malformed: {
		cause: "a message's contents do not fit its type",
		remedy: "report it to the driver's authors, with the driver's version",
	},
	text_encoding_invalid: {
		cause: "a text is not valid UTF-8",
		remedy: "send UTF-8; the gateway pins client_encoding to it",
	},
	message_out_of_state: {
		cause: "a message came that has no place in the protocol's state",
		remedy: "report it to the driver's authors, with the driver's version",
	},
	setting_invalid: {
		cause: "a setting of the gateway's own was given a value that it doesn't have",
		remedy: "use sallyport.reason with any text, or sallyport.approval with wait or nowait",
	},
	setting_pinned: {
		cause: "a setting that changes what a text means can't be changed here",
		remedy: "leave it as it is; the gateway reads every text with the pinned value",
	},
	name_too_long: {
		cause: "the name of a statement or portal is longer than the 63 bytes that the server compares",
		remedy: "use a shorter name",
	},
	name_unknown: {
		cause: "there is no prepared statement or portal of that name",
		remedy: "prepare or bind it first, in this session",
	},
	statement_stale: {
		cause: "what the statement was prepared on has changed since",
		remedy: "prepare it again",
	},
	in_failed_transaction: {
		cause: "the transaction is aborted",
		remedy: "end it with ROLLBACK",
	},
	upstream_lost: {
		cause: "the connection to the upstream was lost",
		remedy: "connect again; whether the last command was done is not known",
	},
	setting_drifted: {
		cause: "a pinned setting has changed on the server, so texts may mean something else there",
		remedy:
			"connect again, and find what changes the setting: a function, or a default of the role or database",
	},
	pooled_state: {
		cause: "behind a pooler in transaction mode nothing of a session outlives a transaction",
		remedy:
			"use SET LOCAL in a transaction, and neither temporary objects, PREPARE, LISTEN nor cursors WITH HOLD; or connect where there is no such pooler",
	},
	server_switched: {
		cause:
			"another server process answers than the session began with, so that its state isn't known any more",
		remedy: "set the pooler before the database server to session mode, then connect again",
	},
	too_many_entries: {
		cause: "the session holds as many prepared statements or portals as it may",
		remedy:
			"close those that are not needed, or raise limits.statements_per_session or limits.portals_per_session",
	},
	row_shape_unexpected: {
		cause: "a row does not have the columns that its description announced",
		remedy: "report it to the operator: the result was withheld because it could not be masked safely",
	},
} as const satisfies ErrorTable;

export type ProtocolErrorCode = keyof typeof PROTOCOL_ERRORS;

const SQLSTATES: Readonly<Record<ProtocolErrorCode, string>> = {
	message_length_invalid: "08P01",
	message_too_large: "54000",
	message_type_unknown: "08P01",
	message_malformed: "08P01",
	text_encoding_invalid: "22021",
	message_out_of_state: "08P01",
	setting_invalid: "22023",
	setting_pinned: "55P02",
	name_too_long: "42622",
	name_unknown: "26000",
	statement_stale: "0A000",
	in_failed_transaction: "25P02",
	upstream_lost: "08006",
	setting_drifted: "55P02",
	pooled_state: "0A000",
	server_switched: "08006",
	too_many_entries: "53400",
	row_shape_unexpected: "08P01",
};

/** What is wrong on the wire. The codec throws nothing else, whatever bytes it is given. */
export class ProtocolError extends SallyportError<ProtocolErrorCode> {
	/** What the PostgreSQL server answers in such a case. */
	readonly sqlstate: string;

	constructor(code: ProtocolErrorCode, message?: string, options?: ErrorOptions) {
		super(code, PROTOCOL_ERRORS, message, options);
		this.sqlstate = SQLSTATES[code];
	}
}
