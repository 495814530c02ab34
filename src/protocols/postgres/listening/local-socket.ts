import { chmodSync, lstatSync, mkdirSync, unlinkSync } from "node:fs";
import { connect, type Server } from "node:net";
import { ListeningError } from "./errors.ts";
import { LockFile } from "./lock-file.ts";

export interface LocalSocketOptions {
	/** Made when it isn't there. */
	readonly directory: string;
	/** Its name's: a client gives the directory as its host, and this port. */
	readonly port: number;
	/** Who may connect, as of a file: 0o700, 0o770 or 0o777. */
	readonly permissions: number;
}

/**
 * Listens on a Unix socket where libpq looks for one: `.s.PGSQL.PORT` in a directory, with a lock file beside it. One
 * that a crash left behind is taken over.
 */
export class LocalSocket {
	readonly path: string;
	readonly #server: Server;
	readonly #lock: LockFile;

	private constructor(path: string, server: Server, lock: LockFile) {
		this.path = path;
		this.#server = server;
		this.#lock = lock;
	}

	/** @throws ListeningError */
	static async listen(server: Server, options: LocalSocketOptions): Promise<LocalSocket> {
		const { directory, port, permissions } = options;
		const path = `${directory}/.s.PGSQL.${port}`;
		makeDirectory(directory);
		const startedAt = Math.floor(Date.now() / 1000);
		const lock = LockFile.acquire(`${path}.lock`, [process.cwd(), startedAt, port, directory]);
		try {
			await clear(path);
			if (!lock.held) throw new ListeningError("socket_taken", `Another process has taken ${path}.`);
			await bind(server, path);
			chmodSync(path, permissions);
		} catch (error) {
			server.close();
			lock.release();
			throw error instanceof ListeningError ? error : unusable(path, error);
		}
		return new LocalSocket(path, server, lock);
	}

	/** No new connections; the socket and its lock file are gone. */
	close(): void {
		this.#server.close(); // removes the socket
		this.#lock.release();
	}
}

function makeDirectory(directory: string): void {
	try {
		mkdirSync(directory, { recursive: true, mode: 0o755 });
	} catch (error) {
		throw unusable(directory, error);
	}
}

/** Removes a socket that nobody listens on any more. */
async function clear(path: string): Promise<void> {
	const found = lstatSync(path, { throwIfNoEntry: false });
	if (found === undefined) return;
	if (!found.isSocket()) throw new ListeningError("socket_unusable", `${path} is there and is no socket.`);
	if (await answers(path)) throw new ListeningError("socket_taken", `Somebody listens on ${path}.`);
	unlinkSync(path);
}

function answers(path: string): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(path);
		socket.on("connect", () => {
			socket.destroy();
			resolve(true);
		});
		// A queue that is full (EAGAIN) is somebody's; only a refusal says that there is nobody.
		socket.on("error", ({ code }: NodeJS.ErrnoException) =>
			resolve(code !== "ECONNREFUSED" && code !== "ENOENT"),
		);
	});
}

/** The socket is made for its owner alone; who else may connect is said by `chmod`, after it is there. */
function bind(server: Server, path: string): Promise<void> {
	return new Promise((resolve, reject) => {
		const umask = process.umask(0o077);
		try {
			server.once("error", reject);
			server.listen(path, () => {
				server.removeListener("error", reject);
				resolve();
			});
		} finally {
			process.umask(umask);
		}
	});
}

function unusable(path: string, cause: unknown): ListeningError {
	return new ListeningError("socket_unusable", `The Unix socket ${path} can't be made: ${cause}`, { cause });
}
