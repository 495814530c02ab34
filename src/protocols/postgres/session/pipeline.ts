import type { CommandFlow } from "../../../gate/index.ts";
import type { ErrorFields } from "../codec/index.ts";
import type { RowCollector } from "./own-queries.ts";
import type { ResultStream } from "./results.ts";

/** What an upstream message is answered with, in the order in which the messages went up. */
export type ExpectedKind = "parse" | "bind" | "describe" | "execute" | "close" | "sync" | "query" | "call";

/** One message that is upstream and not yet answered. */
export interface Expected {
	readonly kind: ExpectedKind;
	/** False for the gateway's own messages: their answers are swallowed. */
	readonly visible: boolean;
	/** The client gets the error, if there is one, though it does not see the answer. */
	readonly showErrors?: true;
	/** Of the failing marker: the error that the client gets in place of the server's. */
	readonly exchange?: Buffer;
	/** Of `execute`, `query` and `call`: where the rows go, or the one value. */
	readonly results?: ResultStream;
	/** Of the gateway's own `execute`: who takes the rows. */
	readonly collect?: RowCollector;
	/** Of `bind`: the command that it begins. */
	readonly flow?: CommandFlow;
	/** Asked when the server fails at it: what the client gets in place of that error, null for the error itself. */
	exchangeError?(error: ErrorFields): Buffer | null;
	/** The results passed a limit: have the rest of them stopped. */
	limitPassed?(): void;
	/** Asked on PortalSuspended: true when the client is not to see it. */
	suspended?(): boolean;
	/** Asked on ReadyForQuery: true when the client is not to see it yet. */
	holdReady?(): boolean;
	/** ParameterDescription and RowDescription (or NoData), of `describe`. */
	described?(parameterTypes: readonly number[] | null, row: Buffer | null): void;
	/** The server did it. For `sync`, `query` and `call`: ReadyForQuery has come. */
	completed?(): void;
	/** The server failed at it. */
	failed?(error: ErrorFields): void;
	/** The server had failed before and never looked at it. */
	skipped?(): void;
}

/** What the server answers up to a ReadyForQuery, error or not. */
export function endsWithReady({ kind }: Expected): boolean {
	return kind === "sync" || kind === "query" || kind === "call";
}

const COMPACT_AT = 64;

/**
 * What is in flight. It pairs each answer of the server with the message that asked for it, which is how the
 * gateway knows whose an answer is: the client's, its own, or the marker's.
 */
export class Pipeline {
	#queue: Expected[] = [];
	#first = 0;
	#drained: (() => void)[] = [];
	readonly #exchanged = new Map<Expected, Buffer>();
	/** How many messages have been asked in all. */
	asked = 0;

	push(expected: Expected): void {
		this.asked += 1;
		this.#queue.push(expected);
	}

	/** The messages behind the first so many, none of which may have been answered. */
	askedSince(asked: number): readonly Expected[] {
		return this.#queue.slice(this.#queue.length - (this.asked - asked));
	}

	/** The server is made to fail at this message: the client gets this error in place of the server's. */
	exchange(expected: Expected, error: Buffer): void {
		this.#exchanged.set(expected, error);
	}

	takeExchange(expected: Expected): Buffer | undefined {
		if (this.#exchanged.size === 0) return undefined;
		const error = this.#exchanged.get(expected);
		this.#exchanged.delete(expected);
		return error;
	}

	get head(): Expected | undefined {
		return this.#queue[this.#first];
	}

	get empty(): boolean {
		return this.#first === this.#queue.length;
	}

	shift(): Expected | undefined {
		const head = this.#queue[this.#first];
		if (head === undefined) return undefined;
		this.#first += 1;
		if (this.#first === this.#queue.length) {
			this.#queue = [];
			this.#first = 0;
			if (this.#drained.length > 0) for (const resolve of this.#drained.splice(0)) resolve();
		} else if (this.#first > COMPACT_AT) {
			this.#queue = this.#queue.slice(this.#first);
			this.#first = 0;
		}
		return head;
	}

	/** The server skips everything up to the next Sync. */
	skipToSync(): void {
		for (let head = this.head; head !== undefined && head.kind !== "sync"; head = this.head) {
			this.shift();
			head.skipped?.();
		}
	}

	/** Resolves when everything that is in flight now, and what comes behind it meanwhile, is answered. */
	drained(): Promise<void> | undefined {
		if (this.empty) return undefined;
		return new Promise((resolve) => this.#drained.push(resolve));
	}

	/** The upstream is gone: nothing will be answered any more. */
	abandon(): Expected[] {
		const left = this.#queue.slice(this.#first);
		this.#queue = [];
		this.#first = 0;
		for (const resolve of this.#drained.splice(0)) resolve();
		return left;
	}
}
