import { tokenize } from "./lexer.ts";

const BEYOND_ASCII = /[^\0-\x7f]/;
/** Decoded by the parser: what it stands for may be any character. */
const ESCAPED_NAME = /u&"/i;
/** No encoding of the server's has more than four bytes for a character: so many are never cut. */
const NEVER_CUT = 15;

/**
 * True when a name in the text may be another one in a server whose encoding isn't UTF-8. The server reads a text in its
 * own encoding: there it cuts names to 63 bytes, and folds letters beyond ASCII where each has one byte.
 */
export function namesBeyondAscii(text: string): boolean {
	if (ESCAPED_NAME.test(text)) return true;
	if (!BEYOND_ASCII.test(text)) return false;
	let found = false;
	const beyond = (start: number, end: number): boolean => BEYOND_ASCII.test(text.slice(start, end));
	tokenize(text, {
		comment() {},
		operator() {},
		other() {},
		word(start, end) {
			found ||= beyond(start, end);
		},
		quoted(start, end, quote) {
			found ||= quote === '"' && end - start > NEVER_CUT && beyond(start, end);
		},
	});
	return found;
}
