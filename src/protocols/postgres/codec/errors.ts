import { type ErrorOptions, type ErrorTable, SallyportError } from "../../../lib/index.ts";

export const PROTOCOL_ERRORS = {
	message_length_invalid: {
		cause: "a message says that it is shorter than its own header",
		remedy: "check what speaks to this port; it is not the PostgreSQL protocol, or the stream is damaged",
	},
	message_too_large: {
		cause: "a message is longer than the gateway takes",
		remedy: "send less in one message, or raise the listener's max_message_bytes",
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
	row_shape_unexpected: "08P01",
};

/** The only error that the codec throws, whatever bytes it is given. */
export class ProtocolError extends SallyportError<ProtocolErrorCode> {
	/** What the PostgreSQL server answers in such a case. */
	readonly sqlstate: string;

	constructor(code: ProtocolErrorCode, message?: string, options?: ErrorOptions) {
		super(code, PROTOCOL_ERRORS, message, options);
		this.sqlstate = SQLSTATES[code];
	}
}
