import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRoot, openToAll } from "./user.ts";

/** Where everything that the demo makes is kept while it runs. */
export interface Workspace {
	readonly directory: string;
	/** Where the database's files are; its lock file there names the process. */
	readonly database: string;
	/** Stops the database, removes the directory, and answers when both are gone. */
	remove(): Promise<void>;
}

/**
 * A temporary directory that goes when this process goes, however that happens: a shell waits for its standard input
 * to close, which a SIGKILL brings about as well, then stops the database that runs there and removes all. It waits
 * for the database within bounds, and removes again what a half-done initdb may still write, which on a busy machine
 * takes a while.
 */
const SWEEP = `
trap "" INT TERM HUP
cat >/dev/null
pid=$(head -n 1 "$1/database/postmaster.pid" 2>/dev/null)
[ -n "$pid" ] && kill -QUIT "$pid" 2>/dev/null
n=0
while [ -n "$pid" ] && [ -e "$1/database/postmaster.pid" ] && kill -0 "$pid" 2>/dev/null && [ $n -lt 100 ]; do
	sleep 0.05
	n=$((n + 1))
done
n=0
while [ $n -lt 600 ]; do
	rm -rf "$1" 2>/dev/null
	[ -e "$1" ] || break
	sleep 0.05
	n=$((n + 1))
done
`;

export function openWorkspace(): Workspace {
	// A temporary directory of root's own is none that the database's user could get into.
	const base = isRoot && !openToAll(tmpdir()) ? "/tmp" : tmpdir();
	const directory = mkdtempSync(join(base, "sallyport-demo-"));
	chmodSync(directory, 0o711); // the database may run as another user, who has to get through
	const sweeper = spawn("/bin/sh", ["-c", SWEEP, "sh", directory], {
		stdio: ["pipe", "ignore", "ignore"],
		cwd: "/",
		detached: true, // Ctrl-C on the terminal is not for it
	});
	sweeper.unref();
	(sweeper.stdin as unknown as { unref(): void }).unref();
	return {
		directory,
		database: join(directory, "database"),
		remove: () => sweep(sweeper),
	};
}

async function sweep(sweeper: ChildProcess): Promise<void> {
	if (sweeper.exitCode !== null) return;
	sweeper.ref();
	const swept = once(sweeper, "exit");
	sweeper.stdin?.end();
	await swept;
}
