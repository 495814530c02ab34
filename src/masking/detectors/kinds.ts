/** Something that was found: `bytes[start, end)`. */
export interface Hit {
	/** A shipped kind, or the name of an own expression. It names the mark: `[email]`. */
	readonly kind: string;
	/** Which of its kind: `visa`, `nl_bsn`, `github`; the kind itself where there is one only. */
	readonly of: string;
	readonly start: number;
	readonly end: number;
}

/** A text that is looked at. Matchers read no byte before `start` and none from `end` on. */
export interface Text {
	bytes: Buffer;
	start: number;
	end: number;
}

/** What a matcher answers when there is nothing: ends are positive. */
export const NONE = -1;
