import { definitionsOf } from "../analyse.ts";
import type { AnalysedStatement } from "../analysis/index.ts";
import { callsUsers, madeOpaque } from "../uncertain.ts";
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
export function heldByCursor(
	registry: Registry,
	scope: SessionScope,
	name: string,
): AnalysedStatement | undefined {
	const portal = registry.portals.get(name);
	if (portal === undefined || !portal.confirmed || portal.statement === null) return undefined;
	// Its plan stands, but functions look their names up when they are first called.
	if (portal.kept || !callsUsers(portal.statement)) return portal.statement;
	if (portal.definitions() === definitionsOf([portal.statement.policy], scope.last.scope))
		return portal.statement;
	return stale(portal.statement);
}

/** The server may go on with what it was made of, or look anew: which of them is not known here. */
function stale(statement: AnalysedStatement): AnalysedStatement {
	return madeOpaque(statement, "what its names stand for has changed since it was made: make it again");
}
