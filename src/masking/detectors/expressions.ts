import { RE2JS } from "re2js";
import { MaskingError } from "../errors.ts";
import type { Hit, Text } from "./kinds.ts";

/** An own expression, compiled: RE2's syntax, and like RE2 linear in the text whatever it says. */
export interface Expression {
	readonly name: string;
	readonly pattern: RE2JS;
}

/** @throws MaskingError `detector_expression_invalid` with the engine's own message */
export function compileExpression(name: string, pattern: string): Expression {
	try {
		const compiled = RE2JS.compile(pattern);
		if (!compiled.matches("")) return { name, pattern: compiled };
	} catch (thrown) {
		throw new MaskingError(
			"detector_expression_invalid",
			`the detector ${name}: ${(thrown as Error).message}`,
			{
				cause: thrown,
			},
		);
	}
	throw new MaskingError("detector_expression_invalid", `the detector ${name} matches the empty text`);
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
