import type { Grant } from "../commands/index.ts";
import type { SettledState } from "./record.ts";
import type { ApprovalView } from "./view.ts";

/** A request that a client waits for. Every wait ends in `withdraw`, `leave` or `settled`. */
export interface PendingApproval {
	readonly id: string;
	/** Never rejects; after `leave` it may never settle. */
	readonly settled: Promise<SettledState>;
	/** The client cancelled or went away: the request ends. Without effect once it is settled or left. */
	withdraw(): void;
	/** The client stops waiting but may come back: the request stays open, and a later equal one is this one. */
	leave(): void;
	/**
	 * The grant, once granted. The first call spends a grant of scope `command`; later calls of the same wait answer
	 * the same. Undefined when there is none (any more).
	 */
	grant(): Grant | undefined;
	view(): ApprovalView;
}

/** What a wait can do with its request; `Approvals` provides it. */
export interface WaitActions {
	withdraw(): void;
	leave(): void;
	take(): Grant | undefined;
	view(): ApprovalView;
}

export class Wait implements PendingApproval {
	readonly id: string;
	readonly session: string;
	readonly settled: Promise<SettledState>;
	readonly #resolve: (state: SettledState) => void;
	readonly #actions: WaitActions;
	#over = false;
	#grant: Grant | undefined;

	constructor(id: string, session: string, actions: WaitActions) {
		const { promise, resolve } = Promise.withResolvers<SettledState>();
		this.id = id;
		this.session = session;
		this.settled = promise;
		this.#resolve = resolve;
		this.#actions = actions;
	}

	/** Tells whoever waits how it ended. */
	settle(state: SettledState): void {
		this.#over = true;
		this.#resolve(state);
	}

	withdraw(): void {
		if (this.#over) return;
		this.#over = true;
		this.#actions.withdraw();
	}

	leave(): void {
		if (this.#over) return;
		this.#over = true;
		this.#actions.leave();
	}

	grant(): Grant | undefined {
		this.#grant ??= this.#actions.take();
		return this.#grant;
	}

	view(): ApprovalView {
		return this.#actions.view();
	}
}
