import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import pg from "pg";
import {
	type AnalysedStatement,
	analyse,
	type Scope,
} from "../../../../../src/protocols/postgres/analysis/index.ts";
import {
	type Catalog,
	loadCatalog,
	loadServerCatalog,
} from "../../../../../src/protocols/postgres/catalog/index.ts";
import { Grammar } from "../../../../../src/protocols/postgres/grammar/index.ts";
import { type RunningPostgres, startPostgres } from "../../../../support/postgres.ts";

export const CASES = resolve(import.meta.dirname, "../../../../cases/postgres-analysis");

/** A real server with the cases' schema, its catalog as the gateway loads it, and analysis on it. */
export interface World {
	readonly server: RunningPostgres;
	readonly catalog: Catalog;
	/** A session that has touched nothing yet. */
	readonly scope: Scope;
	readonly grammar: Grammar;
	/** A connection of the superuser's, simple and extended protocol both. */
	readonly client: pg.Client;
	analyse(sql: string, changes?: Partial<Scope>): Promise<readonly AnalysedStatement[]>;
	stop(): Promise<void>;
}

/** @param more SQL for what only one test needs besides */
export async function openWorld(version: 15 | 18, more = ""): Promise<World> {
	const server = await startPostgres({ version });
	const connect = async (): Promise<pg.Client> => {
		const client = new pg.Client({
			host: server.socketDir,
			port: server.port,
			user: server.user,
			database: server.database,
		});
		client.on("error", () => {});
		await client.connect();
		return client;
	};
	const client = await connect();
	await client.query(readFileSync(join(CASES, "schema.sql"), "utf8"));
	if (more !== "")
		await client.query(more).catch(async (error: unknown) => {
			await client.end();
			await server.stop();
			throw error;
		});
	const control = await connect();
	await control.query("SET search_path = ''");
	const query = async (sql: string): Promise<(string | null)[][]> => {
		const result = await control.query({
			text: sql,
			rowMode: "array",
			types: { getTypeParser: () => (value: string) => value },
		});
		return result.rows as (string | null)[][];
	};
	const shared = await loadServerCatalog(query);
	const catalog = await loadCatalog(query, { server: shared, epoch: 1 });
	await control.end();
	const grammar = await Grammar.load(catalog.serverVersion);
	const scope: Scope = {
		catalog,
		searchPath: ["pg_catalog", "public"],
		temporarySchema: null,
		role: "postgres",
		database: "postgres",
		revertible: false,
		parse(text) {
			try {
				const parsed = grammar.parse(text);
				return parsed instanceof Promise ? null : parsed.tree;
			} catch {
				return null;
			}
		},
		parsePlpgsql: (body, header) => grammar.plpgsqlNow(body, header),
		prepared: () => undefined,
		cursor: () => undefined,
	};
	return {
		server,
		catalog,
		scope,
		grammar,
		client,
		analyse: async (sql, changes = {}) => analyse(await grammar.parse(sql), { ...scope, ...changes }),
		async stop() {
			await client.end();
			await grammar.close();
			await server.stop();
		},
	};
}
