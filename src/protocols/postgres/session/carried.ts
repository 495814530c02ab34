/**
 * The chunks of a COPY FROM STDIN that have been passed on, given back as soon as the server's socket has taken them.
 * Left to the garbage collector, each 64 MiB of them would make it mark the whole heap: more work than the COPY itself.
 */
export class CarriedChunks {
	readonly #sink: { readonly writableLength: number };
	#chunks: Buffer[] = [];

	constructor(sink: { readonly writableLength: number }) {
		this.#sink = sink;
	}

	/** For a chunk that holds nothing but COPY data and that nobody refers to but a write to the sink. */
	add(chunk: Buffer): void {
		this.#chunks.push(chunk);
	}

	/** Frees those that no write can need any more. */
	release(): void {
		if (this.#chunks.length === 0 || this.#sink.writableLength > 0) return;
		for (const chunk of this.#chunks) if (isWhole(chunk)) chunk.buffer.transfer(0);
		this.#chunks = [];
	}
}

/** A part of a larger buffer can't be freed alone. */
function isWhole(chunk: Buffer): chunk is Buffer<ArrayBuffer> {
	return chunk.buffer instanceof ArrayBuffer && chunk.length === chunk.buffer.byteLength;
}
