/**
 * Runs one SQL text of one statement and gives its rows in text format. The catalog's own statements name every
 * relation, function, type and operator with its schema, so that they mean the same under any search path.
 */
export type CatalogQuery = (sql: string) => Promise<readonly (readonly (string | null)[])[]>;

/** A connection of the gateway's own to the upstream database, made by `connect` and used by one keeper. */
export interface ControlConnection {
	readonly query: CatalogQuery;
	close(): void;
}
