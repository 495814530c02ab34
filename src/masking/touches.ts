import type { SqlStatement } from "../commands/index.ts";
import type { MaskObligation } from "../policy/index.ts";
import { isTable, type MaskedColumnName, parseColumnName } from "./names.ts";

/**
 * True when one of the statements, or one nested in it, reaches a relation that has a masked column, whether or not it
 * names the column: the target's errors quote whole rows. @throws MaskingError when a mask can't be read
 */
export function touchesMasked(
	statements: readonly SqlStatement[],
	masks: readonly MaskObligation[],
): boolean {
	const names = masks.flatMap((mask) => mask.columns.map(parseColumnName));
	return statements.some((statement) => reaches(statement, names));
}

function reaches(statement: SqlStatement, names: readonly MaskedColumnName[]): boolean {
	for (const relation of statement.relations) {
		for (const name of names) if (isTable(name, relation.schema, relation.name)) return true;
	}
	return statement.nested.some((inner) => reaches(inner, names));
}
