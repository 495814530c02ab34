/** A mistake that no single value shows, at the keys that lead to it. */
export interface RuleProblem {
	readonly path: readonly (string | number)[];
	readonly message: string;
	readonly remedy: string;
}
