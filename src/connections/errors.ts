import { type ErrorOptions, type ErrorTable, SallyportError } from "../lib/index.ts";

export const CONNECTION_ERRORS = {
	connection_unknown: {
		cause: "There is no such connection.",
		remedy: "Give the name of a connection as the database name; `sallyport connections ls` lists them.",
	},
	connection_database_unlisted: {
		cause: "The connection does not offer that database.",
		remedy: "Ask an operator to list it under `databases` of the connection.",
	},
	connection_duplicate: {
		cause: "Two connections have the same name.",
		remedy: "Rename one of them: names are unique over all types.",
	},
} as const satisfies ErrorTable;

export type ConnectionErrorCode = keyof typeof CONNECTION_ERRORS;

export class ConnectionError extends SallyportError<ConnectionErrorCode> {
	constructor(code: ConnectionErrorCode, message?: string, options?: ErrorOptions) {
		super(code, CONNECTION_ERRORS, message, options);
	}
}
