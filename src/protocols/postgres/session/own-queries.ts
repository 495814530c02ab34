import { type GatedSession, TargetRefusal } from "../../../gate/index.ts";
import { decodeDataRow } from "../codec/index.ts";
import type { Pipeline } from "./pipeline.ts";
import type { ProtocolState } from "./state.ts";
import type { UpstreamWriter } from "./upstream-writer.ts";

/** Rows of one statement, in text form. */
export type Rows = readonly (readonly (string | null)[])[];

/**
 * Texts of the gateway's own on the session's own connection: settings, and the catalog as the session sees it.
 * Where the client has a batch open they end with Flush and join it; otherwise with a Sync of their own, because
 * commands such as VACUUM refuse to run behind unsynced work. (A Sync never ends a transaction block.)
 */
export class OwnQueries {
	readonly #session: GatedSession;
	readonly #writer: UpstreamWriter;
	readonly #pipeline: Pipeline;
	readonly #state: ProtocolState;
	readonly #name: string;

	constructor(
		session: GatedSession,
		writer: UpstreamWriter,
		pipeline: Pipeline,
		state: ProtocolState,
		name: string,
	) {
		this.#session = session;
		this.#writer = writer;
		this.#pipeline = pipeline;
		this.#state = state;
		this.#name = name;
	}

	/**
	 * Runs the texts in order, once everything before them is answered. Rejects in a failed block, and when the server
	 * fails at one: in the client's batch the client is told then, in place of an answer to what it sent.
	 */
	async run(texts: readonly string[]): Promise<Rows[]> {
		await this.#drained();
		if (this.#state.status === "E") throw blockFailed();
		const joins = this.#state.unsynced;
		const worked = this.#state.worked;
		const collectors = texts.map(() => new RowCollector());
		let failure: Error | null = null;
		for (const [index, text] of texts.entries()) {
			const rows = collectors[index] as RowCollector;
			this.#writer.own(this.#session.ownPermit, this.#name, text, rows, joins, (error) => {
				failure ??= new Error(`the server refused the gateway's own statement: ${error.get("M")}`);
			});
		}
		if (joins) this.#writer.flushRequest(this.#session.protocolPermit);
		else this.#writer.sync(this.#session.protocolPermit, { visible: false });
		this.#state.worked = worked;
		this.#writer.flush();
		await this.#pipeline.drained();
		if (failure !== null) throw failure;
		return collectors.map((collector) => collector.rows);
	}

	async #drained(): Promise<void> {
		const drained = this.#pipeline.drained();
		if (drained === undefined) return;
		if (this.#state.unsynced) this.#writer.flushRequest(this.#session.protocolPermit);
		this.#writer.flush();
		await drained;
	}
}

/** What the server says to anything but the end of a block that has failed. */
export function blockFailed(): TargetRefusal {
	return new TargetRefusal({
		code: "25P02",
		message: "current transaction is aborted, commands ignored until end of transaction block",
		hint: null,
		position: null,
	});
}

/** Takes the rows of an own text in place of the client. */
export class RowCollector {
	readonly rows: (string | null)[][] = [];

	take(buffer: Buffer, start: number, end: number): void {
		for (let at = start; at < end; ) {
			const next = at + 1 + buffer.readInt32BE(at + 1);
			this.rows.push(decodeDataRow(buffer, at, next).map((value) => value?.toString("utf8") ?? null));
			at = next;
		}
	}
}
