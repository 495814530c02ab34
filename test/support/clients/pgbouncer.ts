import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../free-port.ts";
import { identity, own, writeOwned } from "../postgres-cluster.ts";
import { unreferenced, watchdog } from "../watchdog.ts";
import { installPackage } from "./package-manager.ts";
import { findProgram } from "./programs.ts";

export interface PgbouncerOptions {
	readonly mode: "session" | "transaction" | "statement";
	/** What is behind it: a line of `[databases]` for `*`, such as `host=127.0.0.1 port=5432 user=app`. */
	readonly target: string;
	readonly settings?: Readonly<Record<string, string | number>>;
}

export interface RunningPgbouncer {
	readonly host: "127.0.0.1";
	readonly port: number;
	/** What it has logged so far. */
	log(): string;
	stop(): Promise<void>;
}

const START_TIMEOUT_MS = 10_000;

/** Starts a throwaway PgBouncer that lets everybody in. It is gone with this process, however that ends. */
export async function startPgbouncer(options: PgbouncerOptions): Promise<RunningPgbouncer> {
	const program = await pgbouncerProgram();
	const directory = mkdtempSync(join(tmpdir(), "sallyport-pgbouncer-"));
	own(directory);
	const port = await freePort();
	const settings = {
		listen_addr: "127.0.0.1",
		listen_port: port,
		unix_socket_dir: "",
		auth_type: "any",
		pool_mode: options.mode,
		...options.settings,
	};
	const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
	const file = join(directory, "pgbouncer.ini");
	writeOwned(file, `[databases]\n* = ${options.target}\n[pgbouncer]\n${lines.join("\n")}\n`);
	const child = spawn(program, [file], { ...identity(), stdio: ["ignore", "ignore", "pipe"] });
	let said = "";
	child.stderr.setEncoding("utf8").on("data", (text: string) => {
		said += text;
	});
	const guard = watchdog(child, directory);
	unreferenced(child);
	const ended = once(child, "exit");
	for (const deadline = Date.now() + START_TIMEOUT_MS; !(await answers(port)); await sleep(20)) {
		if (child.exitCode !== null || Date.now() > deadline)
			throw new Error(`PgBouncer did not start:\n${said}`);
	}
	return {
		host: "127.0.0.1",
		port,
		log: () => said,
		stop: async () => {
			child.ref();
			child.kill("SIGKILL");
			await ended;
			await guard.release();
			rmSync(directory, { recursive: true, force: true });
		},
	};
}

export async function pgbouncerProgram(): Promise<string> {
	const find = () => findProgram("pgbouncer", ["/usr/sbin"]);
	const found = find();
	if (found !== undefined) return found;
	await installPackage("pgbouncer", "PgBouncer");
	const installed = find();
	if (installed === undefined) throw new Error("apt-get installed pgbouncer, but there is no pgbouncer");
	return installed;
}

function answers(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(port, "127.0.0.1");
		socket.on("connect", () => {
			socket.destroy();
			resolve(true);
		});
		socket.on("error", () => resolve(false));
	});
}
