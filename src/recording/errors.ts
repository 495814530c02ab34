import { type ErrorOptions, type ErrorTable, SallyportError } from "../lib/index.ts";

export const RECORDING_ERRORS = {
	record_unwritable: {
		cause: "the record can't be written, so nothing is let through",
		remedy:
			"make room on the disk of data_dir/record or mend it; the gateway goes on by itself once a write works",
	},
	record_closed: {
		cause: "the record is closed",
		remedy: "the gateway is shutting down: connect again when it is back",
	},
	record_session_not_open: {
		cause: "an event was offered for a session that has no session_start in this record, or has ended in it",
		remedy: "this is a fault in Sallyport: report it with the gateway's log",
	},
	record_key_unusable: {
		cause: "the key that signs the record can't be read or made",
		remedy:
			"check that data_dir/keys belongs to the gateway's user with mode 0700 and record.key is its own Ed25519 key",
	},
	record_unreadable: {
		cause: "the record can't be read",
		remedy: "check the path and its permissions: it is a record directory or one of its .log files",
	},
	record_session_unknown: {
		cause: "the record holds no such session",
		remedy: "list the sessions with: sallyport sessions ls",
	},
} as const satisfies ErrorTable;

export type RecordingErrorCode = keyof typeof RECORDING_ERRORS;

export class RecordingError extends SallyportError<RecordingErrorCode> {
	constructor(code: RecordingErrorCode, message?: string, options?: ErrorOptions) {
		super(code, RECORDING_ERRORS, message, options);
	}
}
