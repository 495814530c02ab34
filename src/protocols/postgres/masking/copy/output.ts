import { Backend, Slab } from "../../codec/index.ts";

const HEADER = 5;

/** Writes CopyData messages of which it shows only at their end how long they are. */
export class CopyOutput {
	#slab = new Slab();
	#from = 0;

	/** Begins a message; what is written until its end is its data. */
	begin(slab: Slab): void {
		this.#slab = slab;
		this.#from = slab.written;
		slab.reserve(HEADER);
		slab.bytes[slab.at] = Backend.CopyData;
		slab.at += HEADER;
	}

	bytes(from: Buffer): void {
		this.#slab.append(from);
	}

	byte(value: number): void {
		this.#slab.reserve(1);
		this.#slab.bytes[this.#slab.at++] = value;
	}

	/** A message that nothing was put in is none. */
	end(): void {
		const slab = this.#slab;
		const length = slab.written - this.#from;
		if (length === HEADER) slab.at -= HEADER;
		else slab.patchLength(this.#from + 1, length - 1);
	}
}
