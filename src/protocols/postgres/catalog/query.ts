/**
 * Runs one SQL text of one statement and gives its rows in text format. Rejects when the statement fails, with an
 * Error whose `sqlstate` is the server's when the server said so. `setUp` goes before it, in the same transaction: it
 * only makes it faster, so a connection that is set up once and for all takes none.
 */
export type CatalogQuery = (sql: string, setUp?: string) => Promise<readonly (readonly (string | null)[])[]>;

/**
 * A connection of the gateway's own to the upstream database, authenticated and idle, with `client_encoding` UTF8. It
 * belongs to the keeper that asked for it, which sets it up and closes it.
 */
export interface ControlConnection {
	readonly query: CatalogQuery;
	close(): void;
}

/** The SQLSTATE of an error that a `CatalogQuery` rejected with; undefined when it isn't the server's. */
export function sqlstateOf(error: unknown): string | undefined {
	if (!(error instanceof Error) || !("sqlstate" in error)) return undefined;
	return typeof error.sqlstate === "string" ? error.sqlstate : undefined;
}
