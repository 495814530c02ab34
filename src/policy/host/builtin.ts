import type { Operands } from "./operands.ts";
import type { RegoValue } from "./values.ts";

/** What a builtin may know of the evaluation that calls it, besides its operands. */
export interface EvaluationContext {
	/** Nanoseconds since the epoch: the input's time, the same for the whole evaluation. Throws where it has none. */
	nowNs(): bigint;
	/** Takes units off the evaluation's budget for work beyond reading the operands; throws when none are left. */
	charge(units: number): void;
}

/**
 * A builtin that the host answers. Undefined is undefined in Rego, without an error; an error is thrown and ends the
 * evaluation.
 */
export type Builtin = (operands: Operands, context: EvaluationContext) => RegoValue | undefined;

export type BuiltinGroup = Readonly<Record<string, Builtin>>;
