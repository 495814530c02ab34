import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Difference } from "./compare.ts";

const PAGE = join(import.meta.dirname, "..", "docs", "postgres-differences.md");

/** What the page says of one test: `### SUITE: TEST`, a reason, and `diff` blocks. */
interface Entry {
	readonly suite: string;
	readonly test: string;
	readonly lines: RegExp;
}

/** Tells which differences a page lists; that of PostgreSQL's unless another is given. */
export function listedDifferences(
	page = readFileSync(PAGE, "utf8"),
): (suite: string, difference: Difference) => boolean {
	const entries = entriesOf(page);
	return (suite, { test, lines }) =>
		entries.some(
			(entry) => entry.suite === suite && entry.test === test && entry.lines.test(lines.join("\n")),
		);
}

function entriesOf(page: string): Entry[] {
	const sections = page.split(/^### /m).slice(1);
	return sections.flatMap((section) => {
		const [, suite = "", test = ""] = /^([^:\n]+): (.+)$/m.exec(section) ?? [];
		const blocks = [...section.matchAll(/^```diff\n([\s\S]*?)\n```$/gm)];
		return blocks.map(([, lines = ""]) => ({ suite, test, lines: pattern(lines) }));
	});
}

/** `…` stands for what is another in each run, such as the number of a decision. */
function pattern(lines: string): RegExp {
	const literal = lines.split("…").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
	return new RegExp(`^${literal.join("[^\\n]*")}$`);
}
