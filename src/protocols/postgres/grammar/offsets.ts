/** The tree counts in UTF-8 bytes, ErrorResponse in characters, JavaScript in UTF-16 units: from one to the other. */

/** True when the text has one byte a character, which is nearly always: all three counts are then the same. */
function isAscii(text: string): boolean {
	return Buffer.byteLength(text) === text.length;
}

/**
 * The part of `text` that `length` UTF-8 bytes from byte `start` on make; to the end when `length` is 0 or missing,
 * as RawStmt's `stmt_len` means it.
 */
export function sliceBytes(text: string, start: number, length = 0): string {
	if (isAscii(text)) return length === 0 ? text.slice(start) : text.slice(start, start + length);
	const bytes = Buffer.from(text);
	return bytes.toString("utf8", start, length === 0 ? bytes.length : start + length);
}

/** The 1-based character (code point) at a 0-based byte offset: what ErrorResponse's `P` says. */
export function characterPosition(text: string, byteOffset: number): number {
	if (isAscii(text)) return byteOffset + 1;
	let position = 1;
	let bytes = 0;
	for (const character of text) {
		if (bytes >= byteOffset) break;
		bytes += Buffer.byteLength(character);
		position++;
	}
	return position;
}
