import { hash } from "node:crypto";

const USUAL_BYTES = 256 * 1024;
/** `,"hash":"` + 64 + `","signature":"` + 88 + `"}` and a line break, with room to spare. */
const END_BYTES = 256;

/** Gathers whole lines in one buffer, so that several events cost one write. */
export class LineBuffer {
	#bytes = Buffer.allocUnsafeSlow(USUAL_BYTES);
	#used = 0;

	/** Adds the line that starts with `text`, and ends it with its hash and, where `sign` is given, a signature. */
	add(text: string, sign?: (lineHash: string) => string): string {
		this.#reserve(text.length * 3 + END_BYTES);
		const end = this.#used + this.#bytes.write(text, this.#used, "utf8");
		const lineHash = hash("sha256", this.#bytes.subarray(this.#used, end), "hex");
		const rest =
			sign === undefined
				? `,"hash":"${lineHash}"}\n`
				: `,"hash":"${lineHash}","signature":"${sign(lineHash)}"}\n`;
		this.#used = end + this.#bytes.write(rest, end, "latin1");
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
