import { isUtf8 } from "node:buffer";
import { hash } from "node:crypto";
import type { ColumnMask } from "./plan.ts";

/** What stands in place of a value that is masked whole. */
export const REDACTED = "[redacted]";

const HASH_CHARACTERS = 32;
const REDACTED_BYTES = Buffer.from(REDACTED);

/** Characters that give a value its shape and stay where they are: `4111-1111`, `+49 (30) 1234`. */
const SEPARATORS = new Set(" -./()+:_,");

/** Local part, domain, top-level domain; deliberately loose, for its answer hides more than the other rule would. */
const EMAIL = /^([^@\s]+)@[^@\s]+\.([^@\s.]+)$/u;

/**
 * Masks one value's UTF-8 bytes. The caller keeps NULL as it is: only values come here.
 *
 * - `null`: null.
 * - `redact`: `[redacted]`.
 * - `hash`: HMAC-SHA-256 of the bytes with `key`, its first 32 hexadecimal digits: equal values stay equal within
 *   one connection, and nobody without the key can try values out.
 * - `partial`: see `partialText`; bytes that are not UTF-8 are masked whole.
 *
 * @param key at least 32 random bytes, one key for each connection
 */
export function maskBytes(mask: ColumnMask, value: Buffer, key: Buffer): Buffer | null {
	switch (mask.transform) {
		case "null":
			return null;
		case "redact":
			return REDACTED_BYTES;
		case "hash":
			return Buffer.from(hmacHex(key, value).slice(0, HASH_CHARACTERS));
		case "partial":
			return isUtf8(value) ? Buffer.from(partialText(value.toString("utf8"), mask.keep)) : REDACTED_BYTES;
	}
}

interface Pads {
	readonly inner: Buffer;
	readonly outer: Buffer;
}
const BLOCK_BYTES = 64;
const pads = new WeakMap<Buffer, Pads>();

/**
 * HMAC-SHA-256 (RFC 2104) by two one-shot digests: six times as fast as a `createHmac` for each value, and that is
 * what a masked result of many rows consists of.
 */
function hmacHex(key: Buffer, value: Buffer): string {
	let { inner, outer } = pads.get(key) ?? {};
	if (inner === undefined || outer === undefined) {
		const block = Buffer.alloc(BLOCK_BYTES);
		(key.length > BLOCK_BYTES ? hash("sha256", key, "buffer") : key).copy(block);
		inner = Buffer.from(block.map((byte) => byte ^ 0x36));
		outer = Buffer.from(block.map((byte) => byte ^ 0x5c));
		pads.set(key, { inner, outer });
	}
	const digest = hash("sha256", Buffer.concat([inner, value]), "buffer");
	return hash("sha256", Buffer.concat([outer, digest]), "hex");
}

/** `maskBytes` for a text; lone surrogates count as what UTF-8 makes of them. */
export function maskText(mask: ColumnMask, value: string, key: Buffer): string | null {
	return maskBytes(mask, Buffer.from(value, "utf8"), key)?.toString("utf8") ?? null;
}

/**
 * Shows a value's shape and its last `keep` characters (code points; separators stay and don't count):
 * `4111 1111 1111 4242` with keep 4 becomes `**** **** **** 4242`. A value with no more than `keep` characters is
 * masked whole. With keep 0 an e-mail address becomes `a***@***.com`: its first character, unless that is the whole
 * local part, and its top-level domain. An empty value stays empty.
 */
export function partialText(text: string, keep: number): string {
	if (keep === 0) {
		const email = EMAIL.exec(text);
		if (email !== null) return partialEmail(email[1] ?? "", email[2] ?? "");
	}
	let hidden = 0;
	for (const character of text) if (!SEPARATORS.has(character)) hidden++;
	if (hidden === 0) return "*".repeat(text.length);
	if (hidden > keep) hidden -= keep;
	let masked = "";
	for (const character of text) {
		const hide = !SEPARATORS.has(character) && hidden-- > 0;
		masked += hide ? "*" : character;
	}
	return masked;
}

function partialEmail(local: string, topLevel: string): string {
	const [first = "", ...rest] = Array.from(local);
	return `${rest.length === 0 ? "" : first}***@***.${topLevel}`;
}
