import type { AnalysedSql, Description } from "../analyse.ts";
import { decodeRowDescription, encodeDescribe } from "../codec/index.ts";
import type { Parts } from "./parts.ts";
import type { WireStatement } from "./registry.ts";

/** Takes what the server's answer to Describe tells of a statement. */
export function takeDescription(
	wire: WireStatement,
	sql: AnalysedSql,
): (parameterTypes: readonly number[] | null, row: Buffer | null) => void {
	return (parameterTypes, row) => {
		const fields = row === null ? null : decodeRowDescription(row, 0, row.length);
		const description: Description = { parameterTypes: parameterTypes ?? [], fields };
		if (wire.analysed === sql) wire.description = description;
		sql.descriptions.set(wire.givenTypes.join(), description);
	};
}

/**
 * Makes sure that parameter types and columns are known before anything is bound: the policy is to see values, and
 * rows are checked against what was analysed. Once a statement, and not at all where another session asked before.
 */
export function described(parts: Parts, name: string, wire: WireStatement): void | Promise<void> {
	if (wire.description !== null) return;
	const { upstream, steps } = parts;
	upstream.describeStatement(wire.permit, encodeDescribe("statement", name), {
		visible: false,
		showErrors: true,
		described: takeDescription(wire, wire.analysed),
	});
	return steps.drained();
}
