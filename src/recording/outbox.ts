import { type Entry, outcomeEntry } from "./entries.ts";

/** While the record can't be written, this many characters of events are kept for later. */
const BOUND = 4 * 1024 * 1024;

/** Events on their way into the log, in order. */
export class Outbox {
	#entries: Entry[] = [];
	#held = 0;
	#lost = 0;

	get empty(): boolean {
		return this.#entries.length === 0;
	}

	get entries(): readonly Entry[] {
		return this.#entries;
	}

	/** How many events `hold` gave up since `forgetLost`. */
	get lost(): number {
		return this.#lost;
	}

	/** For an event that is written soon. */
	add(entry: Entry): void {
		this.#entries.push(entry);
	}

	/** For an event that may have to wait long: given up over the bound, but for a session's end (small, once). */
	hold(entry: Entry): void {
		if (!entry.ends && this.#held + entry.head.length > BOUND) {
			this.#lost++;
			return;
		}
		this.#held += entry.head.length;
		this.#entries.push(entry);
	}

	/** Takes back what can't be written now and was waited for. */
	dropAwaited(): void {
		this.#entries = this.#entries.flatMap((entry) => {
			if (!entry.awaited) return [entry];
			return entry.before === null ? [] : [outcomeEntry(entry.before, entry.session)];
		});
	}

	clear(): void {
		this.#entries.length = 0;
		this.#held = 0;
	}

	forgetLost(): void {
		this.#lost = 0;
	}
}
