/**
 * Runs what is to be done when everything that this turn of the event loop brought has been dealt with: one call of
 * the engine's for all of it.
 */
export class TurnEnd {
	#tasks: (() => void)[] = [];

	add(task: () => void): void {
		if (this.#tasks.push(task) === 1) setImmediate(this.#run);
	}

	/** What throws ends as it would by itself, and holds nothing else up. */
	readonly #run = (): void => {
		const tasks = this.#tasks;
		this.#tasks = [];
		let at = 0;
		try {
			while (at < tasks.length) tasks[at++]?.();
		} finally {
			for (const task of tasks.slice(at)) this.add(task);
		}
	};
}
