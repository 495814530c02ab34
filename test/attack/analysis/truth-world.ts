import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import {
	type AnalysedStatement,
	analyse,
	type Scope,
} from "../../../src/protocols/postgres/analysis/index.ts";
import { loadCatalog, loadServerCatalog } from "../../../src/protocols/postgres/catalog/index.ts";
import { Grammar } from "../../../src/protocols/postgres/grammar/index.ts";
import { startPostgres } from "../../support/postgres.ts";

/** What the server did while a statement ran. */
export interface Touched {
	/** `schema.relation`, those of the system excepted. */
	readonly read: readonly string[];
	readonly written: readonly string[];
	/** Functions of users' that ran and were not inlined. */
	readonly functions: readonly string[];
	/** The server's own refusal; nothing is known then. */
	readonly error: string | null;
}

/** A real server that counts what statements touch, and the analysis on the same catalog. */
export interface TruthWorld {
	/** Runs the statement behind `path` and `before`, and takes it all back. */
	run(sql: string, path: string, before: string): Promise<{ touched: Touched; statement: AnalysedStatement }>;
	/**
	 * Makes a view of a query and asks the server what that depends on; null where it refuses the view. All of it is
	 * taken back.
	 */
	depends(
		sql: string,
		path: string,
		question: string,
	): Promise<{ rows: (string | null)[][] | null; statement: AnalysedStatement }>;
	stop(): Promise<void>;
}

const COUNTERS = `
	SELECT 't', pg_catalog.concat(schemaname, '.', relname), pg_catalog.concat(seq_scan, ' ', idx_scan),
		pg_catalog.concat(n_tup_ins, ' ', n_tup_upd, ' ', n_tup_del)
		FROM pg_catalog.pg_stat_xact_user_tables
	UNION ALL SELECT 'f', pg_catalog.concat(schemaname, '.', funcname), calls::pg_catalog.text, ''
		FROM pg_catalog.pg_stat_xact_user_functions`;

/** Counts with blanks between, added: the statement itself must not run operators that the world has replaced. */
const total = (counts: string | null | undefined): number =>
	(counts ?? "").split(" ").reduce((sum, count) => sum + Number(count), 0);

export async function openTruthWorld(version: 15 | 18, more = ""): Promise<TruthWorld> {
	const server = await startPostgres({ version, settings: { track_functions: "all", jit: "off" } });
	const client = new pg.Client({
		host: server.socketDir,
		port: server.port,
		user: server.user,
		database: server.database,
	});
	await client.connect();
	await client.query(readFileSync(join(import.meta.dirname, "truth.schema.sql"), "utf8"));
	if (more !== "") await client.query(more);
	const query = async (sql: string): Promise<(string | null)[][]> => {
		const types = { getTypeParser: () => (value: string) => value };
		return (await client.query({ text: sql, rowMode: "array", types })).rows as (string | null)[][];
	};
	// Names in definitions are qualified only where no path finds them.
	await client.query("SET search_path = ''");
	const shared = await loadServerCatalog(query);
	const permanent = await loadCatalog(query, { server: shared, epoch: 1 });
	const grammar = await Grammar.load(permanent.serverVersion);
	const parse: Scope["parse"] = (text) => {
		try {
			const parsed = grammar.parse(text);
			return parsed instanceof Promise ? null : parsed.tree;
		} catch {
			return null;
		}
	};
	const scopeOf = async (path: string, before: string): Promise<Scope> => {
		const schemas = `SELECT unnest(current_schemas(true)), (SELECT nspname FROM pg_namespace WHERE oid = pg_my_temp_schema())`;
		const rows = await query(schemas);
		const temporarySchema = rows[0]?.[1] ?? null;
		let catalog = permanent;
		if (before !== "") {
			await client.query("SET LOCAL search_path = ''");
			catalog = await loadCatalog(query, { server: shared, epoch: 2 });
			await client.query(`SET LOCAL search_path = ${path}`);
		}
		const searchPath = rows.map(([schema]) => schema ?? "");
		return {
			...{ catalog, searchPath, temporarySchema, role: "postgres", database: "postgres", revertible: false },
			parsePlpgsql: (body, header) => grammar.plpgsqlNow(body, header),
			...{ parse, prepared: () => undefined, cursor: () => undefined },
		};
	};
	const counters = async (): Promise<Map<string, { scans: number; writes: number }>> =>
		new Map(
			(await query(COUNTERS)).map(([kind, name, scans, writes]) => [
				`${kind} ${name}`,
				{ scans: total(scans), writes: total(writes) },
			]),
		);
	const observe = async (sql: string): Promise<Touched> => {
		const earlier = await counters();
		try {
			await client.query(sql);
		} catch (error) {
			return { read: [], written: [], functions: [], error: (error as Error).message };
		}
		const found = { read: [] as string[], written: [] as string[], functions: [] as string[], error: null };
		for (const [key, { scans, writes }] of await counters()) {
			const [kind, name = ""] = key.split(" ");
			const then = earlier.get(key) ?? { scans: 0, writes: 0 };
			if (kind === "f" && scans > then.scans) found.functions.push(name);
			if (kind === "t" && scans > then.scans) found.read.push(name);
			if (kind === "t" && writes > then.writes) found.written.push(name);
		}
		return found;
	};
	return {
		async run(sql, path, before) {
			await client.query("BEGIN");
			try {
				await client.query(`SET LOCAL search_path = ${path}`);
				if (before !== "") await client.query(before);
				const scope = await scopeOf(path, before);
				const [statement] = analyse(await grammar.parse(sql), scope);
				if (statement === undefined) throw new Error("no statement");
				return { touched: await observe(sql), statement };
			} finally {
				await client.query("ROLLBACK");
			}
		},
		async depends(sql, path, question) {
			await client.query("BEGIN");
			try {
				await client.query(`SET LOCAL search_path = ${path}`);
				const scope = await scopeOf(path, "");
				const [statement] = analyse(await grammar.parse(sql), scope);
				if (statement === undefined) throw new Error("no statement");
				const made = await client.query(`CREATE VIEW depending AS ${sql}`).catch(() => null);
				return { rows: made === null ? null : await query(question), statement };
			} finally {
				await client.query("ROLLBACK");
			}
		},
		async stop() {
			await client.end();
			await grammar.close();
			await server.stop();
		},
	};
}
