import { join } from "node:path";
import { type Clock, type Log, systemClock } from "../lib/index.ts";
import { type RecordingsConfig, recordDirectory } from "./config.ts";
import { type Entry, EntryMaker } from "./entries.ts";
import { RecordingError } from "./errors.ts";
import type { CommandEvent, RecordEvent, SessionStartEvent } from "./events.ts";
import { FollowUps } from "./follow-ups.ts";
import { type CheckpointReason, Journal } from "./journal.ts";
import { SigningKey } from "./key.ts";
import { describeEvent, type OpenSession, OpenSessions } from "./open-sessions.ts";
import { Outage, unwritable } from "./outage.ts";
import { Outbox } from "./outbox.ts";
import { KnownAnalyses } from "./recorded-analysis.ts";
import { type ByteRange, maskedToken, RecordedText } from "./recorded-text.ts";
import { RowsRecorder } from "./rows.ts";
import { type Staged, StagedEvents } from "./staged.ts";

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
/** A write for each outcome would cost as much as the one for its command; with this most go along with the next. */
export const FLUSH_DELAY_MS = 3;

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
	readonly #entries: EntryMaker;
	readonly #sessions = new OpenSessions();
	readonly #outbox = new Outbox();
	readonly #followUps: FollowUps;
	readonly #analyses = new KnownAnalyses();
	#outage: Outage | undefined;
	#checkpointTimer: NodeJS.Timeout | undefined;
	#flushTimer: NodeJS.Timeout | undefined;
	#staged: StagedEvents | undefined;
	#sessionEnded = false;
	#closed = false;

	private constructor(options: RecorderOptions) {
		const { config, dataDir } = options;
		const clock = options.clock ?? systemClock;
		this.#options = options;
		this.#key = SigningKey.open(join(dataDir, "keys"));
		this.publicKey = this.#key.publicPem;
		this.#durable = config.durability === "fsync";
		const serialising = { maxCommandBytes: config.max_command_bytes, digestKey: this.#key.digestKey };
		this.#entries = new EntryMaker(serialising, clock);
		this.#followUps = new FollowUps(this.#entries, (entry) => this.#keep(entry));
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
			throw error instanceof RecordingError ? error : unwritable(error);
		}
	}

	/** False while the record can't be written: nothing may be let through then. */
	get healthy(): boolean {
		return this.#outage === undefined && !this.#closed;
	}

	/**
	 * Appends one event. Returns undefined when it is as durable as configured (`write`), else a promise (`fsync`)
	 * that resolves when it is on disk and rejects when it can't be brought there. Throws RecordingError
	 * (`record_unwritable`) when it can't be written; every later call throws too until a write works again.
	 */
	append(event: RecordEvent): undefined | Promise<void> {
		this.#assertWritable();
		const session = this.#sessions.admit(event);
		this.#outbox.add(
			event.type === "command" ? this.#command(event, session) : this.#awaited(event, session),
		);
		try {
			this.#write();
		} catch (error) {
			this.#sessions.undo(event, session);
			throw error;
		}
		if (event.type === "session_end") this.#sessionEnded = true;
		if (this.#sessionEnded) this.#flushSoon();
		return this.#durable ? this.#synced() : undefined;
	}

	/**
	 * Appends a command that is about to go on: it is in the record when what this returns was settled (`write`), which
	 * one write does for all commands that wait then, or has resolved (`fsync`). Throws as `append`.
	 */
	stage(event: CommandEvent): Staged | Promise<void> {
		if (this.#durable) return this.append(event) ?? Promise.resolve();
		this.#assertWritable();
		this.#outbox.add(this.#command(event, this.#sessions.admit(event)));
		this.#staged ??= new StagedEvents(this.#writeAll);
		this.#flushSoon(); // for those that never go on
		return this.#staged;
	}

	/**
	 * Appends an event that nothing waits for (outcomes, rows, `session_end`): it is written with the next `append`,
	 * or within FLUSH_DELAY_MS, in order; that is what a process that is killed may lose. `forwarded` becomes a part of
	 * its command's outcome if that comes first, and an outcome a part of the session's next command, else a line of
	 * its own within twice that time. Never throws. While the record
	 * can't be written the event is kept, up to a bound, and written when it can be again; what was lost is then
	 * counted in a `recovered` event.
	 * An event of a session that is not open is kept as a `late` event of no session, and told to the operator.
	 */
	appendLater(event: Exclude<RecordEvent, SessionStartEvent | CommandEvent>): void {
		if (this.#closed) {
			this.#complain(new RecordingError("record_closed", undefined, { operator: describeEvent(event) }));
			return;
		}
		const session = this.#openSession(event);
		if (session === undefined) return this.#keep(this.#entries.late(event));
		if (session === null) return this.#keep(this.#entries.of(event, null, false));
		switch (event.type) {
			case "forwarded":
				this.#followUps.forwarded(session, event.command);
				return this.#flushSoon();
			case "outcome":
				if (this.#outage !== undefined) return this.#followUps.tellOutcome(session, event);
				this.#followUps.ended(session, event);
				return this.#flushSoon();
			case "rows":
				this.#followUps.tellForwarded(session, event.command);
				break;
			case "session_end":
				this.#followUps.tellAll(session);
				this.#sessionEnded = true;
				break;
		}
		this.#followUps.tellEnded(session);
		this.#keep(this.#entries.of(event, session, false));
	}

	/**
	 * Prepares a command's text: the ranges are of UTF-8 bytes where a password stands. A long one is to be kept with the
	 * text. @param quoted the text as JSON, where somebody has that already
	 */
	text(
		text: string,
		redactions: readonly ByteRange[] = [],
		quoted: string | null = null,
		masked: readonly ByteRange[] = [],
	): RecordedText {
		const maxBytes = this.#options.config.max_command_bytes;
		return new RecordedText(text, quoted, { redactions, masked }, maxBytes, this.#key.digestKey);
	}

	/** What stands in the record for a value that is masked. */
	token(value: string): string {
		return maskedToken(value, this.#key.digestKey);
	}

	/** Takes a command's rows, for a decision whose record level is `full`. */
	rows(session: string, command: string, columns: readonly string[]): RowsRecorder {
		const maxBytes = this.#options.config.max_row_bytes;
		return new RowsRecorder((event) => this.appendLater(event), session, command, columns, maxBytes);
	}

	/** Writes what waits, signs the log's end and closes it, on disk. Throws `record_unwritable` when it can't. */
	async close(): Promise<void> {
		if (this.#closed) return;
		this.#recover();
		this.#followUps.tellAllSessions();
		this.#closed = true;
		this.#outage?.end();
		try {
			this.#write();
			this.#announce(await this.#journal.close());
		} catch (error) {
			throw this.#outage?.error ?? unwritable(error);
		} finally {
			this.#outage?.end();
			clearTimeout(this.#checkpointTimer);
			clearTimeout(this.#flushTimer);
		}
	}

	/** With the outcome of the session's command before, if nothing came in between. */
	#command(event: CommandEvent, session: OpenSession | null): Entry {
		const { analysis } = event.verdict;
		// Before the first command of a file that refers to it.
		if (analysis !== null && this.#analyses.isNew(analysis, this.#journal.file))
			this.#outbox.add(this.#entries.analysis(analysis));
		return this.#entries.command(event, session, session?.takeEnded() ?? null);
	}

	#awaited(event: Exclude<RecordEvent, CommandEvent>, session: OpenSession | null): Entry {
		if (event.type === "session_end" && session !== null) this.#followUps.tellAll(session);
		else if (session !== null) this.#followUps.tellEnded(session);
		return this.#entries.of(event, session, true);
	}

	/** Null for an event of no session; undefined where the session isn't open, which the operator is told. */
	#openSession(event: RecordEvent): OpenSession | null | undefined {
		try {
			return this.#sessions.admit(event);
		} catch (error) {
			if (!(error instanceof RecordingError)) throw error;
			this.#complain(error);
			return undefined;
		}
	}

	#keep(entry: Entry): void {
		if (this.#outage !== undefined) return this.#outbox.hold(entry);
		this.#outbox.add(entry);
		this.#flushSoon();
	}

	#assertWritable(): void {
		if (this.#closed) throw new RecordingError("record_closed");
		if (this.#outage !== undefined) throw this.#outage.refuse();
	}

	readonly #writeAll = (): void => this.#write();

	/** Writes all that waits. When it can't, what was awaited is refused and the rest goes on waiting. */
	#write(): void {
		if (this.#outbox.empty) return;
		const staged = this.#staged;
		this.#staged = undefined;
		try {
			if (this.#outage !== undefined) throw this.#outage.error;
			this.#journal.write(this.#outbox.entries);
		} catch (thrown) {
			this.#outbox.dropAwaited();
			const error = this.#fail(thrown);
			staged?.failed(error);
			throw error;
		}
		staged?.written();
		this.#outbox.clear();
		const interval = this.#options.config.checkpoint_interval;
		this.#checkpointTimer ??= setTimeout(() => this.#checkpoint("interval"), interval).unref();
	}

	async #synced(): Promise<void> {
		try {
			await this.#journal.sync();
		} catch (error) {
			throw unwritable(error);
		}
	}

	#flushSoon(): void {
		const ending = this.#sessionEnded; // its checkpoint is due at once
		if (this.#flushTimer !== undefined && !ending) return;
		clearTimeout(this.#flushTimer);
		this.#flushTimer = setTimeout(() => this.#flush(), ending ? 0 : FLUSH_DELAY_MS);
	}

	#flush(): void {
		this.#flushTimer = undefined;
		if (!this.healthy) return;
		this.#followUps.tellOld();
		if (!this.#followUps.empty) this.#flushSoon();
		try {
			this.#write();
		} catch {
			return; // told to the operator already
		}
		if (this.#sessionEnded) this.#checkpoint("session_end");
	}

	#checkpoint(reason: CheckpointReason): void {
		clearTimeout(this.#checkpointTimer);
		this.#checkpointTimer = undefined;
		if (!this.healthy) return;
		try {
			this.#announce(this.#journal.checkpoint(reason));
			this.#sessionEnded = false;
		} catch (error) {
			this.#fail(error);
		}
	}

	#fail(cause: unknown): RecordingError {
		if (this.#outage === undefined) {
			const interval = this.#options.probeIntervalMs ?? PROBE_INTERVAL_MS;
			this.#outage = new Outage(cause, this.#entries.now(), interval, () => this.#recover());
			this.#complain(this.#outage.error);
		}
		return this.#outage.error;
	}

	#recover(): void {
		if (this.#outage === undefined) return;
		const report = this.#outage.report(this.#outbox.lost);
		try {
			this.#journal.recover(this.#entries.recovered(report));
		} catch {
			return;
		}
		this.#outage.end();
		this.#outage = undefined;
		this.#outbox.forgetLost();
		this.#options.log.warn(report, "the record can be written again");
		this.#flushSoon();
	}

	#announce(checkpoint: object): void {
		this.#options.log.info(checkpoint, "record checkpoint");
	}

	#announceKey(): void {
		const { fresh, id, publicPem } = this.#key;
		const fields = { key: id, public_key: publicPem };
		if (fresh) this.#options.log.warn(fields, "made a new key that signs the record");
	}

	#complain({ code, operator, remedy, message }: RecordingError): void {
		this.#options.log.error({ code, err: operator, remedy }, message);
	}
}
