import type { SqlStatement } from "../../commands/index.ts";
import type { AnalysedStatement } from "./analysis/index.ts";

/** True when it calls functions that are not the server's own: they look their names up when they are first called. */
export function callsUsers({ policy }: AnalysedStatement): boolean {
	const calls = ({ functions, nested }: SqlStatement): boolean =>
		functions.some(({ schema }) => schema !== "pg_catalog") || nested.some(calls);
	return calls(policy);
}

/** The same statement, of which nobody knows any more what it does and returns. */
export function madeOpaque(statement: AnalysedStatement, reason: string): AnalysedStatement {
	const { policy } = statement;
	return {
		...statement,
		output: null,
		policy: {
			...policy,
			opaque: true,
			opaque_reasons: [...policy.opaque_reasons, reason],
			effects: [...new Set([...policy.effects, "unknown" as const])],
			effect: "unknown",
		},
	};
}

/** A function that is called behind a change of settings in its own statement may find other names than analysed. */
export function sureOfNames(statement: AnalysedStatement): AnalysedStatement {
	if (!statement.changes.settings || !callsUsers(statement)) return statement;
	return madeOpaque(statement, "it changes settings that the functions it calls may depend on");
}

/** One with names that the server may read otherwise, in an encoding of its own: nor is it sure that one isn't there. */
export function misreadIn(statement: AnalysedStatement, encoding: string): AnalysedStatement {
	const reason = `the server, which is in ${encoding}, may fold or cut a name in it otherwise`;
	return { ...madeOpaque(statement, reason), unresolved: null };
}
