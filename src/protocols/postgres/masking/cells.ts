import type { ColumnMask } from "../../../masking/index.ts";
import type { Catalog } from "../catalog/index.ts";
import { ProtocolError } from "../codec/index.ts";
import { shapeOfType } from "./types.ts";
import { type ValueMasker, valueMasker } from "./values.ts";

/** How the values of one column of a result are rewritten. */
export interface Cell {
	readonly masker: ValueMasker;
	/** What NULL becomes: where one mask stands for every value, NULL of what is derived must not stand out. */
	readonly nullTo: Buffer | null;
}

/** A column of a result as the server describes it. */
export interface MaskedField {
	/** 0 where it is not known: every value becomes NULL then. */
	readonly typeOid: number;
	/** -1 where the type has none, or it is not known. */
	readonly modifier: number;
	readonly format: number;
}

/**
 * The cells of a result's columns; null for those that pass as they are.
 * @param key for `hash` and `tokenise`: one for each connection
 * @throws ProtocolError `row_shape_unexpected` when plan and fields differ in number
 */
export function cellsOf(
	fields: readonly MaskedField[],
	plan: readonly (ColumnMask | null)[],
	key: Buffer,
	catalog: Catalog | null,
): readonly (Cell | null)[] {
	if (fields.length !== plan.length)
		throw new ProtocolError(
			"row_shape_unexpected",
			"the result does not have the columns that were analysed",
		);
	return fields.map(({ typeOid, modifier, format }, index) => {
		const mask = plan[index] ?? null;
		if (mask === null) return null;
		const masker = valueMasker(shapeOfType(typeOid, catalog, modifier), format, mask, key);
		return { masker, nullTo: mask.derived ? (masker.constant ?? null) : null };
	});
}
