import type { Report } from "../codec/index.ts";
import { MAX_NAME_BYTES } from "./registry.ts";

/** Refuses a name that the server would compare only in part; null when it may pass. */
export function nameRefusal(...names: readonly string[]): Report | null {
	if (!names.some(isTooLong)) return null;
	return {
		severity: "ERROR",
		sqlstate: "42622",
		message: `the name of a statement or portal may have ${MAX_NAME_BYTES} bytes`,
		hint: "use a shorter name: the server tells longer ones apart by these bytes only",
	};
}

/** A character takes three bytes at most: most names need not be measured. */
const isTooLong = (name: string): boolean =>
	name.length * 3 > MAX_NAME_BYTES && Buffer.byteLength(name) > MAX_NAME_BYTES;

/** What the server says to a name that it doesn't have. */
export function unknownStatement(name: string): Report {
	const message =
		name === "" ? "unnamed prepared statement does not exist" : `prepared statement "${name}" does not exist`;
	return { severity: "ERROR", sqlstate: "26000", message };
}

export function unknownPortal(name: string): Report {
	return { severity: "ERROR", sqlstate: "34000", message: `portal "${name}" does not exist` };
}

/** Refuses a name for what no transaction after this one would find; null for the unnamed statement. */
export function keptNameRefusal(name: string): Report | null {
	if (name === "") return null;
	return {
		severity: "ERROR",
		sqlstate: "0A000",
		message: "prepared statements with a name are not kept behind a pooler in transaction mode",
		hint: "have the driver prepare nothing (prepareThreshold=0, statement_cache_size=0 and the like)",
	};
}
