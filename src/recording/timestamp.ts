import type { Clock } from "../lib/index.ts";

/** RFC 3339 in UTC with milliseconds, rendered once a millisecond. */
export class Timestamp {
	readonly #clock: Clock;
	#at = Number.NaN;
	#text = "";

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	/** Of what `now` answered last, in milliseconds since the epoch. */
	get at(): number {
		return this.#at;
	}

	now(): string {
		const now = this.#clock.now();
		if (now !== this.#at) {
			this.#at = now;
			this.#text = new Date(now).toISOString();
		}
		return this.#text;
	}
}
