import { type ErrorOptions, type ErrorTable, SallyportError } from "../../../lib/index.ts";

export const LISTENING_ERRORS = {
	socket_taken: {
		cause: "another process listens on the Unix socket",
		remedy: "stop it, or choose another directory or port under `listeners`",
	},
	socket_unusable: {
		cause: "the Unix socket can't be made",
		remedy: "check listeners.postgres.path: a directory that the gateway may write to",
	},
} as const satisfies ErrorTable;

export type ListeningErrorCode = keyof typeof LISTENING_ERRORS;

/** Why a Unix socket can't be listened on. */
export class ListeningError extends SallyportError<ListeningErrorCode> {
	constructor(code: ListeningErrorCode, message?: string, options?: ErrorOptions) {
		super(code, LISTENING_ERRORS, message, options);
	}
}
