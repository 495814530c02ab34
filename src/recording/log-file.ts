import {
	closeSync,
	constants,
	fdatasync,
	fdatasyncSync,
	fstatSync,
	ftruncateSync,
	openSync,
	writeSync,
} from "node:fs";

const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_EXCL;

/**
 * One file of the log, open for appending. A write either is there whole or, as far as the operating system lets
 * us, not at all: what a failed write left is cut off again. Where even that fails the file is `broken`: nothing
 * more may be written to it, and its torn end is told from tampering because the next file goes on where the last
 * whole line ended.
 */
export class LogFile {
	readonly path: string;
	readonly #fd: number;
	#size = 0;
	#broken = false;
	#closed = false;
	#syncing = false;
	#waiting: PromiseWithResolvers<void> | undefined;
	#whenIdle: (() => void) | undefined;
	readonly #onSyncFailed: (error: Error) => void;

	/** For a descriptor that is open for appending. */
	constructor(path: string, fd: number, onSyncFailed: (error: Error) => void) {
		this.path = path;
		this.#fd = fd;
		this.#onSyncFailed = onSyncFailed;
	}

	/** Makes the file (0600); throws when there is one of that name. */
	static create(path: string, onSyncFailed: (error: Error) => void): LogFile {
		return new LogFile(path, openSync(path, FLAGS, 0o600), onSyncFailed);
	}

	/** Bytes written. */
	get size(): number {
		return this.#size;
	}

	get broken(): boolean {
		return this.#broken;
	}

	/** Throws what the system says; then none of the bytes count as written. */
	write(bytes: Buffer): void {
		let done = 0;
		try {
			while (done < bytes.length) done += writeSync(this.#fd, bytes, done, bytes.length - done);
		} catch (error) {
			this.#cutBack();
			throw error;
		}
		this.#size += bytes.length;
	}

	/** Throws when the file was removed, or its length changed by someone else, under our hands. */
	checkInPlace(): void {
		const stat = fstatSync(this.#fd);
		if (stat.nlink > 0 && stat.size === this.#size) return;
		this.#broken = true;
		throw new Error(
			stat.nlink === 0 ? "the file was removed" : `the file has ${stat.size} bytes, not ${this.#size}`,
		);
	}

	/**
	 * Resolves when everything written before the call is on disk; all that ask in the meantime share one fdatasync.
	 * Rejects when the system says that it failed: then the file counts as broken, since a later fdatasync may
	 * report success for what this one lost.
	 */
	sync(): Promise<void> {
		if (this.#waiting === undefined) {
			this.#waiting = Promise.withResolvers();
			if (!this.#syncing) this.#startSync();
		}
		return this.#waiting.promise;
	}

	/** The same without waiting for the event loop; throws when it fails. */
	syncNow(): void {
		try {
			fdatasyncSync(this.#fd);
		} catch (error) {
			this.#broken = true;
			throw error;
		}
	}

	/** Closes the file once no sync is under way; what still waits for one gets it first. */
	async close(): Promise<void> {
		if (this.#closed) return;
		this.#closed = true;
		if (this.#syncing) await new Promise<void>((resolve) => (this.#whenIdle = resolve));
		try {
			closeSync(this.#fd);
		} catch {
			// What mattered was written, and synced where that is asked for, before.
		}
	}

	#startSync(): void {
		this.#syncing = true;
		// At the end of the turn, so that what other sessions append in it shares the sync.
		setImmediate(() => {
			const group = this.#waiting;
			this.#waiting = undefined;
			fdatasync(this.#fd, (error) => this.#synced(group, error));
		});
	}

	#synced(group: PromiseWithResolvers<void> | undefined, error: Error | null): void {
		this.#syncing = false;
		if (error === null) group?.resolve();
		else this.#fail(error, group);
		if (this.#waiting !== undefined) this.#startSync();
		else this.#whenIdle?.();
	}

	#fail(error: Error, group: PromiseWithResolvers<void> | undefined): void {
		this.#broken = true;
		const next = this.#waiting;
		this.#waiting = undefined;
		this.#onSyncFailed(error);
		group?.reject(error);
		next?.reject(error);
	}

	#cutBack(): void {
		try {
			ftruncateSync(this.#fd, this.#size);
		} catch {
			this.#broken = true;
		}
	}
}
