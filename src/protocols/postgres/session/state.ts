import type { TransactionStatus } from "../codec/index.ts";

/**
 * Where the two sides stand. `status` is the server's word (ReadyForQuery); the rest is what has gone up or been
 * answered since.
 */
export class ProtocolState {
	/** Of the last ReadyForQuery; of the last CommandComplete where that already says that a failed block ended. */
	status: TransactionStatus = "I";
	/** Messages of the extended protocol are upstream that no Sync has closed yet. */
	unsynced = false;
	/** Among them is one that runs something: the implicit transaction holds work. */
	worked = false;
	/** The server has failed in this batch and ignores everything up to Sync. */
	failed = false;
	/**
	 * The client's messages up to its Sync are dropped: because the gateway answered an error itself and has
	 * nothing upstream (`local`), or because the server is in the same state (`upstream`).
	 */
	dropping: "no" | "local" | "upstream" = "no";
	/** A command of the open transaction touched relations with masked columns. */
	touchedMasked = false;
	/** A COPY FROM STDIN is under way: what the client may send now is its data. */
	copyingIn = false;

	/** True when nothing of the client's is open upstream: no block, no unsynced message. */
	get idle(): boolean {
		return this.status === "I" && !this.unsynced;
	}

	/** True when a failure now would undo something, or others may wait for our locks. */
	get inTransaction(): boolean {
		return this.status !== "I" || this.worked;
	}

	/** Messages up to a Sync are one batch: a failure in it skips the rest of it. This one is being sent. */
	batch = 0;
	/** The batch that the server is at: all before it are answered by ReadyForQuery. */
	answering = 0;

	/** A Sync went up, or a Query, which ends the batch as well. */
	synced(): void {
		this.batch += 1;
		this.unsynced = false;
		this.worked = false;
		this.failed = false;
	}
}
