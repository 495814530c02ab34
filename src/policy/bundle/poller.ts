import { setTimeout as sleep } from "node:timers/promises";

export interface PollerOptions {
	/**
	 * One attempt, which never rejects. Its signal ends what it waits for; `asked`: somebody asked for this one and
	 * waits for its end.
	 */
	readonly attempt: (signal: AbortSignal, asked: boolean) => Promise<void>;
	/** Milliseconds from one attempt's end to the next one's start; infinite: until somebody asks. */
	readonly delay: () => number;
}

/** A timer's own limit, in milliseconds; what is to wait longer waits for somebody to ask. */
const LONGEST_SLEEP_MS = 2 ** 31 - 1;

/** Attempts again and again, one at a time, and at once when it is triggered. */
export class Poller {
	readonly #options: PollerOptions;
	#stopped = false;
	/** Ends the sleep or the attempt that is under way. */
	#interrupt = new AbortController();
	#waiting: (() => void)[] = [];
	#running: Promise<void> | undefined;

	constructor(options: PollerOptions) {
		this.#options = options;
	}

	/** Starts with a sleep, or with an attempt where one has been asked for. */
	start(): void {
		this.#running ??= this.#run();
	}

	/** Resolves when an attempt has ended that began after the call, or when it is stopped. */
	async trigger(): Promise<void> {
		if (this.#stopped) return;
		const done = new Promise<void>((resolve) => this.#waiting.push(resolve));
		this.#interrupt.abort();
		await done;
	}

	async stop(): Promise<void> {
		this.#stopped = true;
		this.#interrupt.abort();
		await this.#running;
		for (const resolve of this.#waiting.splice(0)) resolve();
	}

	async #run(): Promise<void> {
		while (!this.#stopped) {
			if (this.#waiting.length === 0) await this.#sleep();
			if (this.#stopped) return;
			if (this.#interrupt.signal.aborted) this.#interrupt = new AbortController();
			const answered = this.#waiting.splice(0);
			await this.#options.attempt(this.#interrupt.signal, answered.length > 0);
			for (const resolve of answered) resolve();
		}
	}

	async #sleep(): Promise<void> {
		const ms = Math.min(this.#options.delay(), LONGEST_SLEEP_MS);
		await sleep(ms, undefined, { signal: this.#interrupt.signal }).catch(() => undefined);
	}
}
