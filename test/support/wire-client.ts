import { once } from "node:events";
import { connect, type Socket } from "node:net";
import {
	decodeCommandComplete,
	decodeDataRow,
	decodeErrorFields,
	encodeCancelRequest,
	encodePassword,
	encodeStartup,
} from "../../src/protocols/postgres/codec/index.ts";

/** One message of a server's, whole. */
export interface Received {
	/** Its type byte as a character. */
	readonly type: string;
	readonly bytes: Buffer;
}

export interface WireAddress {
	readonly host: string;
	readonly port: number;
	readonly user: string;
	readonly database: string;
	readonly password?: string;
	/** Further parameters of the StartupMessage. */
	readonly parameters?: Readonly<Record<string, string>>;
}

const WAIT_MS = 60_000;

/**
 * A PostgreSQL client that sends exactly the bytes it is given and keeps every byte that comes back. It is for tests
 * of what no driver would send.
 */
export class WireClient {
	readonly socket: Socket;
	/** What came and no `until` has taken yet. */
	readonly inbox: Received[] = [];
	/** Every byte that came, for canaries. */
	readonly everything: Buffer[] = [];
	/** The key for `cancel`, once BackendKeyData has come. */
	key: { readonly processId: number; readonly secret: Buffer } | null = null;
	ended = false;
	readonly #password: string;
	readonly #address: { readonly host: string; readonly port: number };
	#pending: Buffer = Buffer.alloc(0);
	#arrived: () => void = () => {};

	private constructor(socket: Socket, { host, port, password = "" }: WireAddress) {
		this.socket = socket;
		this.#password = password;
		this.#address = { host, port };
		socket.on("data", (chunk: Buffer) => this.#take(chunk));
		socket.on("error", () => {}); // `close` follows
		socket.on("close", () => {
			this.ended = true;
			this.#arrived();
		});
	}

	/** Opens a session and answers when it is ready. Throws with the server's error when it is refused. */
	static async connect(address: WireAddress): Promise<WireClient> {
		const client = await WireClient.open(address);
		const { user, database, parameters } = address;
		try {
			client.send(encodeStartup({ user, database, ...parameters }));
			const last = (await client.until("Z", "E")).at(-1);
			if (last?.type !== "Z")
				throw new Error(`not let in: ${last === undefined ? "closed" : outline([last])}`);
			return client;
		} catch (error) {
			client.close();
			throw error;
		}
	}

	/** The same without a StartupMessage: the socket only. */
	static async open(address: WireAddress): Promise<WireClient> {
		const socket = connect(address.port, address.host);
		socket.setNoDelay(true);
		await once(socket, "connect");
		return new WireClient(socket, address);
	}

	/** In one write. */
	send(...messages: readonly Uint8Array[]): void {
		this.socket.write(Buffer.concat(messages));
	}

	/** Sends and answers all messages up to the `times`-th ReadyForQuery from now on. */
	async ask(messages: readonly Uint8Array[], times = 1): Promise<Received[]> {
		this.send(...messages);
		return this.ready(times);
	}

	async ready(times = 1): Promise<Received[]> {
		const all: Received[] = [];
		for (let count = 0; count < times; count++) all.push(...(await this.until("Z")));
		return all;
	}

	/** Takes the messages up to the next one of a type. Throws when the connection ends or nothing comes for long. */
	async until(...types: readonly string[]): Promise<Received[]> {
		const deadline = Date.now() + WAIT_MS;
		for (;;) {
			const at = this.inbox.findIndex(({ type }) => types.includes(type));
			if (at >= 0) return this.inbox.splice(0, at + 1);
			const left = deadline - Date.now();
			if (this.ended || left <= 0)
				throw new Error(
					`${this.ended ? "the connection ended" : "nothing came"} while waiting for ${types.join(" or ")}; so far: ${outline(this.inbox)}`,
				);
			await this.#arrival(left);
		}
	}

	/** Takes what has come by the time that nothing has come for so long. */
	async quiet(milliseconds = 150): Promise<Received[]> {
		let count = -1;
		while (count !== this.everything.length && !this.ended) {
			count = this.everything.length;
			await new Promise((resolve) => setTimeout(resolve, milliseconds));
		}
		return this.inbox.splice(0);
	}

	/** Answers what has come when the server has closed the connection. */
	async end(): Promise<Received[]> {
		const deadline = Date.now() + WAIT_MS;
		while (!this.ended) {
			if (Date.now() > deadline) throw new Error(`still open; so far: ${outline(this.inbox)}`);
			await this.#arrival(deadline - Date.now());
		}
		return this.inbox.splice(0);
	}

	/** A CancelRequest with this session's key, on its own connection; resolves when that was closed. */
	async cancel(
		key: { readonly processId: number; readonly secret: Buffer } | null = this.key,
	): Promise<void> {
		if (key === null) throw new Error("no key has come");
		const socket = connect(this.#address.port, this.#address.host);
		const closed = once(socket, "close");
		socket.on("error", () => {}); // `close` follows
		socket.write(encodeCancelRequest(key.processId, key.secret)); // as libpq, which leaves the closing to the server
		socket.resume();
		await closed;
	}

	close(): void {
		this.socket.destroy();
	}

	async #arrival(milliseconds: number): Promise<void> {
		let timer: NodeJS.Timeout | undefined;
		await new Promise<void>((resolve) => {
			this.#arrived = resolve;
			timer = setTimeout(resolve, milliseconds);
		});
		clearTimeout(timer);
	}

	#take(chunk: Buffer): void {
		this.everything.push(chunk);
		let pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
		while (pending.length >= 5) {
			const end = pending.readUInt32BE(1) + 1;
			if (pending.length < end) break;
			this.#message({ type: String.fromCharCode(pending[0] as number), bytes: pending.subarray(0, end) });
			pending = pending.subarray(end);
		}
		this.#pending = pending;
		this.#arrived();
	}

