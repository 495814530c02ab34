import { byteSet, runEnd, standsAt } from "./bytes.ts";
import { NONE, type Text } from "./kinds.ts";

const LABEL = byteSet("A-Z0-9 ");
const LONGEST_LABEL = 40;
/** What a key's text is made of: base64, headers, blanks, and line ends written as `\n` in JSON. */
export const KEY_BODY = byteSet("A-Za-z0-9+/=,:.\\ \t\r\n-");
const BEGIN = "-----BEGIN ";
const END = "-----END ";
const DASHES = "-----";

/**
 * The end of the private key (RFC 7468, and the older forms that OpenSSL and PGP write) at `at`. One that is cut off
 * goes as far as its text could.
 */
export function privateKeyAt(text: Text, at: number): number {
	if (!standsAt(text, at, BEGIN)) return NONE;
	const labelEnd = runEnd(text, at + BEGIN.length, LABEL, LONGEST_LABEL);
	const label = text.bytes.toString("latin1", at + BEGIN.length, labelEnd);
	if (!/PRIVATE KEY(?: BLOCK)?$/.test(label) || !standsAt(text, labelEnd, DASHES)) return NONE;
	const body = labelEnd + DASHES.length;
	const bodyEnd = runEnd(text, body, KEY_BODY, Number.POSITIVE_INFINITY);
	const closing = text.bytes.subarray(body, bodyEnd).indexOf(END + label + DASHES);
	return closing === -1 ? bodyEnd : body + closing + END.length + label.length + DASHES.length;
}
