/** One line of a room's error table: what the code means and what to do about it. */
export interface ErrorEntry {
	readonly cause: string;
	readonly remedy: string;
}

export type ErrorTable = Readonly<Record<string, ErrorEntry>>;

export interface ErrorOptions {
	/** For the operator's log only; never sent to a client. */
	readonly operator?: string;
	readonly cause?: unknown;
	/** In place of the table's remedy, where a better one is known. */
	readonly remedy?: string;
}

/**
 * The base of every error that Sallyport raises on purpose. A room derives one class from it and closes the
 * union of codes with a table; `docs/errors.md` has a line for each code, held to the tables by a test.
 *
 * `message` is what the user is told; `operator` is what the operator is told beside it.
 */
export abstract class SallyportError<Code extends string = string> extends Error {
	readonly code: Code;
	readonly remedy: string;
	readonly operator: string | undefined;

	constructor(
		code: Code,
		table: Readonly<Record<Code, ErrorEntry>>,
		message?: string,
		options: ErrorOptions = {},
	) {
		const entry = table[code];
		super(message ?? entry.cause, options.cause === undefined ? undefined : { cause: options.cause });
		this.name = new.target.name;
		this.code = code;
		this.remedy = options.remedy ?? entry.remedy;
		this.operator = options.operator;
	}
}

/** Renders anything that was thrown for a log line: strings and foreign objects are thrown too (opa-wasm does). */
export function describeThrown(thrown: unknown): string {
	if (thrown instanceof Error) return thrown.message;
	return typeof thrown === "string" ? thrown : String(thrown);
}
