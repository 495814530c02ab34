import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { median } from "./statistics.ts";
import { find, type Subject } from "./subjects.ts";

export interface Workload {
	readonly name: string;
	readonly protocol: "prepared" | "simple";
	readonly script: "select-only" | "tpcb-like";
	readonly clients: number;
}

export interface Run {
	readonly transactions: number;
	readonly seconds: number;
	/** Median time of one transaction, in microseconds. */
	readonly p50Micros: number;
}

const DIRECTORIES = [18, 17, 16, 15, 14].map((major) => `/usr/lib/postgresql/${major}/bin`);
export const PGBENCH = find("pgbench", DIRECTORIES);
const STATEMENTS = { "select-only": 1, "tpcb-like": 7 } as const;

/** Statements that one transaction of the workload sends. */
export const statementsOf = ({ script }: Workload): number => STATEMENTS[script];

/** pgbench's tables; made with pgbench where it is, and by hand otherwise. */
export async function fill(subject: Subject): Promise<void> {
	if (PGBENCH !== null) {
		await promisify(execFile)(PGBENCH, ["-i", "-s", "5", "-q", ...address(subject)], {
			env: environment(subject),
		});
		return;
	}
	const client = new pg.Client(subject);
	await client.connect();
	await client.query(`CREATE TABLE pgbench_accounts(aid int PRIMARY KEY, bid int, abalance int, filler char(84));
		INSERT INTO pgbench_accounts SELECT i, 1, 0, '' FROM generate_series(1, 500000) i; ANALYZE pgbench_accounts`);
	await client.end();
}

/** Runs a workload for some seconds. */
export function run(subject: Subject, workload: Workload, seconds: number): Promise<Run> {
	return PGBENCH === null
		? runInNode(subject, workload, seconds)
		: runPgbench(PGBENCH, subject, workload, seconds);
}

async function runPgbench(
	program: string,
	subject: Subject,
	workload: Workload,
	seconds: number,
): Promise<Run> {
	const { protocol, script, clients } = workload;
	const directory = mkdtempSync(join(tmpdir(), "sallyport-pgbench-"));
	try {
		const args = ["-n", "-b", script, "-M", protocol, "-c", `${clients}`, "-j", "1", "-T", `${seconds}`];
		// A line a transaction: its third field is the time taken, in microseconds.
		if (clients === 1) args.push("-l", "--log-prefix", join(directory, "log"));
		const { stdout } = await promisify(execFile)(program, [...args, ...address(subject)], {
			env: environment(subject),
		});
		const transactions = Number(/actually processed: (\d+)/.exec(stdout)?.[1]);
		const latencyMs = Number(/latency average = ([\d.]+)/.exec(stdout)?.[1]);
		const logged = readdirSync(directory).flatMap((file) =>
			readFileSync(join(directory, file), "utf8").split("\n"),
		);
		const times = logged.filter((line) => line !== "").map((line) => Number(line.split(" ")[2]));
		return { transactions, seconds, p50Micros: times.length > 0 ? median(times) : latencyMs * 1_000 };
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
}

/** Where there is no pgbench: the same SELECT from node-postgres, whose own cost is part of the latency. */
async function runInNode(subject: Subject, { protocol, clients }: Workload, seconds: number): Promise<Run> {
	const end = performance.now() + seconds * 1_000;
	const times: number[] = [];
	const one = async () => {
		const client = new pg.Client(subject);
		await client.connect();
		while (performance.now() < end) {
			const aid = 1 + Math.floor(Math.random() * 500_000);
			const started = performance.now();
			if (protocol === "simple")
				await client.query(`SELECT abalance FROM pgbench_accounts WHERE aid = ${aid};`);
			else
				await client.query({
					name: "a",
					text: "SELECT abalance FROM pgbench_accounts WHERE aid = $1",
					values: [aid],
				});
			times.push((performance.now() - started) * 1_000);
		}
		await client.end();
	};
	await Promise.all(Array.from({ length: clients }, one));
	return { transactions: times.length, seconds, p50Micros: median(times) };
}

const address = ({ host, port, user, database }: Subject) => [
	"-h",
	host,
	"-p",
	`${port}`,
	"-U",
	user,
	database,
];
const environment = ({ password }: Subject) => ({
	...process.env,
	PGPASSWORD: password,
	PGSSLMODE: "disable",
});
