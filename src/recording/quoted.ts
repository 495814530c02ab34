/** Letters, digits, spaces and `_`: what identifiers and tags are made of needs no escapes. */
const PLAIN = /^[\w ]*$/;

/** A short text as JSON; a call into the engine's own serialiser costs more than all the rest of a line. */
export function quoted(text: string | null): string {
	if (text === null) return "null";
	return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}
