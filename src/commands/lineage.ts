/**
 * How a column's values reach a value. `direct`: the value itself, possibly renamed. `derived`: any function of it.
 * `aggregate`: made of many rows' values, and may well be one of them. `count_only`: how many there are, and nothing else.
 */
export const FLOWS = ["direct", "derived", "aggregate", "count_only"] as const;
export type Flow = (typeof FLOWS)[number];

/**
 * Where the values of a result's column come from. Not part of the policy's input: the gate meets it with the
 * decision's masks to know which columns of the answer to rewrite.
 */
export interface ColumnSource {
	readonly schema: string;
	readonly table: string;
	readonly column: string;
	readonly flow: Flow;
}

export interface OutputColumn {
	readonly name: string;
	/** Every base column whose value can reach this one. */
	readonly sources: readonly ColumnSource[];
	/**
	 * True when something that the analysis can't read (an opaque function) had a part in the value: `sources` is
	 * then not all of it, and any mask must be taken to reach the column.
	 */
	readonly opaque: boolean;
	/**
	 * What the server's RowDescription must say of it: the relation's OID and the column's number, or 0 and 0 for an
	 * expression. Null where the analysis does not predict it.
	 */
	readonly origin: { readonly tableOid: number; readonly column: number } | null;
}
