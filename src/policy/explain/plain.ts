/** Reads of an input that somebody may have written by hand: the wrong kind reads as absent. */
export type Plain = Readonly<Record<string, unknown>>;

export function asRecord(value: unknown): Plain {
	return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Plain) : {};
}

export function listIn(value: Plain, key: string): readonly unknown[] {
	const list = value[key];
	return Array.isArray(list) ? list : [];
}

export function textIn(value: Plain, key: string): string {
	const text = value[key];
	return typeof text === "string" ? text : "";
}

/** The statements of a command; none where it is not SQL. */
export function statementsOf(command: Plain): readonly Plain[] {
	return listIn(command, "statements").map(asRecord);
}
