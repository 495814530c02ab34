import type { Clock } from "../lib/index.ts";

/** Clocks are set and machines sleep: no single wait is longer than this. */
const MAX_WAIT_MS = 60_000;

/** Calls `due` at the earliest of the times that it was armed for; `due` arms it for the next. */
export class ExpiryTimer {
	readonly #clock: Clock;
	readonly #due: () => void;
	#timer: NodeJS.Timeout | undefined;
	#at = Number.POSITIVE_INFINITY;

	constructor(clock: Clock, due: () => void) {
		this.#clock = clock;
		this.#due = due;
	}

	/** Milliseconds since the epoch. */
	arm(at: number): void {
		if (at >= this.#at) return;
		this.#at = at;
		this.#schedule();
	}

	stop(): void {
		clearTimeout(this.#timer);
		this.#at = Number.POSITIVE_INFINITY;
	}

	#schedule(): void {
		clearTimeout(this.#timer);
		const wait = Math.min(Math.max(this.#at - this.#clock.now(), 0), MAX_WAIT_MS);
		this.#timer = setTimeout(() => this.#fire(), wait).unref();
	}

	#fire(): void {
		if (this.#clock.now() < this.#at) {
			this.#schedule();
			return;
		}
		this.#at = Number.POSITIVE_INFINITY;
		this.#due();
	}
}
