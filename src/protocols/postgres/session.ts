import type { Socket } from "node:net";
import type { Gate, GatedSession, SessionEnd } from "../../gate/index.ts";
import { describeThrown, type Log, TurnEnd } from "../../lib/index.ts";
import {
	type ErrorFields,
	encodeErrorFields,
	encodeErrorResponse,
	encodeReadyForQuery,
	type LengthLimits,
	type OutputBatch,
	ProtocolError,
	type Report,
	type Sink,
} from "./codec/index.ts";
import { thrownReport } from "./errors.ts";
import { assemble } from "./session/assemble.ts";
import { ClientReader, type WaitingLimits } from "./session/client-reader.ts";
import { failCopy } from "./session/copy.ts";
import { statementDone, transactionEnded } from "./session/effects.ts";
import type { Database, Parts } from "./session/parts.ts";
import type { Pipeline } from "./session/pipeline.ts";
import type { ProtocolState } from "./session/state.ts";
import { UpstreamReader } from "./session/upstream-reader.ts";
import { takeFrom } from "./upstream/index.ts";

export interface SessionOptions {
	readonly gate: Gate;
	readonly session: GatedSession;
	readonly database: Database;
	readonly client: Socket;
	readonly upstream: Socket;
	/** What the server reported at start-up. */
	readonly parameters: ReadonlyMap<string, string>;
	/** The process of the server's that the session is on, as `pg_backend_pid()` has it; null where it changes. */
	readonly serverProcess: number | null;
	/** The server itself named that process as its own: nothing in between can have another one answer. */
	readonly direct: boolean;
	/** The settings to begin each transaction with, where the process changes. */
	readonly pinned: Readonly<Record<string, string>> | null;
	readonly ownSettings: readonly (readonly [string, string])[];
	readonly clientLimits: LengthLimits;
	readonly waiting: WaitingLimits;
	readonly upstreamLimits: LengthLimits;
	/** How many prepared statements and portals the client may hold. */
	readonly limits: { readonly statements: number; readonly portals: number };
	/** Cancels what runs upstream; resolves when the server has got the request. */
	readonly cancelUpstream: () => Promise<void>;
	readonly log: Log;
	/** Called once, when both sides are closed. */
	readonly onClosed: (reason: string, message: string | null) => void;
}

const turnEnd = new TurnEnd();

/**
 * One client and its own connection to the server, from the first ReadyForQuery to the end. This class connects the
 * organs (session/) with the two sockets; what a message means is in them.
 */
export class PostgresSession {
	readonly #options: SessionOptions;
	readonly #out: OutputBatch;
	readonly #state: ProtocolState;
	readonly #pipeline: Pipeline;
	readonly #parts: Parts;
	readonly #fromClient: ClientReader;
	readonly #fromUpstream: UpstreamReader;
	#copyBegun: (() => void) | null = null;
	/** A cancel is on its way to the server. */
	#cancelling = false;
	/** Cancels after which nothing new goes up yet, but for what ends a COPY. */
	#cancels = 0;
	#closing: { readonly reason: string; readonly message: string | null } | null = null;
	#end: SessionEnd | null = null;
	#graceTimer: NodeJS.Timeout | undefined;
	/** Something waits for the end of this turn of the event loop to leave, and whether the client began it. */
	#leaving = false;
	#heard = false;

