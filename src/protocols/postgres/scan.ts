import type { Connection, PostgresUpstream } from "../../connections/index.ts";
import { type ColumnEvidence, ColumnSurvey, type Detectors } from "../../masking/index.ts";
import {
	ControlConnection,
	ControlQueryError,
	connectUpstream,
	PoolerWatch,
	type Row,
} from "./upstream/index.ts";

/** How far a scan goes. */
export interface ScanBounds {
	/** Rows of one table. */
	readonly rows: number;
	/** For all of it; tables that were not reached are named. */
	readonly timeoutMs: number;
}

export interface ScannedColumn extends ColumnEvidence {
	readonly schema: string;
	readonly table: string;
	readonly column: string;
}

export interface Scan {
	readonly columns: readonly ScannedColumn[];
	/** Tables that were sampled. */
	readonly tables: number;
	/** Tables that could not be read or were not reached in time. */
	readonly skipped: readonly { readonly schema: string; readonly table: string; readonly reason: string }[];
}

/** Of one value so many characters are looked at, of one table so many bytes are asked for at most. */
const VALUE_CHARACTERS = 2_000;
const TABLE_BYTES = 4 << 20;
const MOST_TABLES = 5_000;
/** For one table. */
const STATEMENT_TIMEOUT_MS = 5_000;
/** From so many rows on, those that are looked at are taken from all over the table. */
const SAMPLED_ABOVE = 100_000;

/**
 * Tables and materialised views with the columns whose values may be texts: strings, JSON, numbers, addresses, arrays,
 * and what extensions and users define. Partitions are read through their parents; foreign tables not at all.
 */
const COLUMNS = `
	SELECT n.nspname, c.relname, c.reltuples::bigint, c.relkind, a.attname
	FROM pg_catalog.pg_class c
	JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
	JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
	WHERE c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition AND c.relpersistence <> 't'
		AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%'
		AND t.typcategory NOT IN ('B', 'G', 'T', 'R')
		AND pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT')
	ORDER BY n.nspname, c.relname, a.attnum`;

interface Table {
	readonly schema: string;
	readonly table: string;
	readonly estimate: number;
	readonly kind: string;
	readonly columns: string[];
}

/**
 * Samples the rows of every table of a connection's database, on a connection of the gateway's own that can't write,
 * and answers what was counted. No value is kept or answered.
 * @throws UpstreamError; ControlQueryError when the tables can't be listed
 */
export async function scanConnection(
	{ upstream }: Connection,
	detectors: Detectors,
	{ rows, timeoutMs }: ScanBounds,
): Promise<Scan> {
	const connection = await open(upstream);
	const deadline = performance.now() + timeoutMs;
	const overdue = setTimeout(() => connection.close(), timeoutMs + STATEMENT_TIMEOUT_MS).unref();
	const columns: ScannedColumn[] = [];
	const skipped: { schema: string; table: string; reason: string }[] = [];
	let tables = 0;
	try {
		for (const setting of SETTINGS) await connection.query(setting);
		for (const table of tablesOf(await connection.query(COLUMNS))) {
			const { schema, table: name } = table;
			if (performance.now() > deadline || tables >= MOST_TABLES) {
				skipped.push({ schema, table: name, reason: "not reached in time" });
				continue;
			}
			try {
				columns.push(...survey(table, detectors, await connection.query(sampleOf(table, rows))));
				tables += 1;
			} catch (thrown) {
				if (!(thrown instanceof ControlQueryError)) throw thrown;
				skipped.push({ schema, table: name, reason: `SQLSTATE ${thrown.sqlstate}` });
			}
		}
	} finally {
		clearTimeout(overdue);
		connection.close();
	}
	return { columns, tables, skipped };
}

/** What is set must stay with this session: that nothing in between passes it on is made sure first. */
async function open(upstream: PostgresUpstream): Promise<Pick<ControlConnection, "query" | "close">> {
	const { database, connectTimeoutMs: timeoutMs, pooler } = upstream;
	const options = { database, applicationName: "sallyport scan", timeoutMs };
	const session = await connectUpstream(upstream, options);
	try {
		await new PoolerWatch().confirm(session, database, pooler);
	} finally {
		session.socket.destroy();
	}
	const { server } = session;
	return pooler === "transaction"
		? ControlConnection.openPooled(server, options)
		: ControlConnection.open(server, options);
}

const SETTINGS = [
	"SET default_transaction_read_only = on",
	"SET search_path = ''",
	`SET statement_timeout = ${STATEMENT_TIMEOUT_MS}`,
	"SET lock_timeout = 1000",
];

function tablesOf(rows: readonly Row[]): Table[] {
	const tables = new Map<string, Table>();
	for (const [schema = "", name = "", estimate, kind = "", column = ""] of rows) {
		const key = JSON.stringify([schema, name]);
		const table = tables.get(key) ?? {
			schema: schema ?? "",
			table: name ?? "",
			estimate: Number(estimate),
			kind: kind ?? "",
			columns: [],
		};
		table.columns.push(column ?? "");
		tables.set(key, table);
	}
	return [...tables.values()];
}

const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;

function sampleOf({ schema, table, estimate, kind, columns }: Table, rows: number): string {
	const values = columns.map((column) => `pg_catalog.left(${identifier(column)}::text, ${VALUE_CHARACTERS})`);
	const most = Math.max(1, Math.min(rows, Math.floor(TABLE_BYTES / (columns.length * VALUE_CHARACTERS))));
	const share = Math.min(100, (100 * 4 * most) / Math.max(1, estimate));
	const sampled = kind !== "p" && estimate > SAMPLED_ABOVE ? ` TABLESAMPLE SYSTEM (${share.toFixed(6)})` : "";
	return `SELECT ${values.join(", ")} FROM ${identifier(schema)}.${identifier(table)}${sampled} LIMIT ${most}`;
}

function survey(
	{ schema, table, columns }: Table,
	detectors: Detectors,
	rows: readonly Row[],
): ScannedColumn[] {
	return columns.map((column, index) => {
		const looked = new ColumnSurvey(column, detectors);
		for (const row of rows) {
			const value = row[index];
			if (value != null) looked.add(value);
		}
		return { schema, table, column, ...looked.evidence };
	});
}
