import { GateError } from "../../../gate/index.ts";
import type { FilterObligation } from "../../../policy/index.ts";
import type { AnalysedSql } from "../analyse.ts";
import { filtered } from "../filter/index.ts";
import type { ParsedSql } from "../grammar/index.ts";
import type { Parts } from "./parts.ts";

/** The filtered forms of one analysed text kept at once: a policy that gives each row its own filter has more. */
const KEPT_FORMS = 16;

const forms = new WeakMap<AnalysedSql, Map<string, AnalysedSql | null>>();
const originals = new WeakMap<AnalysedSql, AnalysedSql>();

/** The text as the client meant it, behind one to which filters were added. */
export function unfiltered(sql: AnalysedSql): AnalysedSql {
	return originals.get(sql) ?? sql;
}

/** The command with a decision's filters, as `filtered` has it; the same object for the same filters. */
export function withFilters(
	parts: Parts,
	sql: AnalysedSql,
	filters: readonly FilterObligation[],
): AnalysedSql | null {
	const key = JSON.stringify(filters);
	let known = forms.get(sql);
	const form = known?.get(key);
	if (form !== undefined) return form;
	const { scope } = parts.scope.last;
	const made = filtered(sql, filters, {
		scope,
		serverVersion: scope.catalog.serverVersion,
		parse: (text) => parseNow(parts, text),
	});
	if (known === undefined || known.size >= KEPT_FORMS) {
		known = new Map();
		forms.set(sql, known);
	}
	if (sql.statements.every(({ cacheable }) => cacheable)) known.set(key, made);
	if (made !== null) originals.set(made, sql);
	return made;
}

/** Only what is parsed where it stands: a text that goes to the parser's own thread is too long to be rewritten. */
function parseNow({ database }: Parts, text: string): ParsedSql {
	const parsed = database.grammar.parse(text);
	if (!(parsed instanceof Promise)) return parsed;
	parsed.catch(() => {}); // nobody waits for it
	throw new GateError("cannot_discharge", "a row filter can't be added to this: it is too long");
}
