import type { GatedSession, Hold } from "../../../gate/index.ts";
import { encodeNoticeResponse, type OutputBatch } from "../codec/index.ts";
import type { OwnSettings } from "./own-settings.ts";
import type { ProtocolState } from "./state.ts";
import type { Steps } from "./steps.ts";
import type { UpstreamWriter } from "./upstream-writer.ts";

/** Holds one command at a time while people are asked for their approval. */
export class Holding {
	readonly #session: GatedSession;
	readonly #state: ProtocolState;
	readonly #upstream: UpstreamWriter;
	readonly #client: OutputBatch;
	readonly #own: OwnSettings;
	readonly #flushClient: () => void;
	readonly #listen: () => void;
	readonly #steps: () => Steps;
	#held: AbortController | null = null;

	constructor(parts: {
		session: GatedSession;
		state: ProtocolState;
		upstream: UpstreamWriter;
		client: OutputBatch;
		own: OwnSettings;
		flushClient: () => void;
		/** Goes on reading the client, so that it is noticed when it goes away. */
		listen: () => void;
		steps: () => Steps;
	}) {
		this.#session = parts.session;
		this.#state = parts.state;
		this.#upstream = parts.upstream;
		this.#client = parts.client;
		this.#own = parts.own;
		this.#flushClient = parts.flushClient;
		this.#listen = parts.listen;
		this.#steps = parts.steps;
	}

	/** True while people are asked. */
	get holds(): boolean {
		return this.#held !== null;
	}

	/** The client cancelled or went away. False when nothing is held. */
	cancel(): boolean {
		if (this.#held === null) return false;
		this.#held.abort();
		return true;
	}

	/** What the gate is given for a command that it may have to hold. */
	hold(): Hold {
		const controller = new AbortController();
		this.#held = null;
		return {
			wait: this.#own.waitForApproval,
			inTransaction: this.#state.inTransaction,
			cancelled: controller.signal,
			prepare: async () => {
				this.#held = controller;
				this.#listen();
				await this.#releaseLocks();
			},
			notice: (message, detail) => {
				this.#client.add(encodeNoticeResponse({ severity: "NOTICE", sqlstate: "00000", message, detail }));
				this.#flushClient();
			},
		};
	}

	/** The command was decided: from here on a cancel is the server's. */
	release(): void {
		this.#held = null;
	}

	/** A Parse alone holds its table locks until Sync: nothing else being open, the gateway sends one of its own. */
	async #releaseLocks(): Promise<void> {
		if (this.#state.status !== "I" || !this.#state.unsynced || this.#state.worked) return;
		await this.#steps().drained();
		if (this.#state.failed) return;
		this.#upstream.sync(this.#session.protocolPermit, { visible: false });
		await this.#steps().drained();
	}
}
