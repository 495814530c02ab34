declare const brand: unique symbol;

/**
 * JSON on one line that was serialised before, so that what repeats from event to event (a decision, a principal)
 * is not serialised again. Only `jsonText` makes one: a line of the record is never broken by foreign text.
 */
export type JsonText = string & { readonly [brand]: true };

/** Serialises a value once. Throws a TypeError for what JSON has no form for (a function, a cycle, a bigint). */
export function jsonText(value: unknown): JsonText {
	const text: string | undefined = JSON.stringify(value);
	if (text === undefined) throw new TypeError("a value without a JSON form can't be recorded");
	return text as JsonText;
}
