import type { Detection } from "../../../masking/index.ts";
import type { AnalysedStatement } from "../analysis/index.ts";
import {
	Backend,
	decodeCopyResponse,
	decodeErrorFields,
	decodeParameterDescription,
	decodeParameterStatus,
	decodeReadyForQuery,
	decodeRowDescription,
	type ErrorFields,
	encodeErrorFields,
	type LengthLimits,
	MessageReader,
	type OutputBatch,
	ProtocolError,
	sanitizeErrorFields,
} from "../codec/index.ts";
import { replaceInFields } from "../masking/index.ts";
import { type Expected, endsWithReady, type Pipeline } from "./pipeline.ts";
import type { ResultStream } from "./results.ts";
import { PINNED } from "./settings.ts";
import type { ProtocolState } from "./state.ts";

/** What the reader tells the session of; everything else it settles with the pipeline. */
export interface ReaderEvents {
	parameterStatus(name: string, value: string): void;
	/** A statement has run: names, settings and transactions may be different from here on. */
	statementDone(statement: AnalysedStatement, tag: string): void;
	/** A COPY FROM STDIN begins: the client's data is awaited. */
	copyIn(): void;
	ready(): void;
	/** The server ended the session with this error. */
	fatal(error: ErrorFields): void;
}

/** Larger rows that pass as they are do so in parts as they arrive, instead of being held until they are complete. */
const STREAM_ABOVE = 1 << 20;

/**
 * Reads what the server sends, pairs it with what was asked, and lets go on to the client what is the client's: rows
 * by their result stream, errors exchanged or stripped of their texts, answers to the gateway's own messages not at
 * all. An answer that nobody asked for ends the session.
 */
export class UpstreamReader {
	readonly #limits: LengthLimits;
	readonly #reader: MessageReader;
	readonly #pipeline: Pipeline;
	readonly #state: ProtocolState;
	readonly #out: OutputBatch;
	readonly #events: ReaderEvents;
	#parameterTypes: readonly number[] | null = null;
	#texts: Detection | null = null;
	/** Behind a pooler in transaction mode they are answers to another's LISTEN. */
	dropsNotifications = false;

	constructor(
		limits: LengthLimits,
		pipeline: Pipeline,
		state: ProtocolState,
		out: OutputBatch,
		events: ReaderEvents,
	) {
		this.#limits = limits;
		this.#reader = new MessageReader(limits);
		this.#pipeline = pipeline;
		this.#state = state;
		this.#out = out;
		this.#events = events;
	}

	/** Takes bytes of the server's. Throws ProtocolError when they are not an answer to what was asked. */
	push(chunk: Buffer): void {
		const reader = this.#reader;
		reader.push(chunk);
		for (;;) {
			reader.streamAbove =
				this.#pipeline.head?.results?.takesParts === true ? STREAM_ABOVE : Number.POSITIVE_INFINITY;
			if (!reader.next()) return;
			this.#message(reader);
		}
	}

