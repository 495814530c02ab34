/** Reads of what a line holds, whose content may be anything: the wrong kind reads as absent. */
export type Fields = Readonly<Record<string, unknown>>;

export function textOf(fields: Fields, name: string): string | null {
	const value = fields[name];
	return typeof value === "string" ? value : null;
}

export function numberOf(fields: Fields, name: string): number | null {
	const value = fields[name];
	return typeof value === "number" ? value : null;
}

export function fieldsOf(fields: Fields, name: string): Fields {
	return asFields(fields[name]);
}

export function asFields(value: unknown): Fields {
	return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function listOf(fields: Fields, name: string): readonly unknown[] {
	const value = fields[name];
	return Array.isArray(value) ? value : [];
}

/** Those of an object's values that are text. */
export function textsOf(fields: Fields, name: string): Readonly<Record<string, string>> {
	const entries = Object.entries(fieldsOf(fields, name));
	return Object.fromEntries(
		entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
	);
}
