import type { ColumnMask } from "../../src/masking/index.ts";
import type { MaskObligation, TransformName } from "../../src/policy/index.ts";
import { cellsOf, RowMasker } from "../../src/protocols/postgres/masking/index.ts";

/** A mask of one column that says no more than its transform, but for what is given. */
export function columnMask(transform: TransformName, given: Partial<ColumnMask> = {}): ColumnMask {
	return {
		...{ rule: "r", transform, keep: 0, keepFirst: 0, preserve: false, to: null, zero: false },
		...{ derived: false, within: null, detect: null, ...given },
	};
}

/** An element of a decision's `masks`, defaults filled in. */
export function maskObligation(
	columns: readonly string[],
	transform: TransformName,
	given: Partial<MaskObligation> = {},
): MaskObligation {
	return {
		...{ rule: "r", columns: [...columns], detectors: [], transform },
		...{ keep: 0, keep_first: 0, preserve: false, to: null, zero: false, ...given },
	};
}

/** A masker of rows of so many text columns, each masked alike. */
export function textRowMasker(columns: number, mask: ColumnMask): RowMasker {
	const fields = Array.from({ length: columns }, () => ({ typeOid: 25, modifier: -1, format: 0 }));
	const plan = fields.map(() => mask);
	return new RowMasker(cellsOf(fields, plan, Buffer.alloc(32, 7), null));
}
