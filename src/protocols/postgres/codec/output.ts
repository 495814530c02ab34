import { Slab } from "./slab.ts";

/** Where a batch is written: a net.Socket or tls.TLSSocket. */
export interface Sink {
	cork(): void;
	uncork(): void;
	write(chunk: Buffer): boolean;
	/** Bytes that were written and are not yet with the kernel. */
	readonly writableLength: number;
}

/** Up to this many bytes, copying pieces together costs less than handing the kernel a list of them. */
const COPY_UP_TO = 16_384;

/** Where they are copied together: shared by all, since it is free again as soon as the kernel has taken it. */
let scratch = Buffer.allocUnsafeSlow(COPY_UP_TO);

/**
 * Gathers what one turn of the event loop has to send, so that it leaves in one system call. Ranges that follow each
 * other in the same buffer become one piece again. Buffers must not change once they were added: large ones are not
 * copied.
 */
export class OutputBatch {
	/** Bytes gathered and not yet flushed. */
	bytes = 0;
	/** Where pieces are written that were not there before; to be added like any other. */
	readonly slab: Slab = new Slab();
	#pieces: Buffer[] = [];
	#buffer: Buffer | null = null;
	#start = 0;
	#end = 0;

	add(buffer: Buffer, start = 0, end: number = buffer.length): void {
		if (start === end) return;
		this.bytes += end - start;
		if (buffer === this.#buffer && start === this.#end) {
			this.#end = end;
			return;
		}
		this.#closePiece();
		this.#buffer = buffer;
		this.#start = start;
		this.#end = end;
	}

	/** Takes back what was added behind the first so many bytes. */
	keepFirst(bytes: number): void {
		this.#closePiece();
		const pieces = this.#pieces.splice(0);
		this.bytes = 0;
		for (const piece of pieces) this.add(piece, 0, Math.min(piece.length, bytes - this.bytes));
	}

	/** Hands everything to the sink. False: it is full; wait for its `drain`. */
	flush(sink: Sink): boolean {
		if (this.bytes === 0) return true;
		const writable = this.#send(sink);
		if (sink.writableLength === 0) this.slab.release();
		return writable;
	}

	#send(sink: Sink): boolean {
		const { bytes } = this;
		this.bytes = 0;
		const last = this.#takePiece();
		if (this.#pieces.length === 0) return last === null || sink.write(last);
		const pieces = this.#pieces;
		this.#pieces = [];
		if (last !== null) pieces.push(last);
		if (bytes <= COPY_UP_TO) return writeTogether(sink, pieces, bytes);
		let writable = true;
		sink.cork();
		for (const piece of pieces) writable = sink.write(piece);
		sink.uncork();
		return writable;
	}

	#closePiece(): void {
		const piece = this.#takePiece();
		if (piece !== null) this.#pieces.push(piece);
	}

	#takePiece(): Buffer | null {
		const buffer = this.#buffer;
		if (buffer === null) return null;
		this.#buffer = null;
		const whole = this.#start === 0 && this.#end === buffer.length;
		return whole ? buffer : buffer.subarray(this.#start, this.#end);
	}
}

function writeTogether(sink: Sink, pieces: readonly Buffer[], bytes: number): boolean {
	let used = 0;
	for (const piece of pieces) {
		scratch.set(piece, used);
		used += piece.length;
	}
	const writable = sink.write(scratch.subarray(0, bytes));
	if (sink.writableLength > 0) scratch = Buffer.allocUnsafeSlow(COPY_UP_TO);
	return writable;
}
