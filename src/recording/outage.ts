import { RecordingError } from "./errors.ts";

/** A time in which the record can't be written: everything is refused, and a write is tried again and again. */
export class Outage {
	readonly error: RecordingError;
	readonly #since: string;
	readonly #probe: NodeJS.Timeout;
	#refused = 0;

	constructor(cause: unknown, since: string, probeIntervalMs: number, probe: () => void) {
		this.error = unwritable(cause);
		this.#since = since;
		this.#probe = setInterval(probe, probeIntervalMs).unref();
	}

	/** The error for one more call. */
	refuse(): RecordingError {
		this.#refused++;
		return this.error;
	}

	/** What the `recovered` event says. */
	report(lost: number): object {
		return { failed_at: this.#since, error: this.error.operator, refused: this.#refused, lost };
	}

	end(): void {
		clearInterval(this.#probe);
	}
}

/** `record_unwritable`, with what the system said for the operator. */
export function unwritable(cause: unknown): RecordingError {
	return new RecordingError("record_unwritable", undefined, { operator: String(cause), cause });
}
