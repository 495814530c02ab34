import { randomBytes } from "node:crypto";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"; // Crockford's base32, lower case: safe in URLs and file names
const TIME_CHARACTERS = 10;
const RANDOM_BYTES = 10;
const POOL_BYTES = 400 * RANDOM_BYTES;

/** Two characters for each ten bits. */
const PAIRS = Array.from({ length: 1024 }, (_, bits) => `${ALPHABET[bits >> 5]}${ALPHABET[bits & 31]}`);

const pair = (bits: number): string => PAIRS[bits & 1023] as string;

/** Drawn from the system many at a time: a call for each identifier costs more than all else that is done for it. */
let pool = Buffer.alloc(0);
let used = 0;

/** Identifiers of one millisecond begin alike. */
let lastTime = Number.NaN;
let lastPrefix = "";

/**
 * A new identifier: 48 bits of time in milliseconds, then 80 random bits, as 26 characters of base32, so that
 * identifiers sort by the time they were made (the layout of a ULID). The random part is unguessable, but an
 * identifier is not a secret.
 */
export function newId(now: number = Date.now()): string {
	if (now !== lastTime) {
		lastTime = now;
		lastPrefix = timePrefix(now);
	}
	return lastPrefix + fortyBits() + fortyBits();
}

function timePrefix(now: number): string {
	let prefix = "";
	for (let at = TIME_CHARACTERS - 1; at >= 0; at--) prefix += ALPHABET[Math.floor(now / 32 ** at) % 32];
	return prefix;
}

/** Eight characters of randomness. */
function fortyBits(): string {
	if (used + 5 > pool.length) {
		pool = randomBytes(POOL_BYTES);
		used = 0;
	}
	const high = pool.readUIntBE(used, 3);
	const low = pool.readUInt16BE(used + 3);
	used += 5;
	return pair(high >> 14) + pair(high >> 4) + pair(((high & 15) << 6) | (low >> 10)) + pair(low);
}
