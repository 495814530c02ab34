import { ControlError } from "../errors.ts";

/** Requests that wait for a bundle to change: long polls. */
export class Waiting {
	readonly #most: number;
	readonly #waiting = new Map<string, Set<() => void>>();
	#count = 0;

	/** `most` bounds how many may wait at the same time, over all bundles. */
	constructor(most: number) {
		this.#most = most;
	}

	/**
	 * Resolves with true when the bundle changed, with false when the time was up or `gone` was aborted. Throws
	 * `too_many_waiting`.
	 */
	wait(name: string, milliseconds: number, gone: AbortSignal): Promise<boolean> {
		if (this.#count >= this.#most) throw new ControlError("too_many_waiting");
		const waiting = this.#waiting.get(name) ?? new Set();
		this.#waiting.set(name, waiting);
		this.#count += 1;
		return new Promise((resolve) => {
			const end = (changed: boolean) => {
				clearTimeout(timer);
				gone.removeEventListener("abort", leave);
				if (waiting.delete(wake)) this.#count -= 1;
				if (waiting.size === 0 && this.#waiting.get(name) === waiting) this.#waiting.delete(name);
				resolve(changed);
			};
			const wake = () => end(true);
			const leave = () => end(false);
			const timer = setTimeout(leave, milliseconds);
			waiting.add(wake);
			gone.addEventListener("abort", leave);
			if (gone.aborted) leave();
		});
	}

	/** The bundle changed. */
	wake(name: string): void {
		for (const wake of [...(this.#waiting.get(name) ?? [])]) wake();
	}
}
