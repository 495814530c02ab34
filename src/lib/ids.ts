import { randomBytes } from "node:crypto";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"; // Crockford's base32, lower case: safe in URLs and file names

/**
 * A new identifier: 48 bits of time in milliseconds, then 80 random bits, as 26 characters of base32, so that
 * identifiers sort by the time they were made (the layout of a ULID). The random part is unguessable, but an
 * identifier is not a secret.
 */
export function newId(now: number = Date.now()): string {
	let id = "";
	for (let shift = 45; shift >= 0; shift -= 5) id += ALPHABET[Math.floor(now / 2 ** shift) % 32];
	const random = randomBytes(10);
	let bits = 0;
	let value = 0;
	for (const byte of random) {
		value = (value << 8) | byte;
		bits += 8;
		while (bits >= 5) {
			bits -= 5;
			id += ALPHABET[(value >>> bits) & 31];
		}
		value &= (1 << bits) - 1;
	}
	return id;
}
