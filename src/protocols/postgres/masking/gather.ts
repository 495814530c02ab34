import { createHmac, type Hmac } from "node:crypto";
import { HASH_CHARACTERS } from "../../../masking/index.ts";
import type { ValueMasker } from "./values.ts";

const NOTHING = Buffer.alloc(0);

/**
 * One value that comes in pieces, and is masked when it is complete. No more of it is held than its mask needs: of a
 * value that is replaced by a constant nothing, of one too long for its transform no more than the transform takes.
 */
export class GatheredValue {
	readonly #masker: ValueMasker;
	readonly #key: Buffer;
	#kept: Buffer = NOTHING;
	#bytes = 0;
	#digest: Hmac | null = null;

	constructor(masker: ValueMasker, key: Buffer) {
		this.#masker = masker;
		this.#key = key;
	}

	/** The piece is copied where it is kept. */
	add(piece: Buffer): void {
		const before = this.#bytes;
		this.#bytes += piece.length;
		const { constant, gathers, long } = this.#masker;
		if (constant !== undefined) return;
		if (this.#digest !== null) this.#digest.update(piece);
		else if (this.#bytes <= gathers) this.#keep(piece, before);
		else {
			if (long === "digest" && before <= gathers)
				this.#digest = createHmac("sha256", this.#key).update(this.#kept.subarray(0, before)).update(piece);
			this.#kept = NOTHING;
		}
	}

	masked(): Buffer | null {
		const { constant, gathers, long, mask } = this.#masker;
		if (constant !== undefined) return constant;
		if (this.#digest !== null) return Buffer.from(this.#digest.digest("hex").slice(0, HASH_CHARACTERS));
		if (this.#bytes > gathers) return long === "digest" ? null : long;
		return mask(this.#kept.subarray(0, this.#bytes));
	}

	#keep(piece: Buffer, at: number): void {
		if (at + piece.length > this.#kept.length) {
			const larger = Buffer.allocUnsafe(Math.max(64, (at + piece.length) * 2));
			this.#kept.copy(larger, 0, 0, at);
			this.#kept = larger;
		}
		piece.copy(this.#kept, at);
	}
}
