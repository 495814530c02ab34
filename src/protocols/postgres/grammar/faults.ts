import { GrammarError } from "./errors.ts";
import type { SqlFault } from "./instance.ts";

/** libpg_query gives no SQLSTATE: those of scan.l, parser.c and gram.y that are not 42601, by the server's words. */
function sqlstateOf({ message, file }: SqlFault): string {
	if (/^invalid byte sequence for encoding/.test(message)) return "22021";
	if (/^unsafe use of \\'/.test(message)) return "22P06";
	if (/^invalid Unicode escape$/.test(message) && file.endsWith("scan.l")) return "22025";
	if (/^LIMIT #,# syntax is not supported/.test(message)) return "42601";
	if (/not (yet )?(implemented|supported)/.test(message)) return "0A000";
	return "42601";
}

/** The GrammarError that says what the server would say. */
export function faultError(fault: SqlFault): GrammarError {
	if (/^(memory exhausted|stack depth limit exceeded)/.test(fault.message)) {
		return new GrammarError("sql_too_deep", undefined, { operator: fault.message });
	}
	return new GrammarError("sql_syntax", fault.message, {
		sqlstate: sqlstateOf(fault),
		position: fault.position > 0 ? fault.position : null,
	});
}
