import { createCipheriv, createDecipheriv, timingSafeEqual } from "node:crypto";
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
	const { digests, cipher } = keysOf(key);
	const padded = Buffer.alloc(Math.ceil((value.length + 1) / PAD_BYTES) * PAD_BYTES);
	value.copy(padded);
	padded[value.length] = 0x80;
	const tag = hmac(digests, padded).subarray(0, TAG_BYTES);
	const encrypted = createCipheriv("aes-256-ctr", cipher, tag).update(padded);
	return `${MARK}${Buffer.concat([tag, encrypted]).toString("base64url")}`;
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

const derived = new WeakMap<Buffer, { readonly digests: Buffer; readonly cipher: Buffer }>();

function keysOf(key: Buffer): { readonly digests: Buffer; readonly cipher: Buffer } {
	const known = derived.get(key);
	if (known !== undefined) return known;
	const made = {
		digests: hmac(key, Buffer.from("tokens: digests")),
		cipher: hmac(key, Buffer.from("tokens: cipher")),
	};
	derived.set(key, made);
	return made;
}
