import { readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { ListeningError } from "./errors.ts";

const TRIES = 20;

/**
 * The file beside a Unix socket that says whose it is, in PostgreSQL's own form (CreateLockFile in miscinit.c): the
 * process's id in its first line. So neither a gateway nor a server takes the other's socket away.
 */
export class LockFile {
	readonly #path: string;

	private constructor(path: string) {
		this.#path = path;
	}

	/** Takes over from a process that is gone. @throws ListeningError when another one holds it */
	static acquire(path: string, lines: readonly (string | number)[]): LockFile {
		for (let left = TRIES; left > 0; left--) {
			try {
				writeFileSync(path, `${[process.pid, ...lines].join("\n")}\n`, { flag: "wx", mode: 0o600 });
				return new LockFile(path);
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw unusable(path, error);
			}
			removeStale(path);
		}
		throw new ListeningError("socket_taken", `The lock file ${path} is made again and again.`);
	}

	/** Whether it still is this process's: another one may have thought us gone. */
	get held(): boolean {
		try {
			return holderOf(this.#path) === process.pid;
		} catch {
			return false;
		}
	}

	release(): void {
		if (this.held) unlinkSync(this.#path);
	}
}

function removeStale(path: string): void {
	try {
		const holder = holderOf(path);
		if (isAlive(holder))
			throw new ListeningError("socket_taken", `The process ${holder} holds the lock file ${path}.`, {
				remedy: `Stop it; if it is neither a gateway nor PostgreSQL, remove ${path}.`,
			});
		unlinkSync(path);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return; // it was given back meanwhile
		throw error instanceof ListeningError ? error : unusable(path, error);
	}
}

/** 0 for a file that names no process: one that was cut off by a crash. PostgreSQL writes `-PID` before it accepts. */
function holderOf(path: string): number {
	const pid = Math.abs(Number.parseInt(readFileSync(path, "utf8"), 10));
	return Number.isSafeInteger(pid) ? pid : 0;
}

/** A file with our own id is of a process before us: where containers start anew, the ids are the same again. */
function isAlive(pid: number): boolean {
	if (pid === 0 || pid === process.pid || pid === process.ppid) return false;
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code !== "ESRCH";
	}
}

function unusable(path: string, cause: unknown): ListeningError {
	return new ListeningError("socket_unusable", `The lock file ${path} can't be written: ${cause}`, { cause });
}
