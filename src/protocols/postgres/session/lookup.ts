import { definitionsOf } from "../analyse.ts";
import type { AnalysedStatement } from "../analysis/index.ts";
import type { Registry } from "./registry.ts";
import type { SessionScope } from "./scope.ts";

/** What EXECUTE of that name runs; undefined when there is no such statement. */
export function heldByStatement(
	registry: Registry,
	scope: SessionScope,
	name: string,
): AnalysedStatement | undefined {
	const entry = registry.statements.get(name);
	if (entry === undefined || !entry.confirmed || entry.statement === null) return undefined;
	if (entry.definitions() === definitionsOf([entry.statement.policy], scope.last.scope))
		return entry.statement;
	return stale(entry.statement);
}

/** What FETCH of that name reads; undefined when there is no such portal. */
export function heldByCursor(registry: Registry, name: string): AnalysedStatement | undefined {
	const portal = registry.portals.get(name);
	return portal?.confirmed === true ? (portal.statement ?? undefined) : undefined;
}

/** The server may go on with what the statement was prepared on, or look anew: which of them is not known here. */
function stale(statement: AnalysedStatement): AnalysedStatement {
	const { policy } = statement;
	const reason = "what the statement was prepared on has changed since: DEALLOCATE it and PREPARE it again";
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
