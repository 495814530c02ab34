import type { OnReadOpts, Socket } from "node:net";

/** Who takes what comes on a socket, in place of its `data` event. */
export interface Taker {
	/**
	 * The bytes are the taker's until it returns; they are written over then, unless it answers `kept`: what holds them
	 * still, such as a write that the kernel did not take at once, has them for good.
	 */
	take(chunk: Buffer): "done" | "kept";
	/** True when nothing more is expected: a large buffer is given back. */
	idle(): boolean;
}

const SMALL_BYTES = 4_096;
const LARGE_BYTES = 65_536;
/** Large buffers that wait to be used again, at most. */
const MAX_SPARE = 64;

const spare: Buffer[] = [];
const reads = new WeakMap<Socket, DirectReads>();

/**
 * Reads a socket into buffers that are used again and again. Node's streams take a new one of 64 KiB for every read,
 * which is not only their own cost: V8 counts it, and after each 64 MiB of them it marks the whole heap. In a large
 * result that was half of what the gateway did.
 *
 * Until a taker comes the socket is an ordinary stream; so it stays where TLS is put on it.
 */
export class DirectReads {
	readonly onread: OnReadOpts;
	#buffer: Buffer = Buffer.allocUnsafeSlow(SMALL_BYTES);
	#socket: Socket | null = null;
	#taker: Taker | null = null;

	constructor() {
		this.onread = {
			buffer: () => this.#buffer,
			callback: (size) => this.#read(size),
		};
	}

	/** To be called with the socket that was made with `onread`, before anything can have come. */
	of(socket: Socket): void {
		this.#socket = socket;
		reads.set(socket, this);
	}

	set taker(taker: Taker) {
		this.#taker = taker;
	}

	/** @returns false to read no further until the stream asks again */
	#read(size: number): boolean {
		const buffer = this.#buffer;
		const chunk = buffer.subarray(0, size);
		const taker = this.#taker;
		if (taker === null) return this.#socket?.push(Buffer.from(chunk)) ?? false;
		const kept = taker.take(chunk) === "kept";
		if (size === buffer.length) this.#change(LARGE_BYTES, kept);
		else if (buffer.length > SMALL_BYTES && taker.idle()) this.#change(SMALL_BYTES, kept);
		else if (kept) this.#change(buffer.length, kept);
		return true;
	}

	#change(bytes: number, kept: boolean): void {
		if (!kept && bytes === this.#buffer.length) return;
		if (!kept && this.#buffer.length === LARGE_BYTES && spare.length < MAX_SPARE) spare.push(this.#buffer);
		this.#buffer = (bytes === LARGE_BYTES ? spare.pop() : undefined) ?? Buffer.allocUnsafeSlow(bytes);
	}
}

/** From now on the taker gets what comes; what has come before it gets first. The socket has to be resumed. */
export function takeFrom(socket: Socket, taker: Taker): void {
	socket.on("data", (chunk: Buffer) => taker.take(chunk));
	const direct = reads.get(socket);
	if (direct !== undefined) direct.taker = taker;
}
