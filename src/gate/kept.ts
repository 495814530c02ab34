import { type AnalysedCommand, CommandParameters } from "../commands/index.ts";
import { usesMasked } from "../masking/index.ts";
import type { CommandDecision } from "../policy/index.ts";

const known = new WeakMap<CommandDecision, WeakMap<AnalysedCommand["statements"], boolean>>();

/**
 * True when constants and parameters of a command may be values of masked columns: it compares such a column with
 * something, or writes something into it. Nobody may write those down as they are. Errs on the side of keeping less:
 * which of the constants it is, is not worked out.
 */
export function namesMaskedValues(decision: CommandDecision | undefined, command: AnalysedCommand): boolean {
	if (decision === undefined || decision.masks.length === 0) return false;
	let byStatements = known.get(decision);
	if (byStatements === undefined) {
		byStatements = new WeakMap();
		known.set(decision, byStatements);
	}
	let answer = byStatements.get(command.statements);
	if (answer === undefined) {
		answer = usesMasked(command.statements, decision.masks);
		byStatements.set(command.statements, answer);
	}
	return answer;
}

/** The parameters with something else in place of each value. */
export function withoutValues(
	parameters: CommandParameters,
	replacement: (value: string) => string,
): CommandParameters {
	return CommandParameters.of(
		parameters.list.map((parameter) => {
			const { value, sha256 } = parameter;
			const told = value ?? sha256;
			return { ...parameter, value: told === null ? null : replacement(told), sha256: null };
		}),
	);
}
