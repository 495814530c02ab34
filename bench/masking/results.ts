import { readFileSync } from "node:fs";
import {
	encodeBind,
	encodeExecute,
	encodeParse,
	encodeQuery,
	SYNC,
} from "../../src/protocols/postgres/codec/index.ts";
import { startGateway } from "../../test/support/gateway.ts";
import { startPostgres } from "../../test/support/postgres.ts";
import { packsOf } from "../../test/support/wire-pair.ts";
import { BareClient } from "../postgres/bare-client.ts";
import { median } from "../postgres/statistics.ts";

const ROWS = 100_000;
const OF_UNMASKED = 0.7;
const OF_DIRECT = 0.4;
/** Resident memory may grow by so much over all rounds: buffers of the runtime, not results. */
const GROWTH_BYTES = 64 << 20;
const TRANSFORMS = ["redact", "partial", "hash", "null", "tokenise", "generalise"] as const;
/** The two that figures are promised for; the others are printed. */
const PROMISED = new Set<string>(["redact", "partial"]);

const COLUMNS =
	"id, md5(i::text) AS name, '4111 1111 1111 ' || lpad((i % 10000)::text, 4, '0') AS card, 'user' || i || '@example.com' AS mail, repeat('x', 40) AS note";
const TABLES = ["plain", ...TRANSFORMS]
	.map(
		(name) =>
			`CREATE TABLE t_${name} AS SELECT ${COLUMNS.replace("id, ", "")} FROM generate_series(1, ${ROWS}) i`,
	)
	.concat("VACUUM ANALYZE");

/** The ways in which 100,000 rows of four text columns are asked for. */
const WAYS: Readonly<Record<string, (table: string) => Buffer>> = {
	"rows, text": (table) => encodeQuery(`SELECT name, card, mail, note FROM t_${table}`),
	"rows, binary": (table) =>
		Buffer.concat([
			encodeParse("", `SELECT name, card, mail, note FROM t_${table}`),
			encodeBind({ portal: "", statement: "", resultFormats: [1] }),
			encodeExecute(""),
			SYNC,
		]),
	"COPY, text": (table) => encodeQuery(`COPY t_${table} TO STDOUT`),
	"COPY, CSV": (table) => encodeQuery(`COPY t_${table} TO STDOUT (FORMAT csv)`),
	"COPY, binary": (table) => encodeQuery(`COPY t_${table} TO STDOUT (FORMAT binary)`),
};

/** A result of which two of four columns are masked, beside the same unmasked. */
export async function benchResults(quick: boolean): Promise<void> {
	const rounds = quick ? 3 : 9;
	const server = await startPostgres({ version: 15, settings: { log_statement: "none" } });
	try {
		for (const sql of TABLES) await server.query(sql);
		const columns = TRANSFORMS.map((transform) => ({
			columns: [`public.t_${transform}.card`, `public.t_${transform}.mail`],
			transform,
		}));
		const { host, port, database, user, password } = server;
		const gateway = await startGateway({
			policy: packsOf({ pii: { columns } }),
			upstream: { host, port, database, user, password },
		});
		try {
			const own = { host: gateway.host, port: gateway.pgPort, user: "bench", password: gateway.tokens.agent };
			const through = await BareClient.connect({
				name: "sallyport",
				...own,
				database: gateway.database,
				pid: gateway.pid,
			});
			const direct = await BareClient.connect({
				name: "direct",
				host,
				port,
				user,
				password,
				database,
				pid: null,
			});
			for (const [way, message] of Object.entries(WAYS)) await compare(way, message, through, direct, rounds);
			await memory(gateway.pid, through);
			through.close();
			direct.close();
		} finally {
			await gateway.stop();
		}
	} finally {
		await server.stop();
	}
}

/** Turn by turn, so that drift hits all alike; the first round warms up. */
async function compare(
	way: string,
	message: (table: string) => Buffer,
	through: BareClient,
	direct: BareClient,
	rounds: number,
): Promise<void> {
	const seconds = new Map<string, number[]>();
	const take = async (name: string, client: BareClient, table: string, counted: boolean): Promise<void> => {
		const started = performance.now();
		await client.ask(message(table));
		const taken = (performance.now() - started) / 1_000;
		if (counted) seconds.set(name, [...(seconds.get(name) ?? []), taken]);
	};
	for (let round = 0; round <= rounds; round++) {
		await take("direct", direct, "plain", round > 0);
		await take("unmasked", through, "plain", round > 0);
		for (const transform of TRANSFORMS) await take(transform, through, transform, round > 0);
	}
	const rate = (name: string): number => ROWS / median(seconds.get(name) ?? []);
	console.log(`${way}: ${ROWS.toLocaleString("en-US")} rows of four text columns, two of them masked`);
	console.log("  what                rows/s   of unmasked   of direct");
	for (const name of ["direct", "unmasked", ...TRANSFORMS]) {
		const unmasked = rate(name) / rate("unmasked");
		const ofDirect = rate(name) / rate("direct");
		const cells = [
			name.padEnd(12),
			Math.round(rate(name)).toLocaleString("en-US").padStart(13),
			unmasked.toFixed(2).padStart(13),
			ofDirect.toFixed(2).padStart(11),
		];
		const good = unmasked >= OF_UNMASKED && ofDirect >= OF_DIRECT;
		const verdict = PROMISED.has(name) ? (good ? "  reached" : "  MISSED") : "";
		console.log(`  ${cells.join(" ")}${verdict}`);
	}
	console.log(`  target: at least ${OF_UNMASKED} of unmasked and ${OF_DIRECT} of direct\n`);
}

/** Ten more results: what stays of them. A masked value of 100 MB is a test of its own. */
async function memory(pid: number, client: BareClient): Promise<void> {
	const results = WAYS["rows, text"]?.("partial") ?? Buffer.alloc(0);
	for (let count = 0; count < 3; count++) await client.ask(results);
	const before = status(pid, "VmRSS");
	for (let count = 0; count < 10; count++) await client.ask(results);
	const after = status(pid, "VmRSS");
	const say = (what: string, bytes: number): void => {
		const verdict = bytes <= GROWTH_BYTES ? "reached" : "MISSED ";
		console.log(
			`  ${verdict}  ${what} ${(bytes / 1e6).toFixed(1)} MB (target: at most ${(GROWTH_BYTES / 1e6).toFixed(0)} MB)`,
		);
	};
	console.log("memory of the gateway");
	say("growth over ten masked results of 100,000 rows:", after - before);
}

function status(pid: number, field: string): number {
	const line = new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"));
	return Number(line?.[1] ?? 0) * 1_024;
}
