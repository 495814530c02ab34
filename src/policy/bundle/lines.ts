import * as util from "node:util";

const CONTEXT = 2;

/**
 * The lines that changed with two around them, as `diff -u` shows them (without its headers). Null where this Node
 * has no comparison of its own (before 22.15).
 */
export function changedLines(before: string, after: string): string | null {
	if (typeof util.diff !== "function") return null;
	const entries = util.diff(linesOf(before), linesOf(after));
	const near = new Set(
		entries.flatMap(([operation], at) =>
			operation === 0 ? [] : Array.from({ length: 2 * CONTEXT + 1 }, (_, i) => at + i - CONTEXT),
		),
	);
	const shown: string[] = [];
	let last = -1;
	for (const [at, [operation, line]] of entries.entries()) {
		if (!near.has(at)) continue;
		if (at > last + 1 && shown.length > 0) shown.push("...");
		shown.push(`${operation === 0 ? " " : operation > 0 ? "-" : "+"}${line}`);
		last = at;
	}
	return shown.join("\n");
}

function linesOf(text: string): string[] {
	const lines = text.split("\n");
	if (lines.at(-1) === "") lines.pop();
	return lines;
}
