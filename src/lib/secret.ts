import { createHash, timingSafeEqual } from "node:crypto";
import { inspect } from "node:util";

const HIDDEN = "[secret]";

/**
 * A credential that can't be printed by accident: every way in which JavaScript turns a value into text answers
 * `[secret]`. It protects logs, records and error messages, not the process's memory.
 */
export class Secret {
	readonly #source: string | (() => string);

	/** A function is asked at each use, so that a secret that was rotated in its file is picked up at once. */
	constructor(source: string | (() => string)) {
		this.#source = source;
	}

	/** The secret itself; call it only where it is sent or compared. Throws what its source throws. */
	reveal(): string {
		return typeof this.#source === "string" ? this.#source : this.#source();
	}

	/** Whether both hold the same secret now, in a time that does not depend on where they differ. */
	equals(other: Secret): boolean {
		return timingSafeEqual(digest(this.reveal()), digest(other.reveal()));
	}

	toString(): string {
		return HIDDEN;
	}

	toJSON(): string {
		return HIDDEN;
	}

	[inspect.custom](): string {
		return HIDDEN;
	}
}

function digest(text: string): Buffer {
	return createHash("sha256").update(text).digest();
}
