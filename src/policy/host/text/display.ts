import { RegoNumber, RegoSet, type RegoValue, sorted, sortedEntries } from "../values.ts";
import { goQuote } from "./go-quote.ts";

/** A value as OPA prints it in text: members of sets and keys of objects in Rego's order. */
export function display(value: RegoValue): string {
	if (value === null || typeof value === "boolean") return String(value);
	if (typeof value === "string") return goQuote(value);
	if (value instanceof RegoNumber) return value.text;
	if (Array.isArray(value)) return `[${value.map(display).join(", ")}]`;
	if (value instanceof RegoSet) {
		return value.items.length === 0 ? "set()" : `{${sorted(value.items).map(display).join(", ")}}`;
	}
	return `{${sortedEntries(value)
		.map(([key, member]) => `${display(key)}: ${display(member)}`)
		.join(", ")}}`;
}
