import type { Socket } from "node:net";
import { Secret } from "../../src/lib/index.ts";
import { encodeQuery } from "../../src/protocols/postgres/codec/index.ts";
import { connectServer, type PostgresServer } from "../../src/protocols/postgres/upstream/index.ts";
import type { Subject } from "./subjects.ts";

const READY = Buffer.from("Z\0\0\0\x05I", "latin1");
const ERROR = 0x45; // E
const NOTHING = Buffer.alloc(0);

/**
 * A client that does next to nothing with what comes, so that what is measured is what lies before it: it counts bytes
 * up to the ReadyForQuery that ends them, which texts can't look like.
 */
export class BareClient {
	readonly #socket: Socket;
	#bytes = 0;
	#first: Buffer = NOTHING;
	#tail: Buffer = NOTHING;
	#began: () => void = () => {};
	#resolve: (bytes: number) => void = () => {};
	#reject: (error: Error) => void = () => {};

	private constructor(socket: Socket) {
		this.#socket = socket;
		socket.on("data", (chunk: Buffer) => this.#take(chunk));
		socket.on("close", () => this.#reject(new Error("the connection was closed")));
		socket.resume();
	}

	static async connect(subject: Subject): Promise<BareClient> {
		const { socket } = await connectServer(upstreamOf(subject));
		return new BareClient(socket);
	}

	/** Sends messages that end in one ReadyForQuery, and answers how many bytes came. */
	ask(messages: Uint8Array): Promise<number> {
		const answered = this.#answered();
		this.#socket.write(messages);
		return answered;
	}

	/** COPY FROM STDIN: the pieces go up as fast as they are taken; the last of them is CopyDone. */
	async copyIn(sql: string, pieces: Iterable<Uint8Array>): Promise<void> {
		const answered = this.#answered();
		const began = new Promise<void>((resolve) => {
			this.#began = resolve;
		});
		this.#socket.write(encodeQuery(sql));
		await Promise.race([began, answered]);
		for (const piece of pieces) {
			if (this.#socket.write(piece)) continue;
			await new Promise((resolve) => this.#socket.once("drain", resolve));
		}
		await answered;
	}

	close(): void {
		this.#reject = () => {};
		this.#socket.destroy();
	}

	#answered(): Promise<number> {
		this.#bytes = 0;
		this.#tail = NOTHING;
		return new Promise((resolve, reject) => {
			this.#resolve = resolve;
			this.#reject = reject;
		});
	}

	#take(chunk: Buffer): void {
		if (this.#bytes === 0) this.#first = chunk;
		this.#bytes += chunk.length;
		this.#tail =
			chunk.length >= READY.length ? chunk.subarray(-READY.length) : Buffer.concat([this.#tail, chunk]);
		this.#began();
		if (!this.#tail.subarray(-READY.length).equals(READY)) return;
		// A figure made of errors would be a fine one.
		if (this.#first[0] === ERROR)
			this.#reject(new Error(this.#first.toString("latin1").replaceAll("\0", " ")));
		else this.#resolve(this.#bytes);
	}
}

export function upstreamOf({ host, port, user, password, database }: Subject): PostgresServer {
	return { host, port, user, database, password: new Secret(password), tls: { mode: "disable" } };
}
