import { randomBytes } from "node:crypto";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"; // Crockford's base32, lower case: safe in URLs and file names

const RANDOM_BYTES = 10;
const POOL_BYTES = 400 * RANDOM_BYTES;

/** Drawn from the system many at a time: a call for each identifier costs more than all else that is done for it. */
let pool = Buffer.alloc(0);
let used = 0;

function takeRandom(): number {
	if (used + RANDOM_BYTES > pool.length) {
		pool = randomBytes(POOL_BYTES);
		used = 0;
	}
	const start = used;
	used += RANDOM_BYTES;
	return start;
}

/**
 * A new identifier: 48 bits of time in milliseconds, then 80 random bits, as 26 characters of base32, so that
 * identifiers sort by the time they were made (the layout of a ULID). The random part is unguessable, but an
 * identifier is not a secret.
 */
export function newId(now: number = Date.now()): string {
	let id = "";
	for (let shift = 45; shift >= 0; shift -= 5) id += ALPHABET[Math.floor(now / 2 ** shift) % 32];
	const start = takeRandom();
	let bits = 0;
	let value = 0;
	for (let at = start; at < start + RANDOM_BYTES; at++) {
		const byte = pool[at] as number;
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
