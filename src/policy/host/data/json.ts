import type { BuiltinGroup } from "../builtin.ts";
import { writeNotation } from "../notation.ts";
import { decimal, RegoNumber, RegoObject, RegoSet, type RegoValue, sorted } from "../values.ts";

/** OPA refuses a number with an exponent beyond 2^100000. */
const MAX_DECIMAL_EXPONENT = 30_102;

/** Reads JSON as Rego's value, numbers as written. Throws SyntaxError, and on numbers that OPA can't hold. */
export function fromJson(text: string): RegoValue {
	const revive = (_key: string, value: unknown, context?: { source?: string }): unknown => {
		if (typeof value === "number") return numberFrom(context?.source ?? String(value));
		if (typeof value === "string") return value.toWellFormed();
		if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof RegoNumber) {
			return value;
		}
		return new RegoObject(Object.entries(value).map(([key, member]) => [key.toWellFormed(), member]));
	};
	return JSON.parse(text, revive);
}

function numberFrom(text: string): RegoNumber {
	if (/[eE]/.test(text)) {
		const { digits, exponent } = decimal(text);
		if (Math.abs(digits.toString().length + exponent) > MAX_DECIMAL_EXPONENT)
			throw new Error("number too big");
	}
	return new RegoNumber(text);
}

/** Writes JSON as Go's encoder does: keys sorted by bytes, `<`, `>` and `&` escaped, sets as sorted arrays. */
function toJson(value: RegoValue): string {
	if (value === null || typeof value === "boolean") return String(value);
	if (typeof value === "string") return quote(value);
	if (value instanceof RegoNumber) return value.text;
	if (Array.isArray(value)) return `[${value.map(toJson).join()}]`;
	if (value instanceof RegoSet) return `[${sorted(value.items).map(toJson).join()}]`;
	const entries = value.entries.map(
		([key, member]) => [typeof key === "string" ? key : writeNotation(key), member] as const,
	);
	const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
	entries.sort(([a], [b]) => byBytes(a, b));
	return `{${entries.map(([key, member]) => `${quote(key)}:${toJson(member)}`).join()}}`;
}

function quote(text: string): string {
	const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
	return JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, escaped);
}

/**
 * By v1/topdown/encoding.go. OPA compiles functions of its own for these into a module, which read lists without
 * commas and texts to half, and write keys in no order: calls to them are turned to these.
 */
export const JSON_BUILTINS: BuiltinGroup = {
	"json.marshal": (operands) => toJson(operands.value(1)),
	"json.unmarshal": (operands) => fromJson(operands.string(1)),
	"json.is_valid": (operands) => {
		const text = operands.value(1);
		if (typeof text !== "string") return false;
		try {
			JSON.parse(text);
			return true;
		} catch {
			return false;
		}
	},
};
