/**
 * Everything that a terminal obeys or a reader doesn't see: control characters, escape sequences, marks that turn
 * the direction of writing, what has no width, halves of characters.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/** Text from the record for a terminal, on one line: what could act on the terminal is spelt out (`\x1b`). */
export function printable(text: string): string {
	return text.replace(UNPRINTABLE, spellOut);
}

/** The same, but lines stay lines and tabs become spaces. */
export function printableLines(text: string): string[] {
	return text.split(/\r?\n/).map((line) => printable(line.replaceAll("\t", "    ")));
}

function spellOut(character: string): string {
	const code = character.codePointAt(0) ?? 0;
	const hex = code.toString(16);
	return code <= 0xff ? `\\x${hex.padStart(2, "0")}` : `\\u{${hex}}`;
}
