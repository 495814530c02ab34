import type {
	CommandFlow,
	CommandPermit,
	OwnPermit,
	ProtocolPermit,
	StagePermit,
} from "../../../gate/index.ts";
import {
	type ErrorFields,
	encodeBind,
	encodeClose,
	encodeCopyFail,
	encodeDescribe,
	encodeExecute,
	encodeParse,
	FLUSH,
	OutputBatch,
	type Sink,
	SYNC,
	TERMINATE,
} from "../codec/index.ts";
import type { RowCollector } from "./own-queries.ts";
import type { Pin } from "./pin.ts";
import type { Expected, Pipeline } from "./pipeline.ts";
import type { ProtocolState } from "./state.ts";
import { UnsentCommands } from "./unsent.ts";

type Hooks = Omit<Expected, "kind">;
type ResultHooks = Hooks & { readonly results: NonNullable<Expected["results"]> };
/** What is sent with each command is noted as it comes, without a copy. */
type Noted<Kind extends Expected["kind"]> = Expected & { readonly kind: Kind };
type NotedResults<Kind extends Expected["kind"]> = Noted<Kind> & ResultHooks;

const SYNC_OF_CLIENT: Expected = { kind: "sync", visible: true };
const SYNC_OF_OURS: Expected = { kind: "sync", visible: false };

/**
 * The only way up to the server. Each method takes the permit under which its message may go, and notes what the
 * server will answer. Messages gather until `flush`, so that a client's pipeline goes up in one write.
 */
export class UpstreamWriter {
	readonly #batch = new OutputBatch();
	readonly #sink: Sink;
	readonly #pipeline: Pipeline;
	readonly #state: ProtocolState;
	/** An Execute of a portal that can't exist. */
	readonly #failing: Buffer;
	readonly #unsent: UnsentCommands;

	constructor(sink: Sink, pipeline: Pipeline, state: ProtocolState, marker: string) {
		this.#sink = sink;
		this.#pipeline = pipeline;
		this.#state = state;
		this.#failing = encodeExecute(marker);
		this.#unsent = new UnsentCommands(this.#batch, pipeline, this.#failing);
	}

	/** Set where a pooler gives each transaction another server process. */
	pin: Pin | null = null;
	/** Counts the transactions that began with the pin. */
	#transaction = 0;

	/** True where nothing of the session's outlives a transaction upstream. */
	get pins(): boolean {
		return this.pin !== null;
	}

	/** The transaction that is open, or the one that would begin now: what was prepared in another one is gone. */
	get transaction(): number {
		return this.#begun ? this.#transaction : this.#transaction + 1;
	}

