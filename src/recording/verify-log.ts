import type { KeyObject } from "node:crypto";
import { join } from "node:path";
import { numberOf, textOf } from "./fields.ts";
import { fileName, logRoot } from "./format.ts";
import { isSignedBy, publicKeyId, readPublicKey } from "./key.ts";
import { type FileLine, readLines } from "./read-lines.ts";
import { parseLine, type StoredEvent } from "./stored-event.ts";
import { type Anchor, type Findings, fileplace, type Place } from "./verification.ts";
import { SessionChains } from "./verify-sessions.ts";

export interface LogCheckOptions {
	readonly directory: string;
	/** What to verify against; without one, what the log's first header says. */
	readonly key: KeyObject | undefined;
	/** The sequences whose hashes the report is to tell. */
	readonly wanted: ReadonlySet<number>;
	/** Only one file of the log is verified. */
	readonly single: boolean;
}

/** What the verification of one log's own files tells those that look at all of them. */
export interface LogReport {
	readonly log: string;
	readonly key: KeyObject | undefined;
	readonly files: number;
	readonly events: number;
	readonly sessions: number;
	readonly checkpoints: number;
	readonly lastSeq: number;
	/** The last event that a valid signature covers. */
	readonly signedSeq: number;
	readonly hashes: ReadonlyMap<number, string>;
	/** Where the log's own last line stands. */
	readonly end: Place;
}

/** Verifies the files of one log, in order: every line, both chains, every signature. */
export class LogCheck {
	readonly #log: string;
	readonly #findings: Findings;
	readonly #options: LogCheckOptions;
	readonly #sessions: SessionChains;
	readonly #hashes = new Map<number, string>();
	#key: KeyObject | undefined;
	#number = 0;
	#events = 0;
	#checkpoints = 0;
	#seq = 0;
	#head: string;
	#signedSeq = 0;
	/** The line before could not be read, so what follows it can't be held against it. */
	#lost: boolean;
	#damaged = false;
	#closedBy: string | undefined;
	#end: Place;

	constructor(log: string, firstFile: number, findings: Findings, options: LogCheckOptions) {
		this.#log = log;
		this.#findings = findings;
		this.#options = options;
		this.#key = options.key;
		this.#sessions = new SessionChains(log, findings, firstFile > 1);
		this.#head = logRoot(log);
		this.#lost = firstFile > 1;
		this.#end = fileplace(fileName(log, firstFile));
	}

	async run(numbers: readonly number[]): Promise<LogReport> {
		for (const number of numbers) {
			this.#missingFiles(number);
			this.#number = number;
			for await (const line of readLines(join(this.#options.directory, fileName(this.#log, number)))) {
				this.#line(line);
			}
		}
		this.#noteEnd();
		return {
			log: this.#log,
			key: this.#key,
			files: numbers.length,
			events: this.#events,
			sessions: this.#sessions.count,
			checkpoints: this.#checkpoints,
			lastSeq: this.#seq,
			signedSeq: this.#signedSeq,
			hashes: this.#hashes,
			end: this.#end,
		};
	}

	#missingFiles(number: number): void {
		if (this.#options.single) return;
		for (let missing = this.#number + 1; missing < number; missing++) {
			const file = fileName(this.#log, missing);
			this.#damaged = true;
			this.#findings.problem("file_missing", fileplace(file), `the file ${file} is missing`);
		}
	}

	#noteEnd(): void {
		const ended = this.#closedBy === "close" || (this.#options.single && this.#closedBy === "rotate");
		if (ended) return;
		const unsigned = this.#seq - this.#signedSeq;
		const message = `log ${this.#log} is not closed: its process runs still or was killed; ${unsigned} events follow its last checkpoint`;
		this.#findings.note("not_closed", this.#end, message, unsigned);
	}

	#line(line: FileLine): void {
		const file = fileName(this.#log, this.#number);
		const parsed = parseLine(line.bytes);
		if (!parsed.ok || (!line.ended && !parsed.event.intact)) {
			const place = { ...fileplace(file), line: line.line, offset: line.offset };
			this.#unreadable(line, place, parsed.ok ? "it is cut off" : parsed.why);
			return;
		}
		const { event } = parsed;
		const place = { file, line: line.line, offset: line.offset, seq: event.seq, session: event.session };
		this.#events++;
		if (!event.intact) {
			this.#damaged = true;
			this.#findings.problem(
				"edited",
				place,
				"the line was edited: its bytes don't have the hash that it states",
			);
		}
		if (this.#closedBy === "close") {
			this.#findings.problem("after_close", place, "the log was closed before this event");
		}
		if ((line.line === 1) !== (event.type === "file")) {
			this.#findings.problem("misplaced", place, "a file's header, and nothing else, is its first line");
		}
		if (this.#takesItsPlace(event, place)) this.#accept(event, place);
	}

	#unreadable(line: FileLine, place: Place, why: string): void {
		if (!line.ended) {
			this.#findings.note("torn_line", place, "the last line was cut off while it was written");
			return;
		}
		this.#damaged = true;
		this.#lost = true;
		this.#findings.problem("unreadable", place, why);
	}

	/** Holds the event against the one before; false when it stands where no event of its sequence may. */
	#takesItsPlace(event: StoredEvent, place: Place): boolean {
		const expected = this.#seq + 1;
		if (event.seq < expected) {
			this.#damaged = true;
			const message = `event ${event.seq} stands after event ${this.#seq}: it was moved, repeated or put in`;
			this.#findings.problem("out_of_order", place, message);
			return false;
		}
		if (event.seq > expected) this.#gap(expected, event.seq, place);
		else if (event.intact && event.chain !== this.#head) {
			this.#damaged = true;
			const message = `the event before this one (${this.#seq}) was changed or replaced, or this one was`;
			this.#findings.problem("chain_broken", place, message);
		}
		return true;
	}

