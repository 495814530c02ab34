import { inspect } from "node:util";

const HIDDEN = "[secret]";

/**
 * A credential that can't be printed by accident: every way in which JavaScript turns a value into text answers
 * `[secret]`. It protects logs, records and error messages, not the process's memory.
 */
export class Secret {
	readonly #value: string;

	constructor(value: string) {
		this.#value = value;
	}

	/** The secret itself; call it only where it is sent or compared. */
	reveal(): string {
		return this.#value;
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
