import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../test/support/free-port.ts";
import { startGateway, type TestUpstream } from "../../test/support/gateway.ts";
import { type RunningPostgres, startPostgres } from "../../test/support/postgres.ts";

/** One way to the same server. */
export interface Subject {
	readonly name: "direct" | "relay" | "pgbouncer" | "sallyport";
	readonly host: string;
	readonly port: number;
	readonly user: string;
	readonly password: string;
	readonly database: string;
	/** Whose CPU time is counted; null where nothing stands in between. */
	readonly pid: number | null;
}

export interface Stage {
	readonly server: RunningPostgres;
	readonly subjects: readonly Subject[];
	/** What is not there, said clearly. */
	readonly missing: readonly string[];
	stop(): Promise<void>;
}

const NOBODY = 65_534;

/** A real server, and every way to it that can be had on this machine. */
export async function setStage(): Promise<Stage> {
	const version = existsSync("/usr/lib/postgresql/15/bin/postgres") ? 15 : 18;
	const server = await startPostgres({
		version,
		auth: "scram-sha-256",
		settings: { log_statement: "none", logging_collector: "off" },
	});
	const { host, port, user, password, database } = server;
	const direct: Subject = { name: "direct", host, port, user, password, database, pid: null };
	const children: ChildProcess[] = [];
	const missing: string[] = [];
	const relay = await startRelay(direct, children);
	const pgbouncer = await startPgbouncer(direct, children);
	if (pgbouncer === null) missing.push("pgbouncer is not installed (Debian: apt-get install pgbouncer)");
	const sallyport = await startSallyport({ host, port, user, password, database });
	return {
		server,
		subjects: [direct, relay, ...(pgbouncer === null ? [] : [pgbouncer]), sallyport.subject],
		missing,
		stop: async () => {
			for (const child of children) child.kill();
			await sallyport.stop();
			await server.stop();
		},
	};
}

/** The product, as an operator would start it, with the policy that it ships. */
export async function startSallyport(
	upstream: TestUpstream,
	limits: Readonly<Record<string, unknown>> = {},
): Promise<{ subject: Subject; stop(): Promise<unknown> }> {
	const gateway = await startGateway({ upstream, merge: { limits } });
	const subject: Subject = {
		name: "sallyport",
		host: gateway.host,
		port: gateway.pgPort,
		user: "bench",
		password: gateway.tokens.agent,
		database: gateway.database,
		pid: gateway.pid,
	};
	return { subject, stop: gateway.stop };
}

export async function startRelay(direct: Subject, children: ChildProcess[]): Promise<Subject> {
	const port = await freePort();
	const relay = join(import.meta.dirname, "..", "relay.ts");
	const child = spawn(process.execPath, [relay, direct.host, `${direct.port}`, `${port}`], {
		stdio: "ignore",
	});
	children.push(child);
	await listening(port);
	return { ...direct, name: "relay", port, pid: child.pid ?? null };
}

/** In session mode, as the gateway is: one upstream connection a client. */
export async function startPgbouncer(direct: Subject, children: ChildProcess[]): Promise<Subject | null> {
	const program = find("pgbouncer", ["/usr/sbin", "/usr/bin"]);
	if (program === null) return null;
	const port = await freePort();
	const directory = mkdtempSync(join(tmpdir(), "sallyport-bench-"));
	const users = join(directory, "users.txt");
	writeFileSync(users, `"${direct.user}" "${direct.password.replaceAll('"', '""')}"\n`);
	const config = join(directory, "pgbouncer.ini");
	writeFileSync(
		config,
		`[databases]\n${direct.database} = host=${direct.host} port=${direct.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =\nauth_type = scram-sha-256\nauth_file = ${users}\npool_mode = session\nmax_client_conn = 20000\ndefault_pool_size = 20000\nlogfile = /dev/null\n`,
	);
	const root = process.getuid?.() === 0;
	if (root) for (const path of [directory, users, config]) chownSync(path, NOBODY, NOBODY);
	const child = spawn(program, ["-q", config], {
		stdio: "ignore",
		...(root ? { uid: NOBODY, gid: NOBODY } : {}),
	});
	children.push(child);
	child.once("exit", () => rmSync(directory, { recursive: true, force: true }));
	await listening(port);
	return { ...direct, name: "pgbouncer", port, pid: child.pid ?? null };
}

/** Where a program is: on PATH or in one of the directories. */
export function find(program: string, directories: readonly string[]): string | null {
	const places = [...(process.env["PATH"] ?? "").split(delimiter), ...directories];
	return places.map((place) => join(place, program)).find((path) => existsSync(path)) ?? null;
}

export async function listening(port: number): Promise<void> {
	for (let tries = 0; tries < 200; tries++) {
		try {
			execFileSync(process.execPath, [
				"-e",
				`require("net").connect(${port},"127.0.0.1").on("connect",()=>process.exit(0)).on("error",()=>process.exit(1))`,
			]);
			return;
		} catch {
			await sleep(50);
		}
	}
	throw new Error(`nothing listens on port ${port}`);
}
