import { type ErrorOptions, type ErrorTable, SallyportError } from "../../../lib/index.ts";

export const GRAMMAR_ERRORS = {
	sql_syntax: {
		cause: "The statement is not valid SQL for this server.",
		remedy: "Correct the statement at the position given.",
	},
	sql_invalid_text: {
		cause: "The text holds a NUL character or is not valid Unicode.",
		remedy: "Send the statement as UTF-8 without NUL characters.",
	},
	sql_too_large: {
		cause: "The text is larger than the gateway analyses.",
		remedy: "Split it, send values as parameters, or load data with COPY.",
	},
	sql_too_deep: {
		cause: "The text nests brackets, comments or expressions deeper than the gateway analyses.",
		remedy: "Simplify the expression; write long lists as = ANY (array) or VALUES.",
	},
	sql_parse_timeout: {
		cause: "The text took longer to parse than the gateway allows.",
		remedy: "Simplify the statement or split it.",
	},
	sql_parser_failed: {
		cause: "The parser failed on this text.",
		remedy: "Simplify the statement; report it if it is an ordinary one.",
	},
	unsupported_server: {
		cause: "The gateway has no grammar for this server version.",
		remedy: "Use PostgreSQL 14 to 18 upstream, or a Sallyport release that knows the newer version.",
	},
} as const satisfies ErrorTable;

export type GrammarErrorCode = keyof typeof GRAMMAR_ERRORS;

/** Why a text was not parsed. `position` is 1-based, in characters, as ErrorResponse's `P`; null when there is none. */
export class GrammarError extends SallyportError<GrammarErrorCode> {
	/** The server's SQLSTATE for the same text: 42601 for syntax, and its siblings (42602, 22P02 ...). */
	readonly sqlstate: string;
	readonly position: number | null;

	constructor(
		code: GrammarErrorCode,
		message?: string,
		options: ErrorOptions & { sqlstate?: string; position?: number | null } = {},
	) {
		super(code, GRAMMAR_ERRORS, message, options);
		this.sqlstate = options.sqlstate ?? SQLSTATES[code];
		this.position = options.position ?? null;
	}
}

const SQLSTATES: Readonly<Record<GrammarErrorCode, string>> = {
	sql_syntax: "42601",
	sql_invalid_text: "22021",
	sql_too_large: "54000",
	sql_too_deep: "54001",
	sql_parse_timeout: "54000",
	sql_parser_failed: "54000",
	unsupported_server: "0A000",
};
