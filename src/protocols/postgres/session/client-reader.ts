import {
	checkEmpty,
	Frontend,
	type LengthLimits,
	MessageReader,
	ProtocolError,
	type Sink,
} from "../codec/index.ts";
import { bind } from "./bind.ts";
import { CarriedChunks } from "./carried.ts";
import { copyIn, isCopy } from "./copy.ts";
import { close, describe, execute } from "./execute.ts";
import { functionCall } from "./function-call.ts";
import { parse } from "./parse.ts";
import type { Parts } from "./parts.ts";
import { query } from "./simple-query.ts";

/** How many bytes of the client's may wait, by what they wait for. */
export interface WaitingLimits {
	/** While one message is being dealt with. */
	readonly working: number;
	/**
	 * While a command is held for approval: a client that isn't read can't be seen to go away, which withdraws the
	 * request. Who sends more than this behind it withdraws it as well.
	 */
	readonly held: number;
}

export interface ClientEvents {
	/** Everything that could be dealt with is: what was gathered for either side can leave. */
	turnOver(): void;
	/** More waits than may: stop reading until `resume`. */
	pause(): void;
	resume(): void;
	terminated(): void;
	failed(thrown: unknown): void;
}

/**
 * Reads what the client sends, one message after the other: the next is looked at when the one before is dealt with,
 * because what a message means depends on all that came before it.
 */
export class ClientReader {
	readonly #parts: Parts;
	readonly #events: ClientEvents;
	readonly #reader: MessageReader;
	readonly #carried: CarriedChunks;
	readonly #limits: WaitingLimits;
	#waiting: Buffer[] = [];
	#waitingBytes = 0;
	#busy = false;
	#ended = false;
	/** The client has said that it leaves. */
	terminating = false;

	constructor(
		lengths: LengthLimits,
		limits: WaitingLimits,
		parts: Parts,
		events: ClientEvents,
		upstream: Sink,
	) {
		this.#carried = new CarriedChunks(upstream);
		this.#reader = new MessageReader(lengths);
		this.#limits = limits;
		this.#parts = parts;
		this.#events = events;
	}

	push(chunk: Buffer): void {
		if (this.#ended) return;
		this.#carried.release();
		if (!this.#busy) {
			const copying = this.#parts.state.copyingIn;
			this.#reader.push(chunk);
			this.#work();
			if (copying && this.#parts.state.copyingIn) this.#carried.add(chunk);
			return;
		}
		this.#waiting.push(chunk);
		this.#waitingBytes += chunk.length;
		if (this.#waitingBytes <= this.#limits.working) return;
		const { holding } = this.#parts;
		if (holding.holds && this.#waitingBytes <= this.#limits.held) return;
		holding.cancel();
		this.#events.pause();
	}

	/** Nothing of the client's is looked at any more. */
	end(): void {
		this.#ended = true;
		this.#waiting = [];
	}

	#work(): void {
		try {
			while (!this.#ended && this.#next()) {
				if (this.#parts.state.copyingIn && this.#reader.type === Frontend.CopyData) this.#reader.extend();
				const { type, buffer, start, end } = this.#reader;
				const pending = this.#message(type, buffer, start, end);
				if (pending === undefined) continue;
				this.#busy = true;
				this.#events.turnOver();
				pending.then(
					() => this.#goOn(),
					(thrown) => this.#events.failed(thrown),
				);
				return;
			}
			this.#events.turnOver();
		} catch (thrown) {
			this.#events.failed(thrown);
		}
	}

	#goOn(): void {
		this.#busy = false;
		this.#work();
	}

	#next(): boolean {
		if (this.#reader.next()) return true;
		if (this.#waiting.length === 0) return false;
		const chunk = this.#waiting.length === 1 ? (this.#waiting[0] as Buffer) : Buffer.concat(this.#waiting);
		this.#waiting = [];
		if (this.#waitingBytes > this.#limits.working) this.#events.resume();
		this.#waitingBytes = 0;
		this.#reader.push(chunk);
		return this.#reader.next();
	}

	#message(type: number, buffer: Buffer, start: number, end: number): Promise<void> | undefined {
		if (type === Frontend.Terminate) return this.#terminate();
		// The data of a COPY belongs to the command that everything else waits for.
		const unsettled = this.#parts.state.copyingIn ? undefined : this.#parts.steps.settle();
		const result =
			unsettled === undefined
				? this.#dispatch(type, buffer, start, end)
				: unsettled.then(() => this.#dispatch(type, buffer, start, end));
		return result instanceof Promise ? result : undefined;
	}

	/** What was sent before it is still done, as on the server; but for a COPY, whose data has not come to its end. */
	async #terminate(): Promise<void> {
		this.end();
		this.terminating = true;
		if (!this.#parts.state.copyingIn) await this.#parts.steps.drained();
		this.#events.terminated();
	}

	#dispatch(type: number, buffer: Buffer, start: number, end: number): void | Promise<void> {
		const parts = this.#parts;
		const { state } = parts;
		if (state.copyingIn) return copyIn(parts, type, buffer, start, end);
		if (type === Frontend.Sync) return this.#sync(buffer, start, end);
		if (isCopy(type)) return; // left over from a COPY that has failed: the server drops them too
		if (state.dropping !== "no" || state.failed) return;
		switch (type) {
			case Frontend.Parse:
				return parse(parts, buffer, start, end);
			case Frontend.Bind:
				return bind(parts, buffer, start, end);
			case Frontend.Describe:
				return describe(parts, buffer, start, end);
			case Frontend.Execute:
				return execute(parts, buffer, start, end);
			case Frontend.Close:
				return close(parts, buffer, start, end);
			case Frontend.Flush:
				return this.#flush(buffer, start, end);
			case Frontend.Query:
				return query(parts, buffer, start, end);
			case Frontend.FunctionCall:
				return functionCall(parts, buffer, start, end);
			default:
				throw new ProtocolError(
					"message_out_of_state",
					`a message of type ${String.fromCharCode(type)} has no place here`,
				);
		}
	}

	#sync(buffer: Buffer, start: number, end: number): void {
		checkEmpty(buffer, start, end, "Sync");
		const { refusal, scope, steps, pipeline, upstream } = this.#parts;
		refusal.sync();
		// It may end a transaction and bring back what names meant before: what follows is not looked at until then.
		// Where transactions are pinned, whether one is open has to be known before the next message.
		const ended = scope.revertible || upstream.pins ? pipeline.drained() : undefined;
		if (ended !== undefined) steps.waitFor(ended);
	}

	#flush(buffer: Buffer, start: number, end: number): void {
		checkEmpty(buffer, start, end, "Flush");
		if (this.#parts.state.unsynced) this.#parts.upstream.flushRequest(this.#parts.session.protocolPermit);
	}
}
