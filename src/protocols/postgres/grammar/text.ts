import { GrammarError } from "./errors.ts";
import type { GrammarLimits } from "./model.ts";

/**
 * Refuses what the parser and the server could read differently, or what is too large to be looked at: C's strings
 * end at NUL, and a lone surrogate would become U+FFFD on its way to UTF-8. Throws GrammarError.
 */
export function checkText(text: string, limits: GrammarLimits): void {
	if (
		text.length > limits.maxBytes ||
		(text.length * 3 > limits.maxBytes && Buffer.byteLength(text) > limits.maxBytes)
	) {
		throw new GrammarError("sql_too_large", `the statement is larger than ${limits.maxBytes} bytes`);
	}
	if (text.includes("\0"))
		throw new GrammarError("sql_invalid_text", 'invalid byte sequence for encoding "UTF8": 0x00');
	if (!text.isWellFormed()) throw new GrammarError("sql_invalid_text", "the statement is not valid Unicode");
}
