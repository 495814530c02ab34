import {
	COPY_DONE,
	encodeBind,
	encodeExecute,
	encodeParse,
	encodeQuery,
	SYNC,
} from "../../src/protocols/postgres/codec/index.ts";
import type { BareClient } from "./bare-client.ts";

/** Something large that goes one way, or many small things at once. */
export interface Transfer {
	readonly name: string;
	readonly unit: "rows" | "statements";
	/** How many of them one run moves. */
	readonly count: number;
	/** SQL for the server itself, before each measured interval. */
	readonly before?: string;
	/** Runs it once and answers how many bytes that were. */
	run(client: BareClient): Promise<number>;
}

const ROWS = 100_000;
const WIDE_ROWS = 10_000;
const WIDE_COLUMNS = 100;
const BATCH = 100;
const BATCHES = 20;
/** What psql puts into one CopyData message. */
const PIECE_BYTES = 8_192;
const COPY_DATA = 0x64; // d

const wideColumns = Array.from({ length: WIDE_COLUMNS }, (_, at) =>
	at % 2 === 0 ? `i + ${at} AS c${at}` : `'text ' || i AS c${at}`,
);

/** The tables that the transfers read and fill. */
export const TABLES = `
	CREATE TABLE bench_rows AS
		SELECT i AS id, i % 100 AS grp, md5(i::text) AS name, now() - i * interval '1 second' AS at, repeat('x', 40) AS note
		FROM generate_series(1, ${ROWS}) i;
	ALTER TABLE bench_rows ADD PRIMARY KEY (id);
	CREATE TABLE bench_wide AS SELECT ${wideColumns.join()} FROM generate_series(1, ${WIDE_ROWS}) i;
	CREATE UNLOGGED TABLE bench_copy (id int, grp int, name text, at timestamptz, note text);
	VACUUM ANALYZE`;

export const RESULTS: readonly Transfer[] = [
	{
		name: "result of 100,000 rows",
		unit: "rows",
		count: ROWS,
		run: ask("SELECT id, grp, name, at, note FROM bench_rows"),
	},
	{
		name: "result of 10,000 rows, 100 columns wide",
		unit: "rows",
		count: WIDE_ROWS,
		run: ask("SELECT * FROM bench_wide"),
	},
];

export const BATCHED: readonly Transfer[] = [
	{
		name: "pipelined batches of 100 statements",
		unit: "statements",
		count: BATCH * BATCHES,
		run: pipelined,
	},
];

export const COPIES: readonly Transfer[] = [
	{ name: "COPY TO STDOUT", unit: "rows", count: ROWS, run: ask("COPY bench_rows TO STDOUT") },
	{ name: "COPY FROM STDIN", unit: "rows", count: ROWS, before: "TRUNCATE bench_copy", run: copyIn },
];

function ask(sql: string): (client: BareClient) => Promise<number> {
	const message = encodeQuery(sql);
	return (client) => client.ask(message);
}

async function pipelined(client: BareClient): Promise<number> {
	const messages = [encodeParse("", "SELECT name, note FROM bench_rows WHERE id = $1")];
	for (let id = 1; id <= BATCH; id++)
		messages.push(
			encodeBind({ portal: "", statement: "", values: [Buffer.from(`${id}`)] }),
			encodeExecute(""),
		);
	const batch = Buffer.concat([...messages, SYNC]);
	let bytes = 0;
	for (let count = 0; count < BATCHES; count++) bytes += batch.length + (await client.ask(batch));
	return bytes;
}

async function copyIn(client: BareClient): Promise<number> {
	await client.copyIn("COPY bench_copy FROM STDIN", pieces);
	return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

const pieces = makePieces();

/** Rows like those of `bench_rows`, whole lines in each message. */
function makePieces(): Buffer[] {
	const made: Buffer[] = [];
	let text = "";
	for (let id = 1; id <= ROWS; id++) {
		text += `${id}\t${id % 100}\t${"0123456789abcdef".repeat(2)}\t2026-01-01 00:00:00+00\t${"x".repeat(40)}\n`;
		if (text.length < PIECE_BYTES - 120 && id < ROWS) continue;
		const piece = Buffer.allocUnsafe(5 + text.length);
		piece[0] = COPY_DATA;
		piece.writeInt32BE(4 + text.length, 1);
		piece.write(text, 5, "latin1");
		made.push(piece);
		text = "";
	}
	return [...made, COPY_DONE];
}
