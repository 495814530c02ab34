import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chownSync, closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { type Binaries, findBinaries } from "./binaries.ts";
import { freePort } from "./ports.ts";
import { SAMPLE_DATA } from "./sample-data.ts";
import { databaseUser, isRoot } from "./user.ts";
import type { Workspace } from "./workspace.ts";

/** The shop's PostgreSQL. Only the gateway is given its password. */
export interface Database {
	readonly port: number;
	readonly user: "postgres";
	readonly name: "postgres";
	readonly password: string;
	readonly version: string;
	/** Asks the server itself, past the gateway: what is true, to hold the gateway's answers against. */
	direct(sql: string): Promise<Record<string, unknown>[]>;
	/** Every statement that changed something or tried to, as the server logged it. */
	log(): string;
	/** Ends the connection that `direct` uses. The server itself goes with the workspace. */
	disconnect(): Promise<void>;
}

const START_TIMEOUT_MS = 30_000;
const ATTEMPTS = 5;
const run = promisify(execFile);

/** Starts an embedded PostgreSQL with the sample data in a workspace. */
export async function startDatabase(workspace: Workspace): Promise<Database> {
	const binaries = await findBinaries(workspace.directory);
	const password = randomBytes(24).toString("base64url");
	await initialise(binaries, workspace, password);
	const port = await launch(binaries, workspace);
	const client = new pg.Client({ host: "127.0.0.1", port, user: "postgres", database: "postgres", password });
	client.on("error", () => undefined); // the server goes first when the demo is interrupted
	await client.connect();
	await client.query(SAMPLE_DATA);
	const version = await client.query<{ server_version: string }>("SHOW server_version");
	return {
		...{ port, password, user: "postgres", name: "postgres" },
		version: version.rows[0]?.server_version ?? "",
		direct: async (sql) => (await client.query<Record<string, unknown>>(sql)).rows,
		log: () => readFileSync(logFile(workspace), "utf8"),
		disconnect: () => client.end(),
	};
}

const logFile = ({ directory }: Workspace) => join(directory, "postgresql.log");

async function initialise({ initdb }: Binaries, { directory, database }: Workspace, password: string) {
	const passwordFile = join(directory, "password");
	writeFileSync(passwordFile, password, { mode: 0o600 });
	mkdirSync(database, { mode: 0o700 });
	if (isRoot) {
		chownSync(database, databaseUser.uid ?? 0, databaseUser.gid ?? 0);
		chownSync(passwordFile, databaseUser.uid ?? 0, databaseUser.gid ?? 0);
	}
	const args = ["-D", database, "-U", "postgres", "-E", "UTF8", "--locale=C", "-A", "scram-sha-256"];
	await run(initdb, [...args, `--pwfile=${passwordFile}`, "--no-sync"], { ...databaseUser, cwd: database });
	rmSync(passwordFile);
}

/** Tries again where another program took the port between finding it free and the server's use of it. */
async function launch({ postgres }: Binaries, workspace: Workspace): Promise<number> {
	for (let attempt = 1; ; attempt++) {
		const port = await freePort();
		const settings = {
			listen_addresses: "127.0.0.1",
			port: String(port),
			unix_socket_directories: "",
			fsync: "off",
			shared_buffers: "32MB",
			log_statement: "mod",
			timezone: "UTC",
		};
		const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
		const log = openSync(logFile(workspace), "w", 0o644);
		const child = spawn(postgres, ["-D", workspace.database, ...options], {
			...databaseUser,
			cwd: workspace.database,
			stdio: ["ignore", log, log],
			detached: true, // Ctrl-C on the terminal is for the demo, which ends it in its turn
		});
		closeSync(log);
		child.unref();
		if (await ready(child, workspace)) return port;
		const text = readFileSync(logFile(workspace), "utf8");
		if (attempt === ATTEMPTS || !text.includes("could not bind"))
			throw new Error(`PostgreSQL did not start:\n${text}`);
	}
}

async function ready(child: ChildProcess, workspace: Workspace): Promise<boolean> {
	const failed = once(child, "error").then(([error]: unknown[]) => Promise.reject(error));
	const up = async () => {
		const deadline = Date.now() + START_TIMEOUT_MS;
		while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
			if (readFileSync(logFile(workspace), "utf8").includes("ready to accept connections")) return true;
			await sleep(20);
		}
		return false;
	};
	return Promise.race([up(), failed]);
}
