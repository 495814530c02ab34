import type { DecisionLogCounters } from "./counters.ts";
import type { Chunk, EventText, Packer } from "./packer.ts";

/** What a buffer is bounded by. */
export type Bound =
	| { readonly type: "size"; readonly bytes: number }
	| { readonly type: "event"; readonly events: number };

/** Events that wait for their upload. When there is no room the oldest go, and are counted. */
export class LogBuffer {
	readonly #packer: Packer;
	readonly #bound: Bound;
	readonly #counters: DecisionLogCounters;
	readonly #onChunk: () => void;
	#open: EventText[] = [];
	#openBytes = 0;
	/** Events that are being packed. */
	#inPacking = 0;
	#packing: Promise<void> = Promise.resolve();
	#isPacking = false;
	#chunks: Chunk[] = [];

	/** `onChunk` is called when a chunk is full. */
	constructor(packer: Packer, bound: Bound, counters: DecisionLogCounters, onChunk: () => void) {
		this.#packer = packer;
		this.#bound = bound;
		this.#counters = counters;
		this.#onChunk = onChunk;
	}

	/** How many events wait. */
	get events(): number {
		return this.#open.length + this.#inPacking + this.#packed((chunk) => chunk.events);
	}

	/** Bytes of the packed chunks that wait. */
	get bytes(): number {
		return this.#packed((chunk) => chunk.body.length);
	}

	add(event: EventText): void {
		this.#open.push(event);
		this.#openBytes += event.json.length;
		this.#makeRoom();
		if (!this.#isPacking && this.#openBytes >= this.#packer.guess) void this.#pack(false);
	}

	/** Takes out everything, packed. */
	async drain(): Promise<Chunk[]> {
		await this.#pack(true);
		return this.#chunks.splice(0);
	}

	/** Puts back what could not be uploaded, in front of what has come since. */
	putBack(chunks: readonly Chunk[]): void {
		this.#chunks.unshift(...chunks);
		this.#makeRoom();
	}

	/** Packs what is enough for a chunk, again and again; in the end what is less as well, where `all` is to go. */
	#pack(all: boolean): Promise<void> {
		this.#isPacking = true;
		this.#packing = this.#packing.then(async () => {
			while (this.#open.length > 0 && (all || this.#openBytes >= this.#packer.guess)) {
				const full = this.#openBytes >= this.#packer.guess;
				const events = this.#takeForChunk();
				this.#inPacking = events.length;
				this.#chunks.push(...(await this.#packer.pack(events)));
				this.#inPacking = 0;
				this.#makeRoom();
				if (full) this.#onChunk();
			}
			this.#isPacking = false;
		});
		return this.#packing;
	}

	#takeForChunk(): EventText[] {
		let bytes = 0;
		let count = 0;
		while (count < this.#open.length && bytes < this.#packer.guess)
			bytes += this.#open[count++]?.json.length ?? 0;
		this.#openBytes -= bytes;
		return this.#open.splice(0, count);
	}

	#makeRoom(): void {
		while (this.#isOver()) {
			const oldest = this.#chunks.shift();
			if (oldest !== undefined) this.#counters.dropped.buffer_size_limit_exceeded += oldest.events;
			else if (this.#open.length > 0) {
				this.#openBytes -= this.#open.shift()?.json.length ?? 0;
				this.#counters.dropped.buffer_size_limit_exceeded++;
			} else return;
		}
	}

	/** What is not packed yet counts as far as it is more than the next chunk: packing may not keep up. */
	#isOver(): boolean {
		if (this.#bound.type === "event") return this.events > this.#bound.events;
		return this.bytes + Math.max(0, this.#openBytes - this.#packer.guess) > this.#bound.bytes;
	}

	#packed(measure: (chunk: Chunk) => number): number {
		let sum = 0;
		for (const chunk of this.#chunks) sum += measure(chunk);
		return sum;
	}
}
