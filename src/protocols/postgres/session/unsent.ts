import type { CommandFlow } from "../../../gate/index.ts";
import { encodeErrorResponse, type OutputBatch, SYNC } from "../codec/index.ts";
import { thrownReport } from "../errors.ts";
import { endsWithReady, type Pipeline } from "./pipeline.ts";

/**
 * Commands that are gathered and have not left. Before they do the record has to hold them; when it can't, the server
 * is made to fail in their place, in its own state machine, and the client gets the reason as the error.
 */
export class UnsentCommands {
	readonly #batch: OutputBatch;
	readonly #pipeline: Pipeline;
	/** A message that the server is sure to fail at. */
	readonly #failing: Buffer;
	#flows: CommandFlow[] = [];
	#bytesBefore = 0;
	#askedBefore = 0;

	constructor(batch: OutputBatch, pipeline: Pipeline, failing: Buffer) {
		this.#batch = batch;
		this.#pipeline = pipeline;
		this.#failing = failing;
	}

	/** To be called before the command's first message is gathered. */
	begin(flow: CommandFlow): void {
		if (this.#flows.length === 0) {
			this.#bytesBefore = this.#batch.bytes;
			this.#askedBefore = this.#pipeline.asked;
		}
		this.#flows.push(flow);
	}

	/** What is gathered is about to leave. */
	release(): void {
		const flows = this.#flows;
		if (flows.length === 0) return;
		this.#flows = [];
		try {
			for (const flow of flows) flow.ensureRecorded();
			for (const flow of flows) flow.forward();
		} catch (thrown) {
			for (const flow of flows) flow.close();
			this.#replace(encodeErrorResponse(thrownReport(thrown, "ERROR")));
		}
	}

	/** In place of each batch, from the first of the commands on, the server gets one message that fails, and the Sync. */
	#replace(error: Buffer): void {
		this.#batch.keepFirst(this.#bytesBefore);
		let failing = false;
		for (const expected of this.#pipeline.askedSince(this.#askedBefore)) {
			if (!failing && expected.kind !== "sync") {
				this.#pipeline.exchange(expected, error);
				this.#batch.add(this.#failing);
				failing = true;
			}
			if (!endsWithReady(expected)) continue;
			this.#batch.add(SYNC);
			failing = false;
		}
	}
}
