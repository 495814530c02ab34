import type { Socket } from "node:net";
import { DatabaseError, parse, serialize } from "pg-protocol";
import { type ConnectOptions, connectServer, giveSettings } from "./connect.ts";
import { UpstreamError } from "./errors.ts";
import type { PostgresServer } from "./server.ts";

export type Row = (string | null)[];

/** A statement of the gateway's own that the server refused. */
export class ControlQueryError extends Error {
	readonly sqlstate: string;

	constructor(error: DatabaseError) {
		super(error.message, { cause: error });
		this.name = "ControlQueryError";
		this.sqlstate = error.code ?? "XX000";
	}
}

interface Pending {
	readonly sql: string;
	rows: Row[];
	error: ControlQueryError | null;
	readonly resolve: (rows: Row[]) => void;
	readonly reject: (error: Error) => void;
}

/**
 * A connection of the gateway's own to a target, for the catalog and for health. Its statements are the gateway's
 * constant texts, sent as simple queries one after the other; rows come as texts.
 */
export class ControlConnection {
	readonly parameters: ReadonlyMap<string, string>;
	readonly #socket: Socket;
	readonly #queue: Pending[] = [];
	#ended: Error | null = null;

	private constructor(socket: Socket, parameters: ReadonlyMap<string, string>) {
		this.#socket = socket;
		this.parameters = parameters;
		socket.on("close", () => this.#end(new UpstreamError("upstream_closed")));
		socket.on("error", (error) => this.#end(new UpstreamError("upstream_closed", { cause: error })));
		void parse(socket, (message) => this.#onMessage(message as Message));
	}

	/** @throws UpstreamError */
	static async open(server: PostgresServer, options: ConnectOptions = {}): Promise<ControlConnection> {
		const session = await connectServer(server, options);
		await giveSettings(session);
		return new ControlConnection(session.socket, session.parameters);
	}

	/**
	 * The same behind a pooler in transaction mode, where nothing may be left on a server process that others use next:
	 * what is SET goes before each later text, for its transaction only.
	 */
	static async openPooled(
		server: PostgresServer,
		options: ConnectOptions,
	): Promise<Pick<ControlConnection, "query" | "close">> {
		const session = await connectServer(server, options);
		const connection = new ControlConnection(session.socket, session.parameters);
		let settings = "";
		return {
			query: async (sql) => {
				if (!sql.startsWith("SET ")) return connection.query(settings + sql);
				settings += `${sql.replace("SET ", "SET LOCAL ")};\n`;
				return [];
			},
			close: () => connection.close(),
		};
	}

	/** True until the connection was closed by either side. */
	get open(): boolean {
		return this.#ended === null;
	}

	/**
	 * Runs one text; of several statements in it, all rows come one after the other.
	 * @throws ControlQueryError when the server refuses it, UpstreamError when the connection ends
	 */
	query(sql: string): Promise<Row[]> {
		return new Promise((resolve, reject) => {
			if (this.#ended !== null) return reject(this.#ended);
			this.#queue.push({ sql, rows: [], error: null, resolve, reject });
			if (this.#queue.length === 1) this.#send(sql);
		});
	}

	/** Closes the connection; what has not been answered fails. */
	close(): void {
		this.#socket.end(serialize.end());
		this.#end(new UpstreamError("upstream_closed"));
	}

	#send(sql: string): void {
		this.#socket.write(serialize.query(sql));
	}

	#onMessage(message: Message): void {
		const pending = this.#queue[0];
		if (pending === undefined) return;
		if (message.name === "dataRow") pending.rows.push(message.fields ?? []);
		else if (message instanceof DatabaseError) pending.error = new ControlQueryError(message);
		else if (message.name === "readyForQuery") this.#finish(pending);
	}

	#finish(pending: Pending): void {
		this.#queue.shift();
		const next = this.#queue[0];
		if (next !== undefined) this.#send(next.sql);
		if (pending.error === null) pending.resolve(pending.rows);
		else pending.reject(pending.error);
	}

	#end(error: Error): void {
		if (this.#ended !== null) return;
		this.#ended = error;
		for (const pending of this.#queue.splice(0)) pending.reject(error);
		this.#socket.destroySoon();
	}
}

/** pg-protocol's messages, as far as they are of interest. */
interface Message {
	readonly name: string;
	readonly fields?: Row;
}
