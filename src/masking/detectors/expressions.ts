import { RE2JS } from "re2js";
import type { Hit, Text } from "./kinds.ts";

/** An own expression, compiled: RE2's syntax, and like RE2 linear in the text whatever it says. */
export interface Expression {
	readonly name: string;
	readonly pattern: RE2JS;
}

/** The policy room has tried it when the bundle came. */
export function compileExpression(name: string, pattern: string): Expression {
	return { name, pattern: RE2JS.compile(pattern) };
}

/** Adds what the expression matches from `from` on. */
export function findExpression(
	{ name, pattern }: Expression,
	{ bytes, end }: Text,
	from: number,
	hits: Hit[],
): void {
	const matcher = pattern.matcher(bytes.subarray(from, end));
	while (matcher.find()) {
		const start = from + matcher.start();
		const stop = from + matcher.end();
		if (stop > start) hits.push({ kind: name, of: name, start, end: stop });
	}
}
