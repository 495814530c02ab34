/** A kind of national number that consists of digits. */
export interface NumericId {
	/** Country and name: `nl_bsn`. */
	readonly of: string;
	/** Sizes of the groups that it is written in. */
	readonly shapes: readonly (readonly number[])[];
	/** What may stand between groups. */
	readonly separators: string;
	/** Forms in which what stands between groups differs: `###.###.###-##`. */
	readonly written?: readonly string[];
	/** Check digits, and whatever else is fixed: a date of birth, a region. */
	readonly valid: (digits: Uint8Array) => boolean;
	/**
	 * Words that announce it. Where `alone` is false a number without one of them is none: its check lets one in ten of
	 * any numbers pass.
	 */
	readonly words: readonly string[];
	/** Shapes that need no word: all, none, or those with more than one group. */
	readonly alone: boolean | "grouped";
}
