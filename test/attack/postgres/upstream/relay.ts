import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { randomOf } from "../../../support/wire-sequences.ts";

type Random = () => number;

/** How long a stream that was broken stays open: whoever waits for what was dropped is told then. */
const END_AFTER_MS = 150;

/**
 * Stands between the gateway and its server, and once it is armed passes the server's messages on to the gateway
 * changed: one dropped, doubled, moved, cut, with another type, length or byte. Sessions' connections only; the one
 * for the catalog is left alone.
 */
export class HostileRelay {
	readonly #server: Server;
	readonly #sockets = new Set<Socket>();
	#seed: number | null = null;

	private constructor(server: Server, target: { readonly host: string; readonly port: number }) {
		this.#server = server;
		server.on("connection", (socket) => this.#relay(socket, target));
	}

	static async open(target: { readonly host: string; readonly port: number }): Promise<HostileRelay> {
		const server = createServer().listen(0, "127.0.0.1");
		await once(server, "listening");
		return new HostileRelay(server, target);
	}

	get port(): number {
		return (this.#server.address() as { port: number }).port;
	}

	/** From here on what the sessions' connections get is changed as this seed says; null: passed on as it is. */
	arm(seed: number | null): void {
		this.#seed = seed;
	}

	close(): void {
		this.#server.close();
		for (const socket of this.#sockets) socket.destroy();
	}

	#relay(gateway: Socket, target: { readonly host: string; readonly port: number }): void {
		const server = connect(target.port, target.host);
		let session = false;
		let tamper: Tamper | null = null;
		for (const [one, other] of [
			[gateway, server],
			[server, gateway],
		] as const) {
			this.#sockets.add(one);
			one.on("error", () => {}); // `close` follows
			one.on("close", () => {
				this.#sockets.delete(one);
				other.destroy();
			});
		}
		gateway.on("data", (chunk: Buffer) => {
			if (chunk.includes("user\0")) session = !chunk.includes("sallyport catalog");
			server.write(chunk);
		});
		server.on("data", (chunk: Buffer) => {
			if (this.#seed === null || !session) return gateway.write(chunk);
			tamper ??= new Tamper(randomOf(this.#seed));
			for (const piece of tamper.take(chunk)) gateway.write(piece);
			if (tamper.done) setTimeout(() => server.destroy(), END_AFTER_MS);
			return true;
		});
	}
}

/** Splits a server's stream into messages and spoils one of them. */
class Tamper {
	done = false;
	readonly #random: Random;
	readonly #byBytes: boolean;
	#left: number;
	#pending: Buffer = Buffer.alloc(0);
	#kept: Buffer | null = null;

	constructor(random: Random) {
		this.#random = random;
		this.#left = Math.floor(random() * 30);
		this.#byBytes = random() < 0.2;
	}

	take(chunk: Buffer): Buffer[] {
		this.#pending = Buffer.concat([this.#pending, chunk]);
		const out: Buffer[] = [];
		while (this.#pending.length >= 5) {
			const end = this.#pending.readUInt32BE(1) + 1;
			if (this.#pending.length < end) break;
			out.push(...this.#message(this.#pending.subarray(0, end)));
			this.#pending = this.#pending.subarray(end);
		}
		const bytes = Buffer.concat(out);
		return this.#byBytes ? [...bytes].map((byte) => Buffer.from([byte])) : [bytes];
	}

	#message(message: Buffer): Buffer[] {
		const kept = this.#kept === null ? [] : [this.#kept];
		this.#kept = null;
		if (this.done || this.#left-- > 0) return [message, ...kept];
		this.done = true;
		const random = this.#random;
		const changed = Buffer.from(message);
		const at = Math.floor(random() * message.length);
		switch (Math.floor(random() * 9)) {
			case 0:
				return [];
			case 1:
				return [message, message];
			case 2:
				this.#kept = message;
				return [];
			case 3:
				return [message.subarray(0, at)];
			case 4:
				changed[0] = pick(random, [..."DTCZENGHdc123nstAKRSWVI!\0"]).charCodeAt(0);
				return [changed];
			case 5:
				changed.writeUInt32BE(pick(random, [0, 3, 4, 5, 0x7fffffff, 0xffffffff, 200_000_000]), 1);
				return [changed];
			case 6:
				return [pick(random, INJECTED), message];
			case 7:
				return [message, pick(random, INJECTED)];
			default:
				changed[at] = Math.floor(random() * 256);
				return [changed];
		}
	}
}

const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

const message = (type: string, body: readonly number[]): Buffer =>
	Buffer.from([type.charCodeAt(0), 0, 0, 0, body.length + 4, ...body]);

/** Whole messages that nobody asked for. */
const INJECTED: readonly Buffer[] = [
	...[
		message("1", []),
		message("2", []),
		message("3", []),
		message("n", []),
		message("s", []),
		message("I", []),
	],
	...[
		message("Z", [0x49]),
		message("Z", [0x45]),
		message("Z", [0x54]),
		message("D", [0, 1, 0, 0, 0, 1, 0x78]),
	],
	...[
		message("T", [0, 0]),
		message("G", [0, 0, 0]),
		message("H", [0, 0, 0]),
		message("d", [0x78]),
		message("c", []),
	],
	...[message("C", [0x53, 0]), message("E", [0]), message("N", [0]), message("R", [0, 0, 0, 0])],
	...[message("t", [0, 0]), message("V", [255, 255, 255, 255]), message("W", [0, 0, 0])],
	message("S", [...Buffer.from("standard_conforming_strings\0off\0")]),
	message("A", [0, 0, 0, 1, 0x78, 0, 0x79, 0]),
];
