import { type Cipheriv, createCipheriv, createDecipheriv, timingSafeEqual } from "node:crypto";
import { hmac } from "./digest.ts";

const MARK = "tok_";
const TAG_BYTES = 16;
/** Values are filled up to a multiple of this, so that a token does not tell a length to the character. */
const PAD_BYTES = 16;

/**
 * A token for a value: equal values have equal tokens under one key, and whoever has the key gets the value back.
 * Encryption with a synthetic initialisation vector (the construction of RFC 5297, with HMAC-SHA-256 and AES-256-CTR):
 * the vector is a digest of the value, and is checked on the way back.
 */
export function tokenOf(value: Buffer, key: Buffer): string {
	const { digests, blocks } = keysOf(key);
	const padded = Buffer.alloc(Math.ceil((value.length + 1) / PAD_BYTES) * PAD_BYTES);
	value.copy(padded);
	padded[value.length] = 0x80;
	const tag = hmac(digests, padded).subarray(0, TAG_BYTES);
	return `${MARK}${Buffer.concat([tag, inCounterMode(blocks, tag, padded)]).toString("base64url")}`;
}

/**
 * AES in counter mode (NIST SP 800-38A, 6.5) by a cipher of single blocks that is kept: to make one for each value
 * takes ten times as long as all else.
 * @param padded whole blocks
 */
function inCounterMode(blocks: Cipheriv, first: Buffer, padded: Buffer): Buffer {
	const counters = Buffer.allocUnsafe(padded.length);
	first.copy(counters);
	for (let at = PAD_BYTES; at < counters.length; at += PAD_BYTES) {
		counters.copyWithin(at, at - PAD_BYTES, at);
		for (let digit = at + PAD_BYTES - 1; digit >= at; digit--) {
			counters[digit] = (counters[digit] as number) + 1;
			if (counters[digit] !== 0) break;
		}
	}
	const encrypted = blocks.update(counters);
	for (let at = 0; at < padded.length; at++)
		encrypted[at] = (encrypted[at] as number) ^ (padded[at] as number);
	return encrypted;
}

/** The value that a token stands for; null for what is no token of this key. */
export function tokenValue(token: string, key: Buffer): Buffer | null {
	if (!token.startsWith(MARK)) return null;
	const bytes = Buffer.from(token.slice(MARK.length), "base64url");
	if (bytes.length < TAG_BYTES + PAD_BYTES || `${MARK}${bytes.toString("base64url")}` !== token) return null;
	const { digests, cipher } = keysOf(key);
	const tag = bytes.subarray(0, TAG_BYTES);
	const padded = createDecipheriv("aes-256-ctr", cipher, tag).update(bytes.subarray(TAG_BYTES));
	if (!timingSafeEqual(hmac(digests, padded).subarray(0, TAG_BYTES), tag)) return null;
	return padded.subarray(0, padded.lastIndexOf(0x80));
}

interface Keys {
	readonly digests: Buffer;
	readonly cipher: Buffer;
	/** Encrypts single blocks with the cipher's key. */
	readonly blocks: Cipheriv;
}
const derived = new WeakMap<Buffer, Keys>();

function keysOf(key: Buffer): Keys {
	const known = derived.get(key);
	if (known !== undefined) return known;
	const cipher = hmac(key, Buffer.from("tokens: cipher"));
	const made = {
		digests: hmac(key, Buffer.from("tokens: digests")),
		cipher,
		blocks: createCipheriv("aes-256-ecb", cipher, null),
	};
	derived.set(key, made);
	return made;
}
