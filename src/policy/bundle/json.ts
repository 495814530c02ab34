import { invalid } from "./files.ts";

declare global {
	interface JSON {
		/** A value that `JSON.stringify` writes as this text (a later ECMAScript than TypeScript's declarations). */
		rawJSON(text: string): object;
	}
}

/** A number with the text that it was written in: 1.0, 1e3 and 12345678901234567890 stay what they are. */
export class ExactNumber {
	readonly text: string;
	constructor(text: string) {
		this.text = text;
	}

	toJSON(): object {
		return JSON.rawJSON(this.text);
	}
}

export type ExactJson = null | boolean | string | ExactNumber | ExactJson[] | ExactObject;
/** Made without a prototype, so that a key like `__proto__` is a key. */
export type ExactObject = { [key: string]: ExactJson };

/** Parses a file of a bundle: UTF-8 JSON, numbers kept as written. Throws PolicyError bundle_invalid. */
export function parseExact(path: string, content: Uint8Array): ExactJson {
	try {
		const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
		return JSON.parse(text, revive);
	} catch (thrown) {
		throw invalid(`${path} is not valid JSON`, thrown);
	}
}

function revive(_key: string, value: unknown, context?: { source?: string }): unknown {
	if (typeof value === "number") return new ExactNumber(context?.source ?? String(value));
	if (isPlainObject(value)) return Object.assign(Object.create(null), value);
	return value;
}

function isPlainObject(value: unknown): value is object {
	return (
		typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber)
	);
}

export function isExactObject(value: ExactJson | undefined): value is ExactObject {
	return isPlainObject(value);
}

/**
 * The text whose digest a signature holds: keys sorted by their UTF-8 bytes, numbers as written, strings as Go's
 * encoder writes them with HTML escaping off.
 */
export function goJson(value: ExactJson): string {
	if (value === null || typeof value === "boolean") return String(value);
	if (typeof value === "string") return goString(value);
	if (value instanceof ExactNumber) return value.text;
	if (Array.isArray(value)) return `[${value.map(goJson).join(",")}]`;
	const keys = Object.keys(value).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
	return `{${keys.map((key) => `${goString(key)}:${goJson(value[key] ?? null)}`).join(",")}}`;
}

function goString(text: string): string {
	// JSON.stringify escapes what Go does, but for the two line separators; a lone surrogate is U+FFFD in Go.
	return JSON.stringify(text.toWellFormed()).replace(/[\u2028\u2029]/g, (c) =>
		c === "\u2028" ? "\\u2028" : "\\u2029",
	);
}
