import { byteAt, byteSet, runEnd } from "./bytes.ts";
import { NONE, type Text } from "./kinds.ts";

const BASE64URL = byteSet("A-Za-z0-9_-");
const POINT = 0x2e;
/** Headers are short; one that holds a chain of certificates is longer. */
const LONGEST_HEADER = 8_192;
const ALGORITHM = /"(?:alg|enc)"\s*:/;

/** Tokens of one text: a run of base64url in which one began that was none is not gone through again. */
export class WebTokens {
	#failedUpTo = 0;

	begin(): void {
		this.#failedUpTo = 0;
	}

	/** The end of the token at `at`. */
	at(text: Text, at: number): number {
		if (at < this.#failedUpTo) return NONE;
		const end = jwtAt(text, at);
		if (end === NONE) this.#failedUpTo = runEnd(text, at, BASE64URL, LONGEST_HEADER);
		return end;
	}
}

/**
 * The end of the JSON Web Token (RFC 7519) at `at`: a header that names an algorithm, and two to four more parts, of
 * which the last may be empty. Signed (RFC 7515) and encrypted ones (RFC 7516).
 */
function jwtAt(text: Text, at: number): number {
	let end = runEnd(text, at, BASE64URL, LONGEST_HEADER);
	if (byteAt(text, end) !== POINT || !isHeader(text, at, end)) return NONE;
	let parts = 1;
	while (parts < 5 && byteAt(text, end) === POINT) {
		const next = runEnd(text, end + 1, BASE64URL, Number.POSITIVE_INFINITY);
		const empty = next === end + 1;
		if (empty && parts === 1) return NONE;
		if (empty && byteAt(text, next) !== POINT && parts !== 2) break;
		end = next;
		parts++;
	}
	return parts >= 3 ? end : NONE;
}

function isHeader(text: Text, start: number, end: number): boolean {
	const header = Buffer.from(text.bytes.toString("latin1", start, end), "base64url").toString("latin1");
	return header.startsWith("{") && header.endsWith("}") && ALGORITHM.test(header);
}
