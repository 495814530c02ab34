import { type ErrorOptions, type ErrorTable, SallyportError } from "../../../lib/index.ts";

export const CATALOG_ERRORS = {
	catalog_unavailable: {
		cause:
			"The gateway could not read the upstream's catalog, so it can't tell what the statement would touch.",
		remedy: "Check that the upstream accepts the gateway's control connection, then try again.",
	},
	catalog_unreadable: {
		cause: "The upstream's catalog answered in a form that the gateway doesn't know.",
		remedy: "Use PostgreSQL 14 to 18 upstream.",
	},
	catalog_closed: {
		cause: "The gateway is closing this connection's catalog.",
		remedy: "Connect again.",
	},
} as const satisfies ErrorTable;

export type CatalogErrorCode = keyof typeof CATALOG_ERRORS;

/** The catalog can't be vouched for. Whoever meets it denies. */
export class CatalogError extends SallyportError<CatalogErrorCode> {
	constructor(code: CatalogErrorCode, message?: string, options: ErrorOptions = {}) {
		super(code, CATALOG_ERRORS, message, options);
	}
}