	#message(reader: MessageReader): void {
		switch (reader.type) {
			case Backend.DataRow:
				return this.#rows(reader);
			case Backend.BindComplete:
				return this.#complete("bind", reader);
			case Backend.ParseComplete:
				return this.#complete("parse", reader);
			case Backend.CloseComplete:
				return this.#complete("close", reader);
			case Backend.CommandComplete:
				return this.#commandComplete(reader);
			case Backend.ReadyForQuery:
				return this.#ready(reader);
			case Backend.RowDescription:
				return this.#rowDescription(reader);
			case Backend.NoData:
				return this.#noData(reader);
			case Backend.ParameterDescription:
				return this.#parameterDescription(reader);
			case Backend.ErrorResponse:
				return this.#error(reader);
			case Backend.NoticeResponse:
				return this.#notice(reader);
			case Backend.NotificationResponse:
				if (!this.dropsNotifications) this.#out.add(reader.buffer, reader.start, reader.end);
				return;
			case Backend.ParameterStatus:
				return this.#parameterStatus(reader);
			case Backend.FunctionCallResponse:
				return this.#functionResult(reader);
			case Backend.EmptyQueryResponse:
				return this.#emptyQuery(reader);
			case Backend.PortalSuspended:
				return this.#suspended(reader);
			case Backend.CopyInResponse:
				return this.#copyIn(reader);
			case Backend.CopyOutResponse:
			case Backend.CopyData:
			case Backend.CopyDone:
				return this.#copyOut(reader);
			default:
				throw unexpected(reader.type);
		}
	}

	#rows(reader: MessageReader): void {
		const head = this.#pipeline.head;
		if (head?.collect !== undefined) return head.collect.take(reader.buffer, reader.start, reader.end);
		const results = head?.results;
		if (results === undefined || head?.kind === "call") throw unexpected(reader.type);
		const before = results.limitReached;
		if (reader.part !== "whole") {
			const limit = this.#limits[Backend.DataRow] ?? 0;
			results.part(reader.buffer, reader.start, reader.end, reader.part, limit, this.#out);
			if (before === null && results.limitReached !== null) this.#pipeline.head?.limitPassed?.();
			return;
		}
		const left = results.rowsLeft;
		const count = reader.extend(left === null ? Number.POSITIVE_INFINITY : Math.max(1, left));
		results.rows(reader.buffer, reader.start, reader.end, count, this.#out);
		if (before === null && results.limitReached !== null) this.#pipeline.head?.limitPassed?.();
	}

	#complete(kind: Expected["kind"], reader: MessageReader): void {
		const expected = this.#expect(kind, reader.type);
		this.#pipeline.shift();
		if (expected.visible) this.#out.add(reader.buffer, reader.start, reader.end);
		expected.completed?.();
	}

	#parameterDescription(reader: MessageReader): void {
		const expected = this.#expect("describe", reader.type);
		this.#parameterTypes = decodeParameterDescription(reader.buffer, reader.start, reader.end);
		if (expected.visible) this.#out.add(reader.buffer, reader.start, reader.end);
	}

	#rowDescription(reader: MessageReader): void {
		const head = this.#pipeline.head;
		if (head?.kind === "query" && head.results !== undefined) {
			head.results.describe(decodeRowDescription(reader.buffer, reader.start, reader.end));
			this.#out.add(reader.buffer, reader.start, reader.end);
			return;
		}
		const expected = this.#expect("describe", reader.type);
		this.#pipeline.shift();
		if (expected.visible) this.#out.add(reader.buffer, reader.start, reader.end);
		const parameterTypes = this.#takeParameterTypes();
		if (expected.described !== undefined) {
			const row = Buffer.from(reader.buffer.subarray(reader.start, reader.end)); // kept: must not pin the whole chunk
			expected.described(parameterTypes, row);
		}
		expected.completed?.();
	}

	#noData(reader: MessageReader): void {
		const expected = this.#expect("describe", reader.type);
		this.#pipeline.shift();
		if (expected.visible) this.#out.add(reader.buffer, reader.start, reader.end);
		expected.described?.(this.#takeParameterTypes(), null);
		expected.completed?.();
	}

	#takeParameterTypes(): readonly number[] | null {
		const types = this.#parameterTypes;
		this.#parameterTypes = null;
		return types;
	}

	#commandComplete(reader: MessageReader): void {
		if (this.#pipeline.head?.collect !== undefined) {
			this.#pipeline.shift();
			return;
		}
		const expected = this.#resultHead(reader.type);
		const limit = expected.results.limitReached;
		if (expected.visible && limit === null) this.#out.add(reader.buffer, reader.start, reader.end);
		const { statement, tag } = expected.results.complete(reader.buffer, reader.start, reader.end);
		if (expected.kind === "execute") {
			this.#pipeline.shift();
			expected.completed?.();
		}
		if (statement !== undefined) this.#events.statementDone(statement, tag);
	}

	#functionResult(reader: MessageReader): void {
		const { results } = this.#expect("call", reader.type);
		if (results === undefined) throw unexpected(reader.type);
		const { statement } = results.value(reader.buffer, reader.start, reader.end, this.#out);
		if (statement !== undefined) this.#events.statementDone(statement, "");
	}

	#emptyQuery(reader: MessageReader): void {
		const expected = this.#resultHead(reader.type);
		if (expected.visible) this.#out.add(reader.buffer, reader.start, reader.end);
		expected.results.empty();
		if (expected.kind !== "execute") return;
		this.#pipeline.shift();
		expected.completed?.();
	}

	#suspended(reader: MessageReader): void {
		const expected = this.#resultHead(reader.type);
		if (expected.kind !== "execute") throw unexpected(reader.type);
		this.#pipeline.shift();
		const swallow = expected.suspended?.() === true;
		if (expected.visible && !swallow) this.#out.add(reader.buffer, reader.start, reader.end);
		expected.results.suspend();
	}

	#copyIn(reader: MessageReader): void {
		this.#resultHead(reader.type);
		this.#out.add(reader.buffer, reader.start, reader.end);
		this.#events.copyIn();
	}

	#copyOut(reader: MessageReader): void {
		const { results } = this.#resultHead(reader.type);
		if (reader.type !== Backend.CopyData) {
			if (reader.type === Backend.CopyDone) results.copyDone();
			else results.beginCopy(decodeCopyResponse(reader.buffer, reader.start, reader.end));
			if (results.limitReached === null) this.#out.add(reader.buffer, reader.start, reader.end);
			return;
		}
		const before = results.limitReached;
		if (reader.part !== "whole")
			results.copyPart(reader.buffer, reader.start, reader.end, reader.part, this.#out);
		else {
			const left = results.rowsLeft;
			const count = reader.extend(left === null ? Number.POSITIVE_INFINITY : Math.max(1, left));
			results.copyData(reader.buffer, reader.start, reader.end, count, this.#out);
		}
		if (before === null && results.limitReached !== null) this.#pipeline.head?.limitPassed?.();
	}

	/** Errors: exchanged for the gateway's own where they are its doing, stripped where they could quote masked values. */
	#error(reader: MessageReader): void {
		const error = decodeErrorFields(reader.buffer, reader.start, reader.end);
		const severity = error.get("V") ?? error.get("S");
		const head = this.#pipeline.head;
		if (head === undefined || severity === "FATAL" || severity === "PANIC") return this.#events.fatal(error);
		this.#parameterTypes = null;
		this.#state.copyingIn = false;
		this.#answerError(head, error, reader);
		head.results?.fail(error);
		if (endsWithReady(head)) return head.failed?.(error);
		this.#pipeline.shift();
		head.failed?.(error);
		this.#pipeline.skipToSync();
		// With a Sync in flight the failure ends there, and what the client sends now is of a later batch.
		this.#state.failed = this.#pipeline.empty;
	}

	#answerError(head: Expected, error: ErrorFields, reader: MessageReader): void {
		const refused = this.#pipeline.takeExchange(head);
		if (!head.visible && head.showErrors !== true) return;
		const exchanged = refused ?? head.exchange ?? head.exchangeError?.(error);
		if (exchanged != null) return this.#out.add(exchanged);
		if (this.#hidesTexts(head)) return this.#out.add(encodeErrorFields("error", sanitizeErrorFields(error)));
		const texts = this.#textsOf(head);
		if (texts !== null) return this.#out.add(encodeErrorFields("error", replaceInFields(error, texts)));
		this.#out.add(reader.buffer, reader.start, reader.end);
	}

	#notice(reader: MessageReader): void {
		const head = this.#pipeline.head;
		if (head !== undefined && !head.visible) return;
		if (head !== undefined && this.#hidesTexts(head)) {
			const notice = decodeErrorFields(reader.buffer, reader.start, reader.end);
			return this.#out.add(encodeErrorFields("notice", sanitizeErrorFields(notice)));
		}
		const texts = this.#textsOf(head);
		if (texts !== null) {
			const notice = decodeErrorFields(reader.buffer, reader.start, reader.end);
			return this.#out.add(encodeErrorFields("notice", replaceInFields(notice, texts)));
		}
		this.#out.add(reader.buffer, reader.start, reader.end);
	}

	/**
	 * Texts of the server's that could quote a masked value: those of a command that touches masked relations, and of
	 * the end of a transaction in which one did, because deferred constraints speak up only there.
	 */
	#hidesTexts(head: Expected): boolean {
		const flow = head.flow ?? head.results?.flow;
		if (flow?.obligations.hideTexts === true) return true;
		if (!this.#state.touchedMasked) return false;
		return head.kind === "sync" || head.results?.statement?.control.type !== "plain";
	}

	/** What detectors look for in texts that pass: what the last command wanted that wanted any, for one may speak up later. */
	#textsOf(head: Expected | undefined): Detection | null {
		const flow = head?.flow ?? head?.results?.flow;
		this.#texts = flow?.obligations.texts?.detect ?? this.#texts;
		return this.#texts;
	}

	#parameterStatus(reader: MessageReader): void {
		const { name, value } = decodeParameterStatus(reader.buffer, reader.start, reader.end);
		// The gateway's own statements set the search path (reported since 18) and put it back.
		const own = this.#pipeline.head?.visible === false;
		if (own && !PINNED.has(name)) return;
		this.#events.parameterStatus(name, value);
		if (!own) this.#out.add(reader.buffer, reader.start, reader.end);
	}

	#ready(reader: MessageReader): void {
		const expected = this.#pipeline.head;
		if (expected === undefined || !endsWithReady(expected)) throw unexpected(reader.type);
		this.#state.status = decodeReadyForQuery(reader.buffer, reader.start, reader.end);
		this.#state.answering += 1;
		if (this.#state.status === "I") this.#state.touchedMasked = false;
		this.#pipeline.shift();
		if (expected.holdReady?.() !== true && expected.visible)
			this.#out.add(reader.buffer, reader.start, reader.end);
		expected.completed?.();
		this.#events.ready();
	}

	#expect(kind: Expected["kind"], type: number): Expected {
		const head = this.#pipeline.head;
		if (head?.kind !== kind) throw unexpected(type);
		return head;
	}

	#resultHead(type: number): Expected & { readonly results: ResultStream } {
		const head = this.#pipeline.head;
		if (head?.results === undefined || head.kind === "call") throw unexpected(type);
		return head as Expected & { readonly results: ResultStream };
	}
}

function unexpected(type: number): ProtocolError {
	return new ProtocolError(
		"message_out_of_state",
		`the server sent a message (${String.fromCharCode(type)}) that answers nothing`,
	);
}
