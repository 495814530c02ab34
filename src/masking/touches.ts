import type { RelationFacts, SqlStatement } from "../commands/index.ts";
import type { MaskObligation } from "../policy/index.ts";
import { MissingColumn } from "./errors.ts";
import { isTable, type MaskedColumnName, parseColumnName } from "./names.ts";

/** The catalog's answer for a relation; null where it has none of that name. */
export type FactsOf = (schema: string, name: string) => RelationFacts | null;

/**
 * True when one of the statements, or one nested in it, reaches a relation that has a masked column, or a partition,
 * child or parent of one, whether or not it names the column: the target's errors quote whole rows. Where detectors
 * look at a column's values they look at the errors too, and the column counts as none.
 *
 * @throws MaskingError when a mask can't be read, or names a column that a relation which is reached doesn't have: it
 * was renamed or misspelt, and what it was to hide goes by another name
 */
export function touchesMasked(
	statements: readonly SqlStatement[],
	masks: readonly MaskObligation[],
	factsOf: FactsOf,
): boolean {
	const whole = masks.filter(({ detectors }) => detectors.length === 0);
	const names = whole.flatMap((mask) => mask.columns.map(parseColumnName));
	let touched = false;
	for (const { schema, name } of relationsOf(statements)) {
		const facts = factsOf(schema, name);
		const tables = [{ schema, table: name }, ...(facts?.relatives ?? [])];
		for (const masked of names) {
			if (!tables.some((each) => isTable(masked, each.schema, each.table))) continue;
			touched = true;
			if (facts !== null) checkColumn(masked, facts, schema, name);
		}
	}
	return touched;
}

function relationsOf(statements: readonly SqlStatement[]): { schema: string; name: string }[] {
	return statements.flatMap(({ relations, nested }) => [...relations, ...relationsOf(nested)]);
}

/** Only of a mask that names this very table: one on many tables is about those that have the column. */
function checkColumn(masked: MaskedColumnName, facts: RelationFacts, schema: string, name: string): void {
	const { column } = masked;
	if (column === null || masked.schema !== schema || masked.table !== name) return;
	if (facts.columns.includes(column)) return;
	throw new MissingColumn(schema, name, column);
}
