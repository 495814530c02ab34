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
	const statement = { ...entry.statement, text: entry.text };
	// One that itself runs what a name holds does what the name holds then.
	const same =
		statement.cacheable && entry.definitions() === definitionsOf([statement.policy], scope.last.scope);
	return same ? statement : stale(statement);
}

/** What FETCH of that name reads; undefined when there is no such portal. */
export function heldByCursor(
	registry: Registry,
	scope: SessionScope,
	name: string,
): AnalysedStatement | undefined {
	const portal = registry.portals.get(name);
	if (portal === undefined || !portal.confirmed || portal.statement === null) return undefined;
	const statement = { ...portal.statement, text: portal.text };
	// Its plan stands, but functions look their names up when they are first called.
	if (portal.kept || !callsUsers(statement)) return statement;
	const same = portal.definitions() === definitionsOf([statement.policy], scope.last.scope);
	return same ? statement : stale(statement);
}

/** The server may go on with what it was made of, or look anew: which of them is not known here. */
function stale(statement: AnalysedStatement): AnalysedStatement {
	return madeOpaque(statement, "what its names stand for has changed since it was made: make it again");
}
