import { RegoNumber, RegoObject, RegoSet, type RegoValue } from "./values.ts";

/**
 * Reads OPA's notation of values as `opa_value_dump` writes it: JSON, sets as `{1, 2}` or `set()`, and object keys of
 * any type. The text comes from OPA's own code; what is not in this form throws.
 */
export function parseNotation(text: string): RegoValue {
	const parser = new NotationParser(text);
	const value = parser.value();
	parser.finish();
	return value;
}

const TOKEN = /\s*(?:([{}[\],:])|("(?:[^"\\]|\\.)*")|(-?\.?\d[\d.eE+-]*)|(null|true|false|set\(\)))/y;

class NotationParser {
	readonly #text: string;
	#at = 0;
	#peeked: string | undefined;

	constructor(text: string) {
		this.#text = text;
	}

	value(): RegoValue {
		const token = this.#next();
		switch (token) {
			case "[":
				return this.#list("]");
			case "{":
				return this.#objectOrSet();
			case "null":
				return null;
			case "true":
				return true;
			case "false":
				return false;
			case "set()":
				return new RegoSet([]);
			default:
				if (token.startsWith('"')) return JSON.parse(token);
				// OPA keeps a literal `.5` as it was written; no parser of JSON reads that back.
				if (/^[-.\d]/.test(token)) return new RegoNumber(token.replace(/^(-?)\./, "$10."));
				throw new Error(`unexpected ${token}`);
		}
	}

	finish(): void {
		if (this.#text.slice(this.#at).trim() !== "") throw new Error("text after a value");
	}

	#list(end: string, items: RegoValue[] = []): RegoValue[] {
		if (this.#take(end)) return items;
		for (;;) {
			items.push(this.value());
			if (this.#take(end)) return items;
			this.#expect(",");
		}
	}

	#objectOrSet(): RegoObject | RegoSet {
		if (this.#take("}")) return new RegoObject([]);
		const first = this.value();
		if (!this.#take(":")) {
			if (this.#take("}")) return new RegoSet([first]);
			this.#expect(",");
			return new RegoSet(this.#list("}", [first]));
		}
		const entries: [RegoValue, RegoValue][] = [[first, this.value()]];
		while (!this.#take("}")) {
			this.#expect(",");
			const key = this.value();
			this.#expect(":");
			entries.push([key, this.value()]);
		}
		return new RegoObject(entries);
	}

	#next(): string {
		const token = this.#peek();
		this.#peeked = undefined;
		return token;
	}

	#peek(): string {
		if (this.#peeked === undefined) {
			TOKEN.lastIndex = this.#at;
			const match = TOKEN.exec(this.#text);
			if (match === null) throw new Error("a value is malformed");
			this.#at = TOKEN.lastIndex;
			this.#peeked = match[0].trim();
		}
		return this.#peeked;
	}

	#take(token: string): boolean {
		if (this.#peek() !== token) return false;
		this.#peeked = undefined;
		return true;
	}

	#expect(token: string): void {
		if (!this.#take(token)) throw new Error(`${token} is missing`);
	}
}

/** Writes a value as `opa_value_parse` reads it. */
export function writeNotation(value: RegoValue): string {
	if (value === null || typeof value === "boolean") return String(value);
	if (typeof value === "string") return JSON.stringify(value.toWellFormed());
	if (value instanceof RegoNumber) return value.text;
	if (Array.isArray(value)) return `[${value.map(writeNotation).join()}]`;
	if (value instanceof RegoSet)
		return value.items.length === 0 ? "set()" : `{${value.items.map(writeNotation).join()}}`;
	return `{${value.entries.map(([key, member]) => `${writeNotation(key)}:${writeNotation(member)}`).join()}}`;
}
