import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { psqlProgram } from "../../../test/support/clients/psql.ts";
import type { Outcome, Progress, Road, Suite } from "../../suite.ts";
import { type Stage, setStage } from "../stage.ts";

const DATABASE = "postgres";
const ROWS = 2_200_000;
const WIDTH = 1_000;
/** Of the gateway's resident memory, whatever passes. */
const MAX_MB = 700;
const CALM_MS = 2_000;
const CALM_WITHIN_MS = 120_000;

const OUT = `COPY (SELECT i, repeat(md5(i::text), 31) FROM generate_series(1, ${ROWS}) i) TO STDOUT`;
const CHECK = "SELECT count(*), sum(length(line)), sum(hashtext(line)::bigint) FROM much";

/** COPY of more than two gigabytes each way, by psql: not a byte is another, and none of it stays in the gateway. */
export const gigabytes: Suite = {
	name: "gigabytes",
	prepare: async () => {
		await psqlProgram();
	},
	run,
};

async function run(road: Road, progress: Progress): Promise<Outcome> {
	const stage = await setStage(road, DATABASE, {}, async (server) => {
		await server.query("CREATE UNLOGGED TABLE much (id int, line text)");
	});
	try {
		await warmUp(stage);
		const results = new Map([["COPY TO STDOUT", await copyOut(stage)]]);
		progress(1, 2);
		results.set("COPY FROM STDIN", `${await copyIn(stage)}, ${await stage.server.query(CHECK)}`);
		progress(2, 2);
		results.set("memory", memoryOf(stage));
		return { summary: `${((ROWS * WIDTH) / 1e9).toFixed(1)} GB each way`, results };
	} finally {
		await stage.stop();
	}
}

/** A gateway that is new compiles what it uses, which takes much memory for a moment; what was so far is forgotten. */
async function warmUp({ client, gatewayPid }: Stage): Promise<void> {
	if (gatewayPid === null) return;
	for (const command of ["SELECT 1", "COPY (SELECT 1) TO STDOUT"]) {
		const psql = await start(client, command);
		psql.stdout?.resume();
		await once(psql, "close");
	}
	const deadline = Date.now() + CALM_WITHIN_MS;
	for (let last = -1, since = Date.now(); Date.now() - since < CALM_MS && Date.now() < deadline; ) {
		const now = megabytes("VmRSS", gatewayPid);
		if (Math.abs(now - last) > 2) [last, since] = [now, Date.now()];
		await sleep(100);
	}
	writeFileSync(`/proc/${gatewayPid}/clear_refs`, "5"); // the kernel's way to say: the most from now on
}

const megabytes = (what: "VmRSS" | "VmHWM", pid: number): number =>
	Number(new RegExp(`${what}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1e3;

async function copyOut({ client }: Stage): Promise<string> {
	const psql = await start(client, OUT);
	const digest = createHash("sha256");
	let bytes = 0;
	psql.stdout?.on("data", (chunk: Buffer) => {
		bytes += chunk.length;
		digest.update(chunk);
	});
	const [code] = await once(psql, "close");
	return `${bytes} bytes, ${digest.digest("hex")}, exit ${code}`;
}

async function copyIn({ client }: Stage): Promise<string> {
	const psql = await start(client, "COPY much FROM STDIN");
	const ended = once(psql, "close");
	if (psql.stdin !== null) await pipeline(Readable.from(lines()), psql.stdin);
	const [code] = await ended;
	return `exit ${code}`;
}

function* lines(): Generator<Buffer> {
	const text = "x".repeat(WIDTH - 20);
	for (let row = 0; row < ROWS; row += 1_000) {
		let chunk = "";
		for (let at = row; at < row + 1_000; at++) chunk += `${at}\t${at}${text}\n`;
		yield Buffer.from(chunk);
	}
}

async function start(client: Stage["client"], command: string): Promise<ChildProcess> {
	const env = {
		...process.env,
		...{ PGHOST: client.host, PGPORT: String(client.port), PGUSER: client.user },
		...{ PGPASSWORD: client.password, PGDATABASE: client.database, PGSSLMODE: "disable" },
	};
	return spawn(await psqlProgram(), ["-X", "-q", "-c", command], { env, stdio: ["pipe", "pipe", "ignore"] });
}

/** The most that the gateway ever had, as a sentence that is the same on both roads where it is little enough. */
function memoryOf({ gatewayPid }: Stage): string {
	if (gatewayPid === null) return `under ${MAX_MB} MB`;
	const most = megabytes("VmHWM", gatewayPid);
	return most < MAX_MB ? `under ${MAX_MB} MB` : `${most.toFixed(0)} MB`;
}
