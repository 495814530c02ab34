/** A short text as JSON; a call into the engine's own serialiser costs more than all that is usually around it. */
export function quoted(text: string | null): string {
	if (text === null) return "null";
	return isPlain(text) ? `"${text}"` : JSON.stringify(text);
}

/** Printable ASCII but the quote and the backslash, as in identifiers and tags, needs no escapes. */
function isPlain(text: string): boolean {
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return false;
	}
	return true;
}
