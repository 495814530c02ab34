/** Where in the record; null what can't be told. For a terminal the names go through `printable`. */
export interface Place {
	readonly file: string;
	/** From 1. */
	readonly line: number | null;
	/** Byte offset of the line. */
	readonly offset: number | null;
	readonly seq: number | null;
	readonly session: string | null;
}

export type ProblemCode =
	/** The line's bytes are not those that its hash was made of, or it carries what it should not. */
	| "edited"
	| "unreadable"
	| "events_missing"
	| "out_of_order"
	/** The event before this one is another than when this one was written. */
	| "chain_broken"
	/** The same within a session. */
	| "session_broken"
	/** A checkpoint or a file's header isn't signed, or not by the key; what it should cover may be changed. */
	| "signature_invalid"
	| "wrong_key"
	/** A header or a checkpoint says another log, file or number of sessions than where it stands. */
	| "misplaced"
	| "after_close"
	| "file_missing"
	| "log_missing"
	/** A log doesn't hold what the next log, or a checkpoint that was kept elsewhere, says of it. */
	| "cut"
	| "unsigned_tail"
	| "foreign_file";

export interface Problem extends Place {
	readonly code: ProblemCode;
	readonly message: string;
}

export type NoteCode =
	/** The log has no end: its process runs still, or was killed. `unsigned` events follow its last checkpoint. */
	| "not_closed"
	/** A write that a kill or a full disk cut short; nobody was told that it succeeded. */
	| "torn_line"
	/** A single file was verified: what links it to others was not. */
	| "single_file";

export interface Note extends Place {
	readonly code: NoteCode;
	readonly message: string;
	readonly unsigned: number;
}

/** A checkpoint, as the operator's log has it. */
export interface Anchor {
	readonly log: string;
	readonly seq: number;
	readonly hash: string;
}

export interface VerifyOptions {
	/** PEM or base64, kept away from the gateway's machine. */
	readonly publicKey?: string;
	/** Checkpoints that were kept elsewhere. */
	readonly known?: readonly Anchor[];
}

export interface Verification {
	/** No problems; notes are none. */
	readonly ok: boolean;
	readonly problems: readonly Problem[];
	/** Problems beyond the first thousand are only counted. */
	readonly omitted: number;
	readonly notes: readonly Note[];
	readonly logs: number;
	readonly files: number;
	readonly events: number;
	readonly sessions: number;
	/** Those with a valid signature. */
	readonly checkpoints: number;
	/** Names the key that was verified against; null when there was none. */
	readonly keyId: string | null;
	/** False when the key came from the record itself. */
	readonly keyTrusted: boolean;
}

const MOST_PROBLEMS = 1000;

/** Gathers what a verification finds, in order. */
export class Findings {
	readonly problems: Problem[] = [];
	readonly notes: Note[] = [];
	omitted = 0;

	problem(code: ProblemCode, place: Place, message: string): void {
		if (this.problems.length < MOST_PROBLEMS) this.problems.push({ code, ...place, message });
		else this.omitted++;
	}

	note(code: NoteCode, place: Place, message: string, unsigned = 0): void {
		this.notes.push({ code, ...place, message, unsigned });
	}
}

/** A place that is a whole file, or the directory. */
export function fileplace(file: string): Place {
	return { file, line: null, offset: null, seq: null, session: null };
}
