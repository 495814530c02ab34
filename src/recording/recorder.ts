import { join } from "node:path";
import { type Clock, type Log, systemClock } from "../lib/index.ts";
import { type RecordingsConfig, recordDirectory } from "./config.ts";
import { RecordingError } from "./errors.ts";
import type { RecordEvent } from "./events.ts";
import { type CheckpointReason, type Entry, Journal } from "./journal.ts";
import { SigningKey } from "./key.ts";
import { OpenSessions } from "./open-sessions.ts";
import { Outbox } from "./outbox.ts";
import { type ByteRange, RecordedText } from "./recorded-text.ts";
import { RowsRecorder } from "./rows.ts";
import { serialise } from "./serialise.ts";
import { Timestamp } from "./timestamp.ts";

export interface RecorderOptions {
	/** Holds `record/`, unless `config.url` names another directory, and `keys/`. */
	readonly dataDir: string;
	readonly config: RecordingsConfig;
	readonly log: Log;
	readonly clock?: Clock;
	/** How often a record that can't be written is tried again; 500 ms. */
	readonly probeIntervalMs?: number;
}

const PROBE_INTERVAL_MS = 500;

/**
 * Writes the record of one process. An event of a session must lie between its `session_start` and its
 * `session_end`. One write to the operating system covers everything that waits at that moment, in order. It is a
 * blocking write: a disk that stalls stalls the process, since nothing may go on unrecorded anyway.
 */
export class Recorder {
	/** PEM; who verifies keeps it away from this machine. */
	readonly publicKey: string;
	readonly #options: RecorderOptions;
	readonly #journal: Journal;
	readonly #key: SigningKey;
	readonly #durable: boolean;
	readonly #serialising: { maxCommandBytes: number; digestKey: Buffer };
	readonly #time: Timestamp;
	readonly #sessions = new OpenSessions();
	readonly #outbox = new Outbox();
	#failure: { error: RecordingError; at: string; refused: number } | undefined;
	#probe: NodeJS.Timeout | undefined;
	#checkpointTimer: NodeJS.Timeout | undefined;
	#flushing = false;
	#sessionEnded = false;
	#closed = false;

