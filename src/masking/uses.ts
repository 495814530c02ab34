import type { ColumnUse, SqlColumn, SqlStatement } from "../commands/index.ts";
import type { MaskObligation } from "../policy/index.ts";
import { coversColumn, type MaskedColumnName, parseColumnName } from "./names.ts";

/** Uses in which a statement's own constants stand beside a column's values. */
const BESIDE_CONSTANTS: readonly ColumnUse[] = ["predicate", "join", "assignment", "limit-by"];

/**
 * True when a masked column is compared with something or written to by one of the statements, or when one of them
 * can't be read. A mask that can't be read counts as one on everything.
 */
export function usesMasked(statements: readonly SqlStatement[], masks: readonly MaskObligation[]): boolean {
	const whole = masks.filter(({ detectors }) => detectors.length === 0);
	if (whole.length === 0) return false;
	try {
		const names = whole.flatMap((mask) => mask.columns.map(parseColumnName));
		return statements.some(
			({ columns, opaque }) => opaque || columns.some((column) => isBeside(column) && isNamed(column, names)),
		);
	} catch {
		return true;
	}
}

const isBeside = ({ use, stored }: SqlColumn): boolean =>
	stored || use.some((each) => BESIDE_CONSTANTS.includes(each));

const isNamed = ({ schema, table, name }: SqlColumn, names: readonly MaskedColumnName[]): boolean =>
	names.some((masked) => coversColumn(masked, { schema, table, column: name }));
