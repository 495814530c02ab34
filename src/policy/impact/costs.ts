/** Costs of many evaluations, in budget units. */
export interface CostSummary {
	readonly median: number;
	readonly p99: number;
	readonly max: number;
	readonly total: number;
}

/** Counts costs; equal ones, which are most, once. */
export class Costs {
	readonly #counts = new Map<number, number>();

	add(cost: number, times = 1): void {
		this.#counts.set(cost, (this.#counts.get(cost) ?? 0) + times);
	}

	summary(): CostSummary {
		const sorted = [...this.#counts].sort(([a], [b]) => a - b);
		const count = sorted.reduce((sum, [, times]) => sum + times, 0);
		const at = (share: number): number => {
			let left = Math.ceil(count * share);
			for (const [cost, times] of sorted) {
				left -= times;
				if (left <= 0) return cost;
			}
			return 0;
		};
		return {
			median: at(0.5),
			p99: at(0.99),
			max: sorted.at(-1)?.[0] ?? 0,
			total: sorted.reduce((sum, [cost, times]) => sum + cost * times, 0),
		};
	}
}
