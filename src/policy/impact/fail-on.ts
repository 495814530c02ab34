import { CHANGES, type Change } from "./change.ts";
import type { ImpactReport } from "./report.ts";

/** A bound that a report must keep: `newly-denied>0` is broken by one newly denied command. */
export interface FailOn {
	readonly what: Change | "changed" | "newly-failing" | "drifted";
	readonly more: number;
	readonly text: string;
}

const FORM = /^([a-z-]+)\s*(>=|>)\s*(\d+)$/;

/** Undefined for what is none. */
export function parseFailOn(text: string): FailOn | undefined {
	const [, what = "", operator, number] = FORM.exec(text.trim()) ?? [];
	const known = [...CHANGES, "changed", "newly-failing", "drifted"] as const;
	const found = known.find((each) => each === what);
	if (found === undefined) return undefined;
	return { what: found, more: Number(number) - (operator === ">=" ? 1 : 0), text };
}

/** How many there are of what the bound is about. */
export function countOf({ what }: FailOn, { changes, cost, drifted }: ImpactReport): number {
	if (what === "changed") return Object.values(changes).reduce((sum, count) => sum + count, 0);
	if (what === "newly-failing") return cost.newly_failing;
	return what === "drifted" ? drifted : changes[what];
}