	private constructor(options: RecorderOptions) {
		const { config, dataDir } = options;
		this.#options = options;
		this.#key = SigningKey.open(join(dataDir, "keys"));
		this.publicKey = this.#key.publicPem;
		this.#durable = config.durability === "fsync";
		this.#serialising = { maxCommandBytes: config.max_command_bytes, digestKey: this.#key.digestKey };
		const clock = options.clock ?? systemClock;
		this.#time = new Timestamp(clock);
		this.#journal = new Journal({
			directory: recordDirectory(config, dataDir),
			key: this.#key,
			maxFileBytes: config.max_file_bytes,
			durable: this.#durable,
			now: () => clock.now(),
			onSyncFailed: (error) => this.#fail(error),
		});
	}

	/** Begins this process's log. Throws `record_key_unusable` or `record_unwritable`. */
	static async open(options: RecorderOptions): Promise<Recorder> {
		try {
			const recorder = new Recorder(options);
			recorder.#announceKey();
			return recorder;
		} catch (error) {
			if (error instanceof RecordingError) throw error;
			throw unwritable(error);
		}
	}

	/** False while the record can't be written: nothing may be let through then. */
	get healthy(): boolean {
		return this.#failure === undefined && !this.#closed;
	}

	/**
	 * Appends one event. Returns undefined when it is as durable as configured (`write`), else a promise (`fsync`)
	 * that resolves when it is on disk and rejects when it can't be brought there. Throws RecordingError
	 * (`record_unwritable`) when it can't be written; every later call throws too until a write works again.
	 */
	append(event: RecordEvent): undefined | Promise<void> {
		this.#refuseUnlessHealthy();
		this.#sessions.admit(event);
		const entry = this.#entry(event);
		this.#outbox.add(entry);
		try {
			this.#write();
		} catch (error) {
			this.#outbox.removeLast();
			this.#sessions.undo(event);
			throw this.#fail(error);
		}
		if (entry.ends) {
			this.#sessionEnded = true;
			this.#flushSoon();
		}
		return this.#durable ? this.#synced() : undefined;
	}

	/**
	 * Appends an event that nothing waits for (outcomes, rows, `session_end`): it is written with the next `append`,
	 * or at the end of the event loop's turn, in order. While the record can't be written it is kept, up to a bound,
	 * and written when it can be again; what was lost is then counted in a `recovered` event. Throws only for an
	 * event that belongs to no open session, and after `close`.
	 */
	appendLater(event: RecordEvent): void {
		if (this.#closed) throw new RecordingError("record_closed");
		this.#sessions.admit(event);
		const entry = this.#entry(event);
		if (entry.ends) this.#sessionEnded = true;
		if (this.#failure !== undefined) {
			this.#outbox.hold(entry);
			return;
		}
		this.#outbox.add(entry);
		this.#flushSoon();
	}

	/** Prepares a command's text: the ranges are of UTF-8 bytes where a password stands. To be kept with the text. */
	text(text: string, redactions: readonly ByteRange[] = []): RecordedText {
		return new RecordedText(text, redactions, this.#serialising.maxCommandBytes, this.#key.digestKey);
	}

	/** Takes a command's rows, for a decision whose record level is `full`. */
	rows(session: string, command: string, columns: readonly string[]): RowsRecorder {
		const write = (event: RecordEvent) => this.appendLater(event);
		return new RowsRecorder(write, session, command, columns, this.#options.config.max_row_bytes);
	}

	/** Writes what waits, signs the log's end and closes it, on disk. Throws `record_unwritable` when it can't. */
	async close(): Promise<void> {
		if (this.#closed) return;
		if (this.#failure !== undefined) this.#recover();
		this.#closed = true;
		clearInterval(this.#probe);
		clearTimeout(this.#checkpointTimer);
		try {
			this.#write();
			this.#announce(await this.#journal.close());
		} catch (error) {
			throw this.#failure?.error ?? unwritable(error);
		}
	}

	#entry(event: RecordEvent): Entry {
		const body = serialise(event, this.#serialising);
		return { time: this.#time.now(), session: event.session, body, ends: event.type === "session_end" };
	}

	#write(): void {
		if (this.#outbox.empty) return;
		this.#journal.write(this.#outbox.entries);
		this.#outbox.clear();
		this.#checkpointTimer ??= setTimeout(
			() => this.#checkpoint("interval"),
			this.#options.config.checkpoint_interval,
		).unref();
	}

	async #synced(): Promise<void> {
		try {
			await this.#journal.sync();
		} catch (error) {
			throw unwritable(error);
		}
	}

	#flushSoon(): void {
		if (this.#flushing) return;
		this.#flushing = true;
		setImmediate(() => this.#flush());
	}

	#flush(): void {
		this.#flushing = false;
		if (this.#failure !== undefined || this.#closed) return;
		try {
			this.#write();
		} catch (error) {
			this.#fail(error);
			return;
		}
		if (this.#sessionEnded) this.#checkpoint("session_end");
	}

	#checkpoint(reason: CheckpointReason): void {
		clearTimeout(this.#checkpointTimer);
		this.#checkpointTimer = undefined;
		if (this.#failure !== undefined || this.#closed) return;
		try {
			this.#announce(this.#journal.checkpoint(reason));
			this.#sessionEnded = false;
		} catch (error) {
			this.#fail(error);
		}
	}

	#refuseUnlessHealthy(): void {
		if (this.#closed) throw new RecordingError("record_closed");
		if (this.#failure === undefined) return;
		this.#failure.refused++;
		throw this.#failure.error;
	}

	#fail(cause: unknown): RecordingError {
		if (this.#failure !== undefined) return this.#failure.error;
		const error = unwritable(cause);
		this.#failure = { error, at: this.#time.now(), refused: 0 };
		this.#options.log.error({ code: error.code, err: error.operator, remedy: error.remedy }, error.message);
		const interval = this.#options.probeIntervalMs ?? PROBE_INTERVAL_MS;
		this.#probe = setInterval(() => this.#recover(), interval).unref();
		return error;
	}

	#recover(): void {
		const failure = this.#failure;
		if (failure === undefined) return;
		const { at, refused } = failure;
		const lost = this.#outbox.lost;
		const event = { type: "recovered", failed_at: at, error: failure.error.operator, refused, lost };
		const body = JSON.stringify(event).slice(1, -1);
		try {
			this.#journal.recover({ time: this.#time.now(), session: null, body, ends: false });
		} catch {
			return;
		}
		clearInterval(this.#probe);
		this.#failure = undefined;
		this.#outbox.forgetLost();
		this.#options.log.warn({ failed_at: at, refused, lost }, "the record can be written again");
		this.#flushSoon();
	}

	#announce(checkpoint: object): void {
		this.#options.log.info(checkpoint, "record checkpoint");
	}

	#announceKey(): void {
		const { fresh, id, publicPem } = this.#key;
		if (fresh)
			this.#options.log.warn({ key: id, public_key: publicPem }, "made a new key that signs the record");
	}
}

function unwritable(cause: unknown): RecordingError {
	return new RecordingError("record_unwritable", undefined, { operator: String(cause), cause });
}
