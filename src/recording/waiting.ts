/**
 * What waits a little for a line that has room for it, by a key that at most one at a time has. It is kept in two
 * generations, so that what is old can be taken without a look at each one's age.
 */
export class Waiting<T> {
	#young = new Map<string, T>();
	#old = new Map<string, T>();

	get empty(): boolean {
		return this.#young.size === 0 && this.#old.size === 0;
	}

	add(key: string, value: T): void {
		this.#young.set(key, value);
	}

	take(key: string): T | undefined {
		const young = this.#young.get(key);
		if (young !== undefined) {
			this.#young.delete(key);
			return young;
		}
		const old = this.#old.get(key);
		if (old !== undefined) this.#old.delete(key);
		return old;
	}

	/** Those that were there at the last call already. */
	takeOld(): T[] {
		const cleared = this.#old;
		const taken = [...cleared.values()];
		cleared.clear();
		this.#old = this.#young;
		this.#young = cleared;
		return taken;
	}

	takeAll(matches: (value: T) => boolean = () => true): T[] {
		const taken: T[] = [];
		for (const values of [this.#old, this.#young])
			for (const [key, value] of values) {
				if (!matches(value)) continue;
				values.delete(key);
				taken.push(value);
			}
		return taken;
	}
}