	constructor(options: SessionOptions) {
		this.#options = options;
		this.#parts = assemble(options, {
			drifted: (name) => this.#drifted(name),
			switched: () => this.#fail(new ProtocolError("server_switched")),
			flushClient: () => this.#flushClient(),
			listen: () => options.client.resume(),
			cancelUpstream: () => this.#cancelUpstream(),
			awaitCopy: (begun) => {
				this.#copyBegun = begun;
			},
		});
		this.#out = this.#parts.client;
		this.#state = this.#parts.state;
		this.#pipeline = this.#parts.pipeline;
		this.#fromUpstream = new UpstreamReader(options.upstreamLimits, this.#pipeline, this.#state, this.#out, {
			parameterStatus: (name, value) => this.#report(name, value),
			statementDone: (statement, tag) => statementDone(this.#parts, statement, tag),
			copyIn: () => this.#copyIn(),
			ready: () => this.#ready(),
			fatal: (error) => this.#fatal(error),
		});
		this.#fromUpstream.dropsNotifications = options.pinned !== null;
		const events = {
			turnOver: () => {
				this.#heard = true;
				if (this.#state.copyingIn) this.#leave();
				else this.#leaveSoon();
			},
			pause: () => options.client.pause(),
			resume: () => options.client.resume(),
			terminated: () => this.#close("client", null),
			failed: (thrown: unknown) => this.#fail(thrown),
		};
		this.#fromClient = new ClientReader(
			options.clientLimits,
			options.waiting,
			this.#parts,
			events,
			options.upstream,
		);
	}

	/**
	 * Reads the settings that everything rests on, says that it is ready, and begins to listen to the client. Never
	 * rejects: what fails is told to the client, and `onClosed` follows as it does for every end.
	 * @param greeting what the client is told of the session before that
	 */
	async start(greeting: readonly Buffer[]): Promise<void> {
		for (const message of greeting) this.#out.add(message);
		this.#connect(this.#options.client, this.#options.upstream);
		try {
			await this.#getReady();
		} catch (thrown) {
			this.#fail(thrown);
		}
	}

	async #getReady(): Promise<void> {
		const { client, upstream, parameters, ownSettings, session } = this.#options;
		if (client.destroyed) return this.#close("client", null); // nobody will tell us any more
		if (upstream.destroyed) return this.#upstreamClosed();
		for (const [name, value] of parameters) this.#report(name, value);
		for (const [name, value] of ownSettings) {
			this.#parts.own.check(name, value);
			this.#parts.own.set(name, value);
		}
		this.#parts.steps.readUnreported(parameters);
		await this.#parts.steps.settle();
		await this.#parts.scope.current();
		if (this.#closing !== null) return;
		this.#out.add(encodeReadyForQuery("I"));
		this.#flushClient();
		session.onEnd((end) => this.#endBy(end));
		client.on("data", (chunk: Buffer) => this.#fromClient.push(chunk));
		client.resume();
	}

	/** The client's CancelRequest, by its own connection. */
	cancel(): void {
		if (!this.#parts.holding.cancel()) this.#parts.cancelUpstream();
	}

	#connect(client: Socket, upstream: Socket): void {
		takeFrom(upstream, {
			take: (chunk) => {
				const waits = chunk.length <= WAITS_UP_TO;
				this.#takeUpstream(waits ? Buffer.from(chunk) : chunk);
				if (waits) this.#leaveSoon();
				else this.#leave();
				return waits || client.writableLength === 0 ? "done" : "kept";
			},
			idle: () => this.#pipeline.empty,
		});
		upstream.on("close", () => this.#upstreamClosed());
		upstream.on("error", () => {}); // `close` follows
		upstream.on("drain", () => client.resume());
		client.on("drain", () => {
			upstream.resume();
			client.resume();
		});
		const left = () => {
			if (!this.#fromClient.terminating) this.#close("client", null);
		};
		client.on("end", left);
		client.on("close", left);
		client.on("error", () => {}); // `close` follows
		upstream.resume();
	}

	#takeUpstream(chunk: Buffer): void {
		try {
			this.#fromUpstream.push(chunk);
		} catch (thrown) {
			this.#fail(thrown);
		}
	}

	/**
	 * What is gathered leaves when everything that this turn of the event loop brought, other sessions' too, has been
	 * dealt with: each write wakes somebody, who would take the processor from the rest. Much data goes on at once: its
	 * buffers are used again.
	 */
	#leaveSoon(): void {
		if (this.#leaving) return;
		this.#leaving = true;
		turnEnd.add(this.#leave);
	}

	readonly #leave = (): void => {
		const heard = this.#heard;
		this.#leaving = false;
		this.#heard = false;
		const up = this.#parts.upstream.flush();
		const down = this.#flushClient();
		if (!down) this.#options.upstream.pause();
		if (heard && !(up && down)) this.#options.client.pause(); // who doesn't read what is answered isn't heard either
	};

	#flushClient(): boolean {
		const { client } = this.#options;
		return this.#out.flush(client.writable ? client : NOBODY);
	}

	#report(name: string, value: string): void {
		const drift = this.#parts.settings.report(name, value);
		if (drift !== null) this.#drifted(drift);
		if (name === "application_name") this.#options.session.describe({ client_application: value });
	}

	#drifted(name: string): void {
		this.#fail(
			new ProtocolError("setting_drifted", `the setting "${name}" is not what it is pinned to any more`),
		);
	}

	#copyIn(): void {
		this.#state.copyingIn = true;
		this.#copyBegun?.();
		this.#copyBegun = null;
		if (this.#cancels > 0) this.#cancelCopy();
	}

	#ready(): void {
		this.#state.copyingIn = false;
		if (this.#state.status === "I") {
			transactionEnded(this.#parts, this.#state.answering);
			if (this.#end !== null && !this.#state.unsynced && this.#pipeline.empty) this.#endNow(this.#end);
		}
	}

	#cancelUpstream(): void {
		if (this.#pipeline.empty) return;
		if (this.#state.copyingIn) return this.#cancelCopy();
		// One on its way meets whatever runs: nothing new goes up before it. More would only be more connections.
		if (this.#cancelling) return;
		this.#cancelling = true;
		this.#cancels += 1;
		// The signal may come late: nothing new goes up until it was delivered, and one round trip after.
		const delivered = this.#options
			.cancelUpstream()
			.catch((thrown) =>
				this.#options.log.warn({ session: this.#options.session.id, err: thrown }, "cancel failed"),
			)
			.finally(() => {
				this.#cancelling = false;
			})
			.then(() => this.#parts.steps.drained())
			.then(() => this.#parts.steps.roundTrip())
			.finally(() => {
				this.#cancels -= 1;
			});
		this.#parts.steps.waitFor(delivered);
	}

	/** The server would not look at a signal before it gets more data, and no more goes up while one is on its way. */
	#cancelCopy(): void {
		failCopy(this.#parts, "canceling statement due to user request");
		this.#parts.upstream.flush();
	}

	#endBy(end: SessionEnd): void {
		this.#end = end;
		const idle = this.#state.idle && this.#pipeline.empty;
		if (end.when === "now" || idle) return this.#endNow(end);
		this.#graceTimer = setTimeout(() => this.#endNow(end), end.when.graceMs);
	}

	#endNow(end: SessionEnd): void {
		this.#sayFatal({
			severity: "FATAL",
			sqlstate: "57P01",
			message: `terminating connection: ${end.message}`,
		});
		this.#close(end.code, end.message);
	}

	#fatal(error: ErrorFields): void {
		this.#out.add(encodeErrorFields("error", error));
		this.#close("upstream_lost", error.get("M") ?? null);
	}

	#fail(thrown: unknown): void {
		if (this.#closing !== null) return;
		this.#options.log.warn({ session: this.#options.session.id, err: thrown }, "session failed");
		this.#sayFatal(thrownReport(thrown, "FATAL"));
		this.#close("failed", describeThrown(thrown));
	}

	#upstreamClosed(): void {
		if (this.#closing === null) this.#sayFatal(thrownReport(new ProtocolError("upstream_lost"), "FATAL"));
		this.#close("upstream_lost", null);
	}

	#sayFatal(report: Report): void {
		if (this.#closing === null) this.#out.add(encodeErrorResponse(report));
	}

	/** Both sides end; what ran is cancelled, what nobody answered is recorded as unknown. */
	#close(reason: string, message: string | null): void {
		if (this.#closing !== null) return;
		this.#closing = { reason, message };
		clearTimeout(this.#graceTimer);
		const { client, upstream, onClosed } = this.#options;
		this.#fromClient.end();
		this.#parts.holding.cancel();
		this.#leave();
		client.end();
		setTimeout(() => client.destroy(), LINGER_MS).unref();
		const running = !this.#pipeline.empty;
		for (const expected of this.#pipeline.abandon()) expected.results?.lose();
		const gone = () => {
			if (upstream.writable) {
				this.#parts.upstream.terminate(this.#options.session.protocolPermit);
				this.#parts.upstream.flush();
			}
			upstream.end();
			setTimeout(() => upstream.destroy(), LINGER_MS).unref();
			onClosed(reason, message);
		};
		// A server in the middle of a statement reads nothing: without a cancel it would run to its end.
		if (running && upstream.writable)
			this.#options
				.cancelUpstream()
				.catch(() => {})
				.finally(gone);
		else gone();
	}
}

const LINGER_MS = 1_000;

/** What the server sends more of at once goes on at once, from the buffer that it came in. */
const WAITS_UP_TO = 4_096;

/** Takes what a client would have got that has gone. */
/** Behind a client that is gone: what it was sent before may still be on its way, so that no memory is free again. */
const NOBODY: Sink = {
	cork() {},
	uncork() {},
	write: () => true,
	writableLength: Number.POSITIVE_INFINITY,
};
