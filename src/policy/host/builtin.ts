/** What a builtin may know of the evaluation that calls it, besides its operands. */
export interface EvaluationContext {
	/** Nanoseconds since the epoch: the input's time, the same for the whole evaluation. Throws where it has none. */
	nowNs(): bigint;
}

/** A builtin that the host answers: operands and result are texts in OPA's notation (JSON with sets). */
export interface HostBuiltin {
	readonly name: string;
	/** Units of the budget for operands of this many characters. */
	cost(characters: number): number;
	/** Undefined is undefined in Rego, without an error; an error is thrown and ends the evaluation. */
	call(operands: readonly string[], context: EvaluationContext): string | undefined;
}
