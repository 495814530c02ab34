import type { Obligations } from "./obligations.ts";

/** How one statement of a command ended, as the target said it. */
export interface Outcome {
	/** The statement's place in the command, from 0. */
	readonly statement: number;
	/** `unknown`: the target was lost before it answered. */
	readonly status: "completed" | "suspended" | "failed" | "cancelled" | "unknown";
	/** The target's own word for what was done (`UPDATE 3`), null on an error. */
	readonly tag: string | null;
	readonly rows: number;
	readonly bytes: number;
	/** The SQLSTATE of an error; null when there was none. */
	readonly sqlstate: string | null;
}

/** Takes the rows that the record keeps, as the client sees them. */
export interface RowSink {
	/** Values in text form. False when no further row will be kept. */
	add(values: readonly (string | null)[]): boolean;
	/** After the last row, before the outcome. */
	finish(): void;
}

/** What a flow reports to the record. */
export interface FlowJournal {
	forwarded(commandId: string): void;
	rows(commandId: string, columns: readonly string[]): RowSink;
	outcome(commandId: string, outcome: Outcome, startedAt: number): void;
}

/** A command's event on its way into the record. */
export interface Recorded {
	/** Sees to it that the event is there. Throws when it can't be. */
	settle(): void;
}

/** A permitted command on its way: from its first message upstream to its completion. */
export class CommandFlow {
	readonly commandId: string;
	readonly obligations: Obligations;
	readonly #journal: FlowJournal;
	readonly #recorded: Recorded | null;
	#startedAt = 0;
	#state: "permitted" | "running" | "finished" = "permitted";

	/** @param recorded null when the record holds the command already */
	constructor(commandId: string, obligations: Obligations, journal: FlowJournal, recorded: Recorded | null) {
		this.commandId = commandId;
		this.obligations = obligations;
		this.#journal = journal;
		this.#recorded = recorded;
	}

	/** Nothing more of the command may be sent once it is finished. */
	get open(): boolean {
		return this.#state !== "finished";
	}

	/** Nothing of the command may leave before the record holds it. Throws when it can't; then the command is over. */
	ensureRecorded(): void {
		if (this.#state !== "permitted") return;
		try {
			this.#recorded?.settle();
		} catch (thrown) {
			this.#state = "finished";
			throw thrown;
		}
	}

	/** The command's first message leaves. */
	forward(): void {
		this.ensureRecorded();
		if (this.#state !== "permitted") return;
		this.#state = "running";
		this.#startedAt = performance.now();
		this.#journal.forwarded(this.commandId);
	}

	/** For rows that the decision wants kept. */
	recordRows(columns: readonly string[]): RowSink {
		return this.#journal.rows(this.commandId, columns);
	}

	/** One statement is done. */
	report(outcome: Outcome): void {
		if (this.#state !== "finished") this.#journal.outcome(this.commandId, outcome, this.#startedAt);
	}

	/** The command is done, or will never be: nothing of it may be sent from here on. */
	close(): void {
		this.#state = "finished";
	}
}
