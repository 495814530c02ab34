import type { ErrorFields } from "./backend.ts";
import { CONDITION_NAMES } from "./sqlstates.ts";

/** What an unknown SQLSTATE becomes: RAISE may set any five characters, so the code itself could carry a value. */
const UNKNOWN = "XX000";

/**
 * Replaces the texts of a server's error or notice, which may quote values (`invalid input syntax for type integer:
 * "a@b.c"`, `Key (email)=(a@b.c) already exists`). What stays: severity, and a SQLSTATE that PostgreSQL itself
 * defines, with its condition's name as the message. Detail, hint, position, context, and the names of table, column
 * and constraint go.
 */
export function sanitizeErrorFields(fields: ErrorFields): ErrorFields {
	const code = fields.get("C") ?? UNKNOWN;
	const sqlstate = Object.hasOwn(CONDITION_NAMES, code) ? code : UNKNOWN;
	const severity = fields.get("V") ?? fields.get("S") ?? "ERROR";
	return new Map([
		["S", fields.get("S") ?? severity],
		["V", severity],
		["C", sqlstate],
		["M", standardText(sqlstate)],
	]);
}

/** `unique violation` for 23505: the condition's name in words. */
export function standardText(sqlstate: string): string {
	const name = Object.hasOwn(CONDITION_NAMES, sqlstate) ? CONDITION_NAMES[sqlstate] : undefined;
	return (name ?? "internal_error").replaceAll("_", " ");
}
