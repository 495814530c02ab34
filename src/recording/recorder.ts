import { join } from "node:path";
import { type Clock, type Log, systemClock } from "../lib/index.ts";
import { type RecordingsConfig, recordDirectory } from "./config.ts";
import { EntryMaker } from "./entries.ts";
import { RecordingError } from "./errors.ts";
import type { CommandEvent, ForwardedEvent, RecordEvent, SessionStartEvent } from "./events.ts";
import { type CheckpointReason, type Entry, Journal } from "./journal.ts";
import { SigningKey } from "./key.ts";
import { describeEvent, OpenSessions } from "./open-sessions.ts";
import { Outage, unwritable } from "./outage.ts";
import { Outbox } from "./outbox.ts";
import { KnownAnalyses } from "./recorded-analysis.ts";
import { type ByteRange, RecordedText } from "./recorded-text.ts";
import { RowsRecorder } from "./rows.ts";
import { type Staged, StagedEvents } from "./staged.ts";
import { Waiting } from "./waiting.ts";

export interface RecorderOptions {
	/** Holds `record/`, unless `config.url` names another directory, and `keys/`. */
	readonly dataDir: string;
	readonly config: RecordingsConfig;
	readonly log: Log;
	readonly clock?: Clock;
	/** How often a record that can't be written is tried again; 500 ms. */
	readonly probeIntervalMs?: number;
}

/** A command that went to its upstream, and when (RFC 3339). */
interface Forwarded {
	readonly event: ForwardedEvent;
	readonly time: string;
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
	/** Commands that were forwarded and whose outcome is not known, by their ids. */
	readonly #forwarded = new Waiting<Forwarded>();
	/** What ended last in a session, by the session: the line of its next command has room for it. */
	readonly #outcomes = new Waiting<Entry>();
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
		if (event.type === "session_end") this.#tellForwardedOf(event.session);
		this.#outbox.add(event.type === "command" ? this.#command(event) : this.#other(event));
		try {
			this.#write();
		} catch (error) {
			this.#sessions.undo(event);
			throw error;
		}
		if (event.type === "session_end") this.#sessionEnded = true;
		if (this.#sessionEnded) this.#flushSoon();
		return this.#durable ? this.#synced() : undefined;
	}

	/**
	 * Appends a command that is about to go on: it is in the record when what this returns was settled (`write`), which
	 * one turn of the event loop does for all commands that came in it, or has resolved (`fsync`). Throws as `append`.
	 */
	stage(event: CommandEvent): Staged | Promise<void> {
		if (this.#durable) return this.append(event) ?? Promise.resolve();
		this.#assertWritable();
		this.#outbox.add(this.#command(event));
		if (this.#staged === undefined) {
			const staged = new StagedEvents(() => this.#write());
			this.#staged = staged;
			setImmediate(() => this.#settle(staged));
		}
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
	appendLater(event: Exclude<RecordEvent, SessionStartEvent>): void {
		if (this.#closed) {
			this.#complain(new RecordingError("record_closed", undefined, { operator: describeEvent(event) }));
			return;
		}
		if (event.type === "forwarded") {
			this.#forwarded.add(event.command, { event, time: this.#entries.now() });
			return this.#flushSoon();
		}
		if (event.type === "outcome") return this.#keep(event, this.#forwarded.take(event.command)?.time);
		if (event.type === "rows") this.#tellForwarded(this.#forwarded.take(event.command));
		if (event.type === "session_end") this.#tellForwardedOf(event.session);
		this.#keep(event);
	}

	/** Prepares a command's text: the ranges are of UTF-8 bytes where a password stands. To be kept with the text. */
	text(text: string, redactions: readonly ByteRange[] = []): RecordedText {
		return new RecordedText(text, redactions, this.#options.config.max_command_bytes, this.#key.digestKey);
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
		this.#tellForwarded(...this.#forwarded.takeAll());
		this.#tellOutcomes(this.#outcomes.takeAll());
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

	/** Before the first command of a file that refers to it. It says what the text means, so it is kept with that. */
	#addAnalysis({ analysis, level }: CommandEvent): void {
		if (analysis === undefined || level === "none" || !this.#analyses.isNew(analysis, this.#journal.file))
			return;
		this.#outbox.add(this.#entries.analysis(analysis));
	}

	/** @param forwarded when the command of an outcome went up, if no line says so yet */
	#keep(event: RecordEvent, forwarded?: string): void {
		const entry = this.#admitted(event, forwarded);
		this.#tellOutcomeOf(entry.session);
		if (entry.ends) this.#sessionEnded = true;
		if (this.#outage !== undefined) {
			this.#outbox.hold(entry);
			return;
		}
		if (event.type === "outcome" && entry.session !== null) this.#outcomes.add(entry.session, entry);
		else this.#outbox.add(entry);
		this.#flushSoon();
	}

	/** With the outcome of the session's command before, if nothing came in between. */
	#command(event: CommandEvent): Entry {
		this.#sessions.admit(event);
		this.#addAnalysis(event);
		return this.#entries.awaited(event, this.#outcomes.take(event.session));
	}

	#other(event: RecordEvent): Entry {
		const entry = this.#entries.awaited(event);
		this.#sessions.admit(event);
		this.#tellOutcomeOf(event.session);
		return entry;
	}

	/** Before whatever comes next in its session. */
	#tellOutcomeOf(session: string | null): void {
		const outcome = session === null ? undefined : this.#outcomes.take(session);
		if (outcome !== undefined) this.#outbox.add(outcome);
	}

	#tellOutcomes(outcomes: readonly Entry[]): void {
		for (const outcome of outcomes) this.#outbox.add(outcome);
	}

	#tellForwardedOf(session: string): void {
		this.#tellForwarded(...this.#forwarded.takeAll(({ event }) => event.session === session));
	}

	#tellForwarded(...commands: readonly (Forwarded | undefined)[]): void {
		for (const command of commands) if (command !== undefined) this.#keep(command.event, command.time);
	}

	#admitted(event: RecordEvent, forwarded?: string): Entry {
		try {
			this.#sessions.admit(event);
		} catch (error) {
			if (!(error instanceof RecordingError)) throw error;
			this.#complain(error);
			return this.#entries.late(event);
		}
		return this.#entries.of(event, forwarded);
	}

	#assertWritable(): void {
		if (this.#closed) throw new RecordingError("record_closed");
		if (this.#outage !== undefined) throw this.#outage.refuse();
	}

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

	/** For commands that never went on. */
	#settle(staged: Staged): void {
		try {
			staged.settle();
		} catch {
			// told to the operator already
		}
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
		this.#tellForwarded(...this.#forwarded.takeOld());
		this.#tellOutcomes(this.#outcomes.takeOld());
		if (!this.#forwarded.empty || !this.#outcomes.empty) this.#flushSoon();
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
