import type { Redaction, SqlStatement } from "../../commands/index.ts";
import { tokenize } from "./grammar/index.ts";

/** Statements whose literals may be credentials: none of them is recorded, whatever it is. */
const CREDENTIAL_KINDS = new Set([
	"create_role",
	"alter_role",
	"create_user_mapping",
	"alter_user_mapping",
	"create_server",
	"alter_server",
	"create_foreign_table",
	"alter_system",
	"create_subscription",
	"alter_subscription",
]);

/**
 * A text that speaks of a password may hold one anywhere: in a connection string, a setting, a function's body. So may
 * one that encrypts, that opens another connection, or that has a URL with somebody's name and password in it. Asked
 * of every text: each part of the expression looks at a character a bounded number of times.
 */
const SPEAKS_OF_PASSWORD =
	/passw|pwd|secret|credential|crypt\w{0,20}\s{0,8}\(|dblink_connect|:\/\/[^\s/@:]{0,256}:[^\s/@]{0,256}@/i;

export const speaksOfPassword = (text: string): boolean => SPEAKS_OF_PASSWORD.test(text);

/**
 * The literals that the record must not keep, as ranges of the text's UTF-8 bytes, with its comments and the places of
 * its parameters: of a text with any range the parameters' values are not kept either. It errs on the side of keeping
 * less: which of a statement's literals is the password is not worked out.
 */
export function redactionsOf(text: string, statements: readonly SqlStatement[]): Redaction[] {
	const byKind = statements.some((statement) => CREDENTIAL_KINDS.has(statement.kind));
	if (!byKind && !speaksOfPassword(text)) return [];
	const redactions: Redaction[] = [];
	let at = 0;
	let bytes = 0;
	const redact = (from: number, to: number) => {
		bytes += Buffer.byteLength(text.slice(at, from));
		const length = Buffer.byteLength(text.slice(from, to));
		redactions.push({ start: bytes, length });
		bytes += length;
		at = to;
	};
	tokenize(text, {
		comment: redact,
		quoted: (start, end, quote) => {
			if (quote !== '"') redact(start, end);
		},
		other: (start, end) => {
			if (text[start] === "$") redact(start, numberEnd(text, end));
		},
		word: () => {},
		operator: () => {},
	});
	return redactions;
}

function numberEnd(text: string, at: number): number {
	while (/\d/.test(text.charAt(at))) at++;
	return at;
}

/** Strings, dollar quotes and numbers of a text, as ranges of its UTF-8 bytes; comments too, which may repeat them. */
export function constantsOf(text: string): Redaction[] {
	const found: Redaction[] = [];
	let bytes = 0;
	let at = 0;
	const add = (start: number, end: number): void => {
		bytes += Buffer.byteLength(text.slice(at, start));
		const length = Buffer.byteLength(text.slice(start, end));
		found.push({ start: bytes, length });
		bytes += length;
		at = end;
	};
	const nothing = (): void => {};
	tokenize(text, {
		comment: add,
		quoted: (start, end, quote) => {
			if (quote !== '"') add(start, end);
		},
		word: nothing,
		operator: nothing,
		other: (start, end) => {
			if (/^\d/.test(text.slice(start, end)) && text[start - 1] !== "$") add(start, end); // not $1
		},
	});
	return found;
}

/** Of a text that can't be parsed nobody knows where its literals end. */
export function redactionOfAll(text: string): Redaction[] {
	return speaksOfPassword(text) ? [{ start: 0, length: Buffer.byteLength(text) }] : [];
}
