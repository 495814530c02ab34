import { GrammarError } from "./errors.ts";
import type { SqlFault } from "./instance.ts";

/** libpg_query gives no SQLSTATE: those of scan.l, parser.c and gram.y that are not 42601, by the server's words. */
const SQLSTATES: readonly (readonly [RegExp, string])[] = [
	[/^invalid byte sequence for encoding/, "22021"],
	[/^(invalid Unicode escape( value)?|invalid hexadecimal|unsafe use of \\')/, "22025"],
	[/not (yet )?(implemented|supported)/, "0A000"],
	[/^(current database cannot be changed|number of columns)/, "42601"],
	[/^(precision|scale) .* must|^INTERVAL\(/, "22023"],
];

/** The GrammarError that says what the server would say. */
export function faultError(fault: SqlFault): GrammarError {
	if (/^(memory exhausted|stack depth limit exceeded)/.test(fault.message)) {
		return new GrammarError("sql_too_deep", undefined, { operator: fault.message });
	}
	const sqlstate = SQLSTATES.find(([words]) => words.test(fault.message))?.[1] ?? "42601";
	return new GrammarError("sql_syntax", fault.message, {
		sqlstate,
		position: fault.position > 0 ? fault.position : null,
	});
}
