import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Builtin, BuiltinGroup } from "../builtin.ts";
import { writeNotation } from "../notation.ts";
import { asString, membersOf } from "../operands.ts";
import { RegoObject, type RegoValue, sorted } from "../values.ts";

/** Bytes as text. A string in JavaScript can't hold other bytes than UTF-8's, so those are an error here. */
export function textOf(bytes: Uint8Array): string {
	return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** Go's url.QueryEscape. */
function queryEscape(text: string): string {
	return encodeURIComponent(text)
		.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
		.replaceAll("%20", "+");
}

/** Go's url.QueryUnescape. */
function queryUnescape(text: string): string {
	const bytes = Buffer.from(text).toString("latin1").replaceAll("+", " ");
	if (/%(?![0-9a-fA-F]{2})/.test(bytes)) throw new Error("invalid URL escape");
	const decoded = bytes.replace(/%(..)/g, (_, pair) => String.fromCharCode(Number.parseInt(pair, 16)));
	return textOf(Buffer.from(decoded, "latin1"));
}

const encodeObject: Builtin = (operands) => {
	const pairs: [string, string][] = [];
	for (const [key, value] of operands.object(1).entries) {
		const name = typeof key === "string" ? key : writeNotation(key);
		const values = typeof value === "string" ? [value] : membersOf(value);
		if (values === undefined) throw new Error("values must be string, array[string], or set[string]");
		const ordered = Array.isArray(value) ? values : sorted(values);
		for (const member of ordered) pairs.push([name, asString(member, "a value")]);
	}
	const byKey = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
	return pairs
		.sort(([a], [b]) => byKey(a, b))
		.map(([key, value]) => `${queryEscape(key)}=${queryEscape(value)}`)
		.join("&");
};

const decodeObject: Builtin = (operands) => {
	const values = new Map<string, RegoValue[]>();
	for (const part of operands.string(1).split("&")) {
		if (part.includes(";")) throw new Error("invalid semicolon separator in query");
		if (part === "") continue;
		const equals = part.indexOf("=");
		const key = queryUnescape(equals < 0 ? part : part.slice(0, equals));
		const value = queryUnescape(equals < 0 ? "" : part.slice(equals + 1));
		const list = values.get(key);
		if (list === undefined) values.set(key, [value]);
		else list.push(value);
	}
	return new RegoObject(values);
};

const hash =
	(algorithm: string): Builtin =>
	(operands) =>
		createHash(algorithm).update(operands.string(1)).digest("hex");

const hmac =
	(algorithm: string): Builtin =>
	(operands) =>
		createHmac(algorithm, operands.string(2)).update(operands.string(1)).digest("hex");

/** By v1/topdown/encoding.go and crypto.go. */
export const ENCODING_BUILTINS: BuiltinGroup = {
	"crypto.md5": hash("md5"),
	"crypto.sha1": hash("sha1"),
	"crypto.sha256": hash("sha256"),
	"crypto.hmac.md5": hmac("md5"),
	"crypto.hmac.sha1": hmac("sha1"),
	"crypto.hmac.sha256": hmac("sha256"),
	"crypto.hmac.sha512": hmac("sha512"),
	"crypto.hmac.equal": (operands) => {
		const [a, b] = [Buffer.from(operands.string(1)), Buffer.from(operands.string(2))];
		return a.length === b.length && timingSafeEqual(a, b);
	},
	"hex.encode": (operands) => Buffer.from(operands.string(1)).toString("hex"),
	"hex.decode": (operands) => {
		const text = operands.string(1);
		if (!/^([0-9a-fA-F]{2})*$/.test(text)) throw new Error("not hexadecimal");
		return textOf(Buffer.from(text, "hex"));
	},
	"base64.is_valid": (operands) => {
		const value = operands.value(1);
		const compact = typeof value === "string" ? value.replace(/[\r\n]/g, "") : "!";
		return compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact);
	},
	"base64url.encode_no_pad": (operands) => Buffer.from(operands.string(1)).toString("base64url"),
	"urlquery.encode": (operands) => queryEscape(operands.string(1)),
	"urlquery.decode": (operands) => queryUnescape(operands.string(1)),
	"urlquery.encode_object": encodeObject,
	"urlquery.decode_object": decodeObject,
};