	get #begun(): boolean {
		return this.#state.unsynced || this.#state.status !== "I";
	}

	#beginTransaction(): void {
		if (this.pin === null || this.#begun) return;
		this.#transaction += 1;
		this.#batch.add(this.pin.messages);
		for (const expected of this.pin.expected) this.#pipeline.push(expected);
		this.#state.unsynced = true;
	}

	/** False: the server reads slower than we write; wait for the sink's `drain`. */
	flush(): boolean {
		this.#unsent.release();
		return this.#batch.flush(this.#sink);
	}

	/** A simple Query or a FunctionCall: one message, answered up to ReadyForQuery. */
	query(
		permit: CommandPermit,
		message: Buffer,
		expected: (flow: CommandFlow) => NotedResults<"query" | "call">,
	): void {
		const flow = permit.spend();
		this.#beginTransaction();
		this.#unsent.begin(flow);
		this.#batch.add(message);
		this.#pipeline.push(expected(flow));
		this.#state.synced();
	}

	/** The first half of a simple query that is run in steps: Parse and Describe under the command's own permit. */
	prepareSteps(flow: CommandFlow, text: string, described: (row: Buffer | null) => void): void {
		this.#beginTransaction();
		this.#unsent.begin(flow);
		this.#send(encodeParse("", text), { kind: "parse", visible: false, showErrors: true });
		this.#send(encodeDescribe("statement", ""), {
			kind: "describe",
			visible: false,
			showErrors: true,
			described: (_types, row) => described(row),
		});
	}

	/** The second half: Bind and Execute. @param maxRows 0: all */
	runSteps(flow: CommandFlow, maxRows: number, hooks: ResultHooks): void {
		this.#assertOpen(flow);
		this.#state.worked = true;
		this.#send(encodeBind({ portal: "", statement: "" }), {
			kind: "bind",
			visible: false,
			showErrors: true,
			flow,
		});
		this.#send(encodeExecute("", maxRows), { kind: "execute", ...hooks });
	}

	parse(_permit: StagePermit, message: Buffer, hooks: Hooks): void {
		this.#send(message, { kind: "parse", ...hooks });
	}

	describeStatement(_permit: StagePermit, message: Buffer, hooks: Hooks): void {
		this.#send(message, { kind: "describe", ...hooks });
	}

	/** Bind already plans, folds functions and takes the snapshot: it is the first message of the command. */
	bind(flow: CommandFlow, buffer: Buffer, start: number, end: number, expected: Noted<"bind">): void {
		this.#assertOpen(flow);
		if (!this.#state.failed) this.#beginTransaction();
		this.#unsent.begin(flow);
		this.#state.worked = true;
		this.#sendRange(buffer, start, end, expected);
	}

	describePortal(
		flow: CommandFlow,
		buffer: Buffer,
		start: number,
		end: number,
		expected: Noted<"describe">,
	): void {
		this.#assertOpen(flow);
		this.#sendRange(buffer, start, end, expected);
	}

	/**
	 * The columns of a cursor that is open (its DECLARE was decided, and its rows come by FETCH only), or of a portal that
	 * has run.
	 */
	describeCursor(_permit: ProtocolPermit, message: Buffer, hooks: Hooks): void {
		this.#send(message, { kind: "describe", ...hooks });
	}

	execute(
		flow: CommandFlow,
		buffer: Buffer,
		start: number,
		end: number,
		expected: NotedResults<"execute">,
	): void {
		this.#assertOpen(flow);
		this.#state.worked = true;
		this.#sendRange(buffer, start, end, expected);
	}

	copyData(flow: CommandFlow, buffer: Buffer, start: number, end: number): void {
		this.#assertOpen(flow);
		this.#batch.add(buffer, start, end);
	}

	/** CopyDone or CopyFail, as the client sent it. */
	endCopy(_permit: ProtocolPermit, message: Buffer): void {
		this.#batch.add(message);
	}

	/** Ends a COPY IN of the gateway's own accord: the server fails it with 57014. */
	failCopy(_permit: ProtocolPermit, reason: string): void {
		this.#batch.add(encodeCopyFail(reason));
	}

	close(_permit: ProtocolPermit, message: Buffer, hooks: Hooks): void {
		this.#send(message, { kind: "close", ...hooks });
	}

	sync(_permit: ProtocolPermit, { visible }: { readonly visible: boolean }): void {
		this.#batch.add(SYNC);
		this.#pipeline.push(visible ? SYNC_OF_CLIENT : SYNC_OF_OURS);
		this.#state.synced();
	}

	flushRequest(_permit: ProtocolPermit): void {
		this.#batch.add(FLUSH);
	}

	terminate(_permit: ProtocolPermit): void {
		this.#batch.add(TERMINATE);
	}

	/**
	 * Makes the server fail here, in its own state machine: an Execute of a portal that can't exist, whose error the
	 * client gets as ours.
	 */
	marker(_permit: ProtocolPermit, exchange: Buffer): void {
		this.#send(this.#failing, { kind: "execute", visible: true, exchange });
	}

	/** One of the gateway's own texts, from Parse to Close, under a name of its own. */
	own(
		_permit: OwnPermit,
		name: string,
		text: string,
		collect: RowCollector,
		inClientsBatch: boolean,
		failed: (error: ErrorFields) => void,
	): void {
		const hooks = inClientsBatch
			? ({ visible: false, showErrors: true, failed } as const)
			: { visible: false, failed };
		const skipped = () => failed(new Map([["M", "the batch had failed before"]]));
		this.#send(encodeParse(name, text), { kind: "parse", ...hooks, skipped });
		this.#send(encodeBind({ portal: name, statement: name }), { kind: "bind", ...hooks });
		this.#send(encodeExecute(name), { kind: "execute", ...hooks, collect });
		this.#send(encodeClose("portal", name), { kind: "close", visible: false });
		this.#send(encodeClose("statement", name), { kind: "close", visible: false });
	}

	#send(message: Buffer, expected: Expected): void {
		this.#sendRange(message, 0, message.length, expected);
	}

	/** A server that has failed ignores everything up to Sync: what it would not answer isn't sent. */
	#sendRange(buffer: Buffer, start: number, end: number, expected: Expected): void {
		if (this.#state.failed) {
			expected.skipped?.();
			return;
		}
		this.#beginTransaction();
		this.#batch.add(buffer, start, end);
		this.#pipeline.push(expected);
		this.#state.unsynced = true;
	}

	#assertOpen(flow: CommandFlow): void {
		if (!flow.open) throw new Error("a message of a command that is finished");
	}
}
