/** Lets through so many a second, and at most a second's worth at once. */
export class RateLimit {
	readonly #perSecond: number;
	readonly #burst: number;
	#tokens: number;
	#at: number;

	constructor(perSecond: number, now: number) {
		this.#perSecond = perSecond;
		this.#burst = Math.max(1, Math.floor(perSecond));
		this.#tokens = this.#burst;
		this.#at = now;
	}

	/** `now` in milliseconds, of a clock that only goes forward. */
	allow(now: number): boolean {
		this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) / 1000) * this.#perSecond);
		this.#at = now;
		if (this.#tokens < 1) return false;
		this.#tokens -= 1;
		return true;
	}
}
