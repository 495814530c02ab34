import { hash } from "node:crypto";

const USUAL_BYTES = 256 * 1024;
/** `,"hash":"` + 64 + `","signature":"` + 88 + `"}` and a line break, with room to spare. */
const END_BYTES = 256;
/** A character of a string takes no more bytes than this. */
const CHARACTER_BYTES = 3;

/** What a line says, in the order in which it does. */
export interface LineText {
	readonly head: string;
	/** What was made into bytes before, since many lines have it in common. */
	readonly common: Buffer | null;
	readonly rest: string;
}

/** Gathers whole lines in one buffer, so that several events cost one write. */
export class LineBuffer {
	#bytes = Buffer.allocUnsafeSlow(USUAL_BYTES);
	#used = 0;

	/**
	 * Adds a line, and ends it with its hash and, where `sign` is given, a signature. Answers the hash.
	 * @param stamp what it begins with
	 */
	add(stamp: string, { head, common, rest }: LineText, sign?: (lineHash: string) => string): string {
		const begin = stamp + head;
		this.#reserve((begin.length + rest.length) * CHARACTER_BYTES + (common?.length ?? 0) + END_BYTES);
		const bytes = this.#bytes;
		let end = this.#used + bytes.write(begin, this.#used, "utf8");
		if (common !== null) {
			bytes.set(common, end);
			end += common.length;
		}
		if (rest !== "") end += bytes.write(rest, end, "utf8");
		const lineHash = hash("sha256", bytes.subarray(this.#used, end), "hex");
		const signature = sign === undefined ? "" : `","signature":"${sign(lineHash)}`;
		this.#used = end + bytes.write(`,"hash":"${lineHash}${signature}"}\n`, end, "latin1");
		return lineHash;
	}

	/** What was added since `clear`; valid until the next call. */
	get lines(): Buffer {
		return this.#bytes.subarray(0, this.#used);
	}

	clear(): void {
		this.#used = 0;
		if (this.#bytes.length > USUAL_BYTES * 16) this.#bytes = Buffer.allocUnsafeSlow(USUAL_BYTES);
	}

	#reserve(bytes: number): void {
		const needed = this.#used + bytes;
		if (needed <= this.#bytes.length) return;
		const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
		this.#bytes.copy(larger, 0, 0, this.#used);
		this.#bytes = larger;
	}
}
