import { setImmediate } from "node:timers";

/** Longest that the tasks of one turn may take together, in milliseconds; a single task is never cut. */
const SLICE_MS = 1;

/** Runs small tasks in their order, a slice a turn, so that whatever else the thread has to do goes on in between. */
export class Slices {
	readonly #tasks: (() => void)[] = [];
	#running = false;

	/** `task` must not throw. */
	add(task: () => void): void {
		this.#tasks.push(task);
		if (this.#running) return;
		this.#running = true;
		setImmediate(() => this.#run());
	}

	#run(): void {
		const end = performance.now() + SLICE_MS;
		let done = 0;
		while (done < this.#tasks.length) {
			this.#tasks[done]?.();
			done += 1;
			if (performance.now() >= end) break;
		}
		this.#tasks.splice(0, done);
		if (this.#tasks.length > 0) setImmediate(() => this.#run());
		else this.#running = false;
	}
}
