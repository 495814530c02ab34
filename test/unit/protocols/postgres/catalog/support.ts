import { Secret } from "../../../../../src/lib/index.ts";
import type { CatalogQuery } from "../../../../../src/protocols/postgres/catalog/index.ts";
import { ControlConnection } from "../../../../../src/protocols/postgres/upstream/index.ts";
import type { RunningPostgres } from "../../../../support/postgres.ts";

/** A control connection as the gateway opens it. */
export function connectTo(server: RunningPostgres, user = "postgres"): Promise<ControlConnection> {
	return ControlConnection.open({
		host: server.host,
		port: server.port,
		database: server.database,
		user,
		password: new Secret(server.password),
		tls: { mode: "disable" },
	});
}

/** A client's own session, as far as the catalog is read over it. */
export interface Session {
	readonly query: CatalogQuery;
	close(): void;
}

export async function openSession(server: RunningPostgres, user = "postgres"): Promise<Session> {
	const connection = await connectTo(server, user);
	return { query: (sql) => connection.query(sql), close: () => connection.close() };
}

/** Waits until `holds`, or fails after five seconds. */
export async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
	for (const end = Date.now() + 5_000; Date.now() < end; ) {
		if (await holds()) return;
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	throw new Error(`never happened: ${what}`);
}
