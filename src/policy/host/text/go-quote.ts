const SIMPLE: Readonly<Record<string, string>> = {
	"\x07": "\\a",
	"\b": "\\b",
	"\f": "\\f",
	"\n": "\\n",
	"\r": "\\r",
	"\t": "\\t",
	"\v": "\\v",
	"\\": "\\\\",
};

/** What Go's strconv.IsPrint answers: letters, marks, numbers, punctuation, symbols and the ASCII space. */
function isPrint(character: string): boolean {
	return character === " " || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character);
}

/** Go's strconv.Quote, or QuoteToASCII, or for `mark` a single quote QuoteRune. */
export function goQuote(text: string, ascii = false, mark: '"' | "'" = '"'): string {
	let quoted = mark as string;
	for (const character of text) {
		const code = character.codePointAt(0) ?? 0;
		if (character === mark) quoted += `\\${mark}`;
		else if (SIMPLE[character] !== undefined) quoted += SIMPLE[character];
		else if (isPrint(character) && (!ascii || code < 0x80)) quoted += character;
		else if (code < 0x20 || code === 0x7f) quoted += `\\x${hex(code, 2)}`;
		else quoted += code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
	}
	return quoted + mark;
}

/** Go's strconv.CanBackquote. */
export function canBackquote(text: string): boolean {
	const refused = ["`", "\x7f", "\ufeff"];
	return [...text].every(
		(character) => (character >= " " || character === "\t") && !refused.includes(character),
	);
}

function hex(code: number, width: number): string {
	return code.toString(16).padStart(width, "0");
}
