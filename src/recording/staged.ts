import type { RecordingError } from "./errors.ts";

/**
 * Events that are written together, for one write costs as much as all else that is done for an event: those that
 * came within one turn of the event loop.
 */
export interface Staged {
	/** Writes what waits, if that wasn't done yet. Throws `record_unwritable` when the events are not in the record. */
	settle(): void;
}

export class StagedEvents implements Staged {
	#state: "waiting" | "written" | RecordingError = "waiting";
	readonly #write: () => void;

	/** @param write writes all that waits, and says how it went by `written` or `failed`; it may throw as well */
	constructor(write: () => void) {
		this.#write = write;
	}

	settle(): void {
		if (this.#state === "written") return;
		if (this.#state === "waiting") this.#write();
		else throw this.#state;
	}

	written(): void {
		this.#state = "written";
	}

	failed(error: RecordingError): void {
		this.#state = error;
	}
}
