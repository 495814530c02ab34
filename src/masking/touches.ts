import type { SqlStatement } from "../commands/index.ts";
import type { MaskObligation } from "../policy/index.ts";
import { parseColumnName } from "./names.ts";

/**
 * True when one of the statements reaches a relation that has a masked column, whether or not it names the column:
 * the target's errors quote whole rows. @throws MaskingError when a mask can't be read
 */
export function touchesMasked(
	statements: readonly SqlStatement[],
	masks: readonly MaskObligation[],
): boolean {
	const names = masks.flatMap((mask) => mask.columns.map(parseColumnName));
	return statements.some((statement) =>
		statement.relations.some((relation) =>
			names.some(
				(name) =>
					(name.schema === null || name.schema === relation.schema) &&
					(name.table === null || name.table === relation.name),
			),
		),
	);
}
