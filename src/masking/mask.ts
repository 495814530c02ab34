import type { TransformName } from "../policy/index.ts";
import type { Announced, Detectors } from "./detectors/index.ts";

/** How a value is rewritten. */
export interface Transform {
	readonly transform: TransformName;
	/** For `partial`: how many characters stay at the end, and how many at the beginning. */
	readonly keep: number;
	readonly keepFirst: number;
	/** For `hash`: the result has the value's own length and classes of characters. */
	readonly preserve: boolean;
	/** For `generalise`: `month`, `1000`, `/24`; null for what suits the type. */
	readonly to: string | null;
	/** For `redact`: what can't hold the mark gets its type's zero in place of NULL. */
	readonly zero: boolean;
}

/** What is looked for in a column's values, and what the column's name says of them. */
export interface Detection {
	readonly wanted: readonly string[];
	readonly detectors: Detectors;
	readonly announced: Announced;
}

/** What happens to one column of a result. */
export interface ColumnMask extends Transform {
	/** The rule that asked for it; several that ask for the same are joined by `, `. */
	readonly rule: string;
	/**
	 * True for what is made from a masked column: NULL is masked as well there, since it says something of the value
	 * (`nullif(left(email, 1), 'a')`). Of the column itself NULL only says that there is none.
	 */
	readonly derived: boolean;
	/** Where set, the value is JSON of which only what lies at these paths is masked; each by a mask of its own. */
	readonly within: readonly PathMask[] | null;
	/**
	 * Where set, what these detectors find in the value is replaced, and the rest of it stays; behind `within`, if
	 * that is set as well. `transform` is then what happens to what was found.
	 */
	readonly detect: Detection | null;
}

/** A part of a JSON value: keys of objects and places in arrays, from the outside in; null is any of them. */
export type JsonPath = readonly (string | null)[];

export interface PathMask extends Transform {
	readonly path: JsonPath;
}