	#message(message: Received): void {
		const { type, bytes } = message;
		if (type === "R" && bytes.readUInt32BE(5) === 3) this.send(encodePassword(this.#password));
		if (type === "K") this.key = { processId: bytes.readUInt32BE(5), secret: Buffer.from(bytes.subarray(9)) };
		this.inbox.push(message);
	}
}

/**
 * Messages as one line that two servers can be compared by: types, tags, SQLSTATEs and transaction states; the rows'
 * values with `withRows`. ParameterStatus is left out, because servers choose when to send it.
 */
export function outline(messages: readonly Received[], withRows = false): string {
	return messages
		.filter(({ type }) => type !== "S")
		.map((message) => word(message, withRows))
		.join(" ");
}

function word({ type, bytes }: Received, withRows: boolean): string {
	switch (type) {
		case "C":
			return `C(${decodeCommandComplete(bytes, 0, bytes.length).tag})`;
		case "E":
		case "N":
			return `${type}(${decodeErrorFields(bytes, 0, bytes.length).get("C")})`;
		case "Z":
			return `Z${String.fromCharCode(bytes[5] as number)}`;
		case "D":
			return withRows ? `D(${rowOf(bytes).join(",")})` : "D";
		default:
			return type;
	}
}

/** The rows' values as text, in the order in which they came. */
export function rows(messages: readonly Received[]): (string | null)[][] {
	return messages.filter(({ type }) => type === "D").map(({ bytes }) => rowOf(bytes));
}

function rowOf(bytes: Buffer): (string | null)[] {
	return decodeDataRow(bytes, 0, bytes.length).map((value) => value?.toString("utf8") ?? null);
}

/** The first error's fields: `C` SQLSTATE, `M` message, `D` detail, `H` hint; empty when there was none. */
export function errorOf(messages: readonly Received[]): ReadonlyMap<string, string> {
	const error = messages.find(({ type }) => type === "E");
	return error === undefined ? new Map() : decodeErrorFields(error.bytes, 0, error.bytes.length);
}

/** Of each NoticeResponse the message. */
export function notices(messages: readonly Received[]): string[] {
	return messages
		.filter(({ type }) => type === "N")
		.map(({ bytes }) => decodeErrorFields(bytes, 0, bytes.length).get("M") ?? "");
}