	/** One event is missing where a line could not be read; that one was named. */
	#gap(expected: number, seq: number, place: Place): void {
		if (this.#lost && (seq === expected + 1 || this.#events === 1)) return;
		this.#damaged = true;
		const which = seq - 1 === expected ? `event ${expected} is` : `events ${expected} to ${seq - 1} are`;
		this.#findings.problem("events_missing", place, `${which} missing before this one`);
	}

	#accept(event: StoredEvent, place: Place): void {
		this.#lost = false;
		this.#seq = event.seq;
		this.#head = event.hash;
		this.#end = place;
		this.#closedBy = undefined;
		if (this.#options.wanted.has(event.seq)) this.#hashes.set(event.seq, event.hash);
		if (event.type === "file" || event.type === "checkpoint") this.#signed(event, place);
		else if (event.signature !== null) {
			this.#findings.problem("edited", place, "the line carries a signature that its type doesn't have");
		}
		this.#sessions.follow(event, place);
	}

	#signed(event: StoredEvent, place: Place): void {
		const { fields } = event;
		if (event.type === "checkpoint") this.#closedBy = textOf(fields, "reason") ?? "";
		if (fields["log"] !== this.#log || fields["file"] !== this.#number) {
			this.#findings.problem("misplaced", place, "this line was written in another file");
		}
		if (!this.#options.single && !this.#damaged && fields["open_sessions"] !== this.#sessions.open) {
			const message = `${numberOf(fields, "open_sessions")} sessions were open here, and not ${this.#sessions.open}`;
			this.#findings.problem("misplaced", place, message);
		}
		if (event.type === "file") this.#headerKey(textOf(fields, "key") ?? "", place);
		if (this.#key === undefined) return;
		if (event.intact && event.signature !== null && isSignedBy(this.#key, event.hash, event.signature)) {
			this.#signedSeq = event.seq;
			if (event.type === "checkpoint") this.#checkpoints++;
			return;
		}
		this.#damaged = true;
		const message = `the signature doesn't fit: something in events ${this.#signedSeq + 1} to ${event.seq} was changed by somebody without the key`;
		this.#findings.problem("signature_invalid", place, message);
	}

	#headerKey(stated: string, place: Place): void {
		let key: KeyObject;
		try {
			key = readPublicKey(stated);
		} catch {
			this.#findings.problem("wrong_key", place, "the file's header states no readable key");
			return;
		}
		this.#key ??= key;
		if (key.equals(this.#key)) return;
		const message = `the file states the key ${publicKeyId(key)}, not ${publicKeyId(this.#key)}`;
		this.#findings.problem("wrong_key", place, message);
	}
}

/** What a log's first header says of the log before it; undefined when that can't be read. */
export async function readPrevious(directory: string, log: string): Promise<Anchor | null | undefined> {
	for await (const line of readLines(join(directory, fileName(log, 1)))) {
		const parsed = parseLine(line.bytes);
		if (!parsed.ok || parsed.event.type !== "file") return undefined;
		const previous = parsed.event.fields["previous"];
		return previous === null ? null : toAnchor(previous);
	}
	return undefined;
}

function toAnchor(value: unknown): Anchor | undefined {
	if (typeof value !== "object" || value === null) return undefined;
	const { log, seq, hash } = value as Record<string, unknown>;
	if (typeof log !== "string" || typeof seq !== "number" || typeof hash !== "string") return undefined;
	return { log, seq, hash };
}
