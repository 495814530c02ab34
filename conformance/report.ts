import type { Difference } from "./compare.ts";
import type { Outcome } from "./suite.ts";

/** One suite's line in the table. */
export interface Row {
	readonly suite: string;
	readonly direct: Outcome;
	readonly through: Outcome;
	readonly listed: readonly Difference[];
	readonly unlisted: readonly Difference[];
}

const HEADINGS = ["suite", "direct", "through Sallyport", "differences"] as const;

/** The differences that are new, and then the table. */
export function report(rows: readonly Row[]): string {
	const cells = rows.map(({ suite, direct, through, listed, unlisted }) => [
		suite,
		direct.summary,
		through.summary,
		differences(listed, unlisted),
	]);
	const table = [[...HEADINGS], ...cells];
	const widths = HEADINGS.map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0)));
	const lines = table.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
	return [...rows.flatMap(unlistedOf), ...lines.map((line) => line.trimEnd())].join("\n");
}

/** Counted by test: one cause shows in many places of one output. */
function differences(listed: readonly Difference[], unlisted: readonly Difference[]): string {
	const count = (places: readonly Difference[]) => new Set(places.map(({ test }) => test)).size;
	const [all, open] = [count([...listed, ...unlisted]), count(unlisted)];
	if (all === 0) return "0";
	return open === 0 ? `${all} (all listed)` : `${all} (${open} not listed)`;
}

const unlistedOf = ({ suite, unlisted }: Row): string[] =>
	unlisted.map(({ test, lines }) => `${suite}: ${test}\n${lines.map((line) => `  ${line}`).join("\n")}\n`);
