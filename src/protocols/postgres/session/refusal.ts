import type { GatedSession } from "../../../gate/index.ts";
import { encodeErrorResponse, encodeReadyForQuery, type OutputBatch, type Report } from "../codec/index.ts";
import type { Pipeline } from "./pipeline.ts";
import type { ProtocolState } from "./state.ts";
import type { UpstreamWriter } from "./upstream-writer.ts";

/**
 * Answers an error to the client and leaves both sides in the state in which the server itself would be after it:
 * a block aborted, a batch skipped up to its Sync. The server's own state machine is used for that wherever
 * something of the client's is open there.
 */
export class Refusal {
	readonly #session: GatedSession;
	readonly #state: ProtocolState;
	readonly #pipeline: Pipeline;
	readonly #upstream: UpstreamWriter;
	readonly #client: OutputBatch;

	constructor(
		session: GatedSession,
		state: ProtocolState,
		pipeline: Pipeline,
		upstream: UpstreamWriter,
		client: OutputBatch,
	) {
		this.#session = session;
		this.#state = state;
		this.#pipeline = pipeline;
		this.#upstream = upstream;
		this.#client = client;
	}

	/** True when nothing is open upstream that an error would have to undo. */
	get #nothingOpen(): boolean {
		return this.#pipeline.empty && !this.#state.unsynced && this.#state.status !== "T";
	}

	/** In place of a Parse, Bind, Describe or Execute. What the client sends up to its Sync is dropped. */
	extended(report: Report): void {
		const error = encodeErrorResponse(report);
		if (this.#nothingOpen) {
			this.#client.add(error);
			this.#state.dropping = "local";
			return;
		}
		this.#upstream.marker(this.#session.protocolPermit, error);
		this.#state.dropping = "upstream";
	}

	/** In place of a Query or a FunctionCall, after everything upstream was answered. */
	simple(report: Report): void {
		if (this.#state.failed) return; // the server ignores them up to Sync, and so do we
		const error = encodeErrorResponse(report);
		if (this.#nothingOpen) {
			this.#client.add(error);
			this.#client.add(encodeReadyForQuery(this.#state.status));
			return;
		}
		this.#upstream.marker(this.#session.protocolPermit, error);
		this.#upstream.sync(this.#session.protocolPermit, { visible: true });
	}

	/** The client's Sync after messages that were dropped. */
	sync(): void {
		const { dropping } = this.#state;
		this.#state.dropping = "no";
		if (dropping === "local") this.#client.add(encodeReadyForQuery(this.#state.status));
		else this.#upstream.sync(this.#session.protocolPermit, { visible: true });
	}
}
