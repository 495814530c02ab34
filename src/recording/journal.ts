import { closeSync, fsyncSync, mkdirSync, openSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { Chain } from "./chain.ts";
import type { Entry } from "./entries.ts";
import { FORMAT, fileName } from "./format.ts";
import type { SigningKey } from "./key.ts";
import { LineBuffer } from "./line-buffer.ts";
import { LogFile } from "./log-file.ts";
import { nextLogId } from "./log-id.ts";
import { findEnd, type LogEnd, recordFiles } from "./tail.ts";

export interface JournalOptions {
	readonly directory: string;
	readonly key: SigningKey;
	readonly maxFileBytes: number;
	readonly durable: boolean;
	readonly now: () => number;
	readonly onSyncFailed: (error: Error) => void;
}

export interface Checkpoint {
	readonly log: string;
	readonly seq: number;
	readonly hash: string;
}

export type CheckpointReason = "interval" | "session_end" | "rotate" | "close";

/**
 * One process's log: its files, its chain, its signatures. Every method throws what the operating system says when
 * it can't write, and then nothing of the call is in the record.
 *
 * What the chains and signatures do not show, for whoever holds the files and not the key:
 * - Events after the newest log's last checkpoint (`checkpoint_interval` at most, in a log that was not closed) can
 *   be cut, or changed, without trace; those of earlier logs are pinned by the next log's first line.
 * - The newest log can be cut at an earlier checkpoint, or removed whole, and then looks like the log of a process
 *   that was killed. Who keeps a checkpoint elsewhere (each is in the operator's log) and gives it to the
 *   verification sees that too.
 * - Whoever holds the signing key can write a whole record anew; and nothing here shows that an event was true.
 * - Two processes on one directory: each log holds for itself, but the end of the older is pinned only as far as it
 *   stood when the newer began; if it is killed after that, its last unsigned events are reported as a problem.
 */
export class Journal {
	readonly #options: JournalOptions;
	readonly #chain: Chain;
	readonly #lines = new LineBuffer();
	#file: LogFile | undefined;
	#number = 0;

	/** Makes the directory (0700) and the log's first file, which names the end of the log before. */
	constructor(options: JournalOptions) {
		this.#options = options;
		mkdirSync(options.directory, { recursive: true, mode: 0o700 });
		if (options.durable) syncDirectory(dirname(options.directory));
		this.#chain = new Chain(nextLogId(options.now(), recordFiles(options.directory).at(-1)));
		this.#beginFile(findEnd(options.directory) ?? null);
	}

	get log(): string {
		return this.#chain.log;
	}

	/** The number of the file that is written to. */
	get file(): number {
		return this.#number;
	}

	/** Writes the events in one go; the file is changed first when it is full. */
	write(entries: readonly Entry[]): void {
		const file = this.#current();
		if (file.size >= this.#options.maxFileBytes) this.#rotate();
		try {
			for (const entry of entries) this.#add(entry);
			this.#put();
		} catch (error) {
			this.#undo();
			throw error;
		}
	}

	/** Resolves when what was written is on disk. */
	sync(): Promise<void> {
		return this.#current().sync();
	}

	/** Signs where the log stands, and looks whether its file still does. */
	checkpoint(reason: CheckpointReason): Checkpoint {
		const file = this.#current();
		file.checkInPlace();
		return this.#writeCheckpoint(file, reason);
	}

	/** After a failed write: goes on in the same file if that can be, else in a new one; throws when neither can. */
	recover(first: Entry): void {
		const file = this.#file;
		if (file !== undefined && !file.broken) {
			try {
				file.checkInPlace();
				this.write([first]);
				return;
			} catch {
				// The file itself may be what fails (a limit on its size, a bad sector): try another.
			}
			if (this.#options.durable) file.syncNow();
		}
		this.#beginFile(null);
		this.write([first]);
	}

	/** Ends the log with a checkpoint, on disk. */
	async close(): Promise<Checkpoint> {
		const file = this.#current();
		const last = this.checkpoint("close");
		file.syncNow();
		await file.close();
		return last;
	}

	#current(): LogFile {
		if (this.#file === undefined || this.#file.broken) throw new Error("no file of the record is open");
		return this.#file;
	}

	#rotate(): void {
		const old = this.#current();
		const next = this.#createFile();
		try {
			this.#writeCheckpoint(old, "rotate");
			if (this.#options.durable) old.syncNow();
			this.#writeHeader(next, null);
		} catch (error) {
			discard(next);
			throw error;
		}
		this.#take(next);
	}

	#beginFile(previous: LogEnd | null): void {
		const next = this.#createFile();
		try {
			this.#writeHeader(next, previous);
		} catch (error) {
			discard(next);
			throw error;
		}
		this.#take(next);
	}

	#createFile(): LogFile {
		const path = join(this.#options.directory, fileName(this.log, this.#number + 1));
		const file = LogFile.create(path, this.#options.onSyncFailed);
		if (this.#options.durable) syncDirectory(this.#options.directory);
		return file;
	}

	#take(file: LogFile): void {
		void this.#file?.close();
		this.#file = file;
		this.#number++;
	}

	#writeHeader(file: LogFile, previous: LogEnd | null): void {
		const header = {
			type: "file",
			format: FORMAT,
			log: this.log,
			file: this.#number + 1,
			key: this.#options.key.publicBase64,
			open_sessions: this.#chain.openSessions,
			previous,
		};
		this.#writeSigned(file, header);
	}

	#writeCheckpoint(file: LogFile, reason: CheckpointReason): Checkpoint {
		const open = this.#chain.openSessions;
		this.#writeSigned(file, {
			type: "checkpoint",
			reason,
			log: this.log,
			file: this.#number,
			open_sessions: open,
		});
		return { log: this.log, seq: this.#chain.seq, hash: this.#chain.head };
	}

	#writeSigned(file: LogFile, fields: object): void {
		const time = new Date(this.#options.now()).toISOString();
		const stamp = this.#chain.stamp(time, null);
		const line = { head: JSON.stringify(fields).slice(1, -1), common: null, rest: "" };
		const key = this.#options.key;
		try {
			this.#chain.advance(
				null,
				this.#lines.add(stamp, line, (lineHash) => key.sign(lineHash)),
				false,
			);
			file.write(this.#lines.lines);
			this.#chain.commit();
			this.#lines.clear();
		} catch (error) {
			this.#undo();
			throw error;
		}
	}

	#add(entry: Entry): void {
		const stamp = this.#chain.stamp(entry.time, entry.session);
		this.#chain.advance(entry.session, this.#lines.add(stamp, entry), entry.ends);
	}

	#put(): void {
		this.#current().write(this.#lines.lines);
		this.#chain.commit();
		this.#lines.clear();
	}

	#undo(): void {
		this.#chain.rollback();
		this.#lines.clear();
	}
}

/** A file that could not be begun leaves nothing behind. */
function discard(file: LogFile): void {
	void file.close();
	try {
		unlinkSync(file.path);
	} catch {
		// An empty file, or a torn line in it, is told by its being the last thing in the log.
	}
}

function syncDirectory(directory: string): void {
	const fd = openSync(directory, "r");
	try {
		fsyncSync(fd);
	} finally {
		closeSync(fd);
	}
}
