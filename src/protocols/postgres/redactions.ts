import type { Redaction, SqlStatement } from "../../commands/index.ts";

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

/** A text that speaks of a password may hold one anywhere: in a connection string, a setting, a function's body. */
const SPEAKS_OF_PASSWORD = /passw|pwd|secret|credential/i;

export const speaksOfPassword = (text: string): boolean => SPEAKS_OF_PASSWORD.test(text);

const LITERAL = /'(?:[^']|'')*'|\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$[\s\S]*?\$\1\$/g;

/**
 * The literals that the record must not keep, as ranges of the text's UTF-8 bytes. It errs on the side of keeping
 * less: which of a statement's literals is the password is not worked out.
 */
export function redactionsOf(text: string, statements: readonly SqlStatement[]): Redaction[] {
	const byKind = statements.some((statement) => CREDENTIAL_KINDS.has(statement.kind));
	if (!byKind && !speaksOfPassword(text)) return [];
	const redactions: Redaction[] = [];
	for (const match of text.matchAll(LITERAL)) {
		const start = Buffer.byteLength(text.slice(0, match.index));
		redactions.push({ start, length: Buffer.byteLength(match[0]) });
	}
	return redactions;
}

/** Of a text that can't be parsed nobody knows where its literals end. */
export function redactionOfAll(text: string): Redaction[] {
	return speaksOfPassword(text) ? [{ start: 0, length: Buffer.byteLength(text) }] : [];
}
