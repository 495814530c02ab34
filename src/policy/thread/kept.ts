/** The last few results by their keys; who asks while one is being made waits for it. A failure is not kept. */
export class Kept<T> {
	readonly #most: number;
	readonly #results = new Map<string, Promise<T>>();

	constructor(most: number) {
		this.#most = most;
	}

	get(key: string, make: () => Promise<T>): Promise<T> {
		const result = this.#results.get(key) ?? make();
		this.#results.delete(key);
		this.#results.set(key, result);
		for (const old of [...this.#results.keys()].slice(0, -this.#most)) this.#results.delete(old);
		result.catch(() => this.#results.delete(key));
		return result;
	}
}
