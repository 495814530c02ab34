import type { Node } from "libpg-query-18";
import { type Env, innerEnv } from "./environment.ts";
import { Findings } from "./findings.ts";
import type { AnalysedStatement } from "./model.ts";
import { finish, type Result } from "./result.ts";
import { analyseStatement } from "./statement.ts";

/** Analyses a statement within another: listed as nested, and all that it does the outer one does too. */
export function nest(
	node: Node | undefined,
	env: Env,
): { result: Result; statement: AnalysedStatement; findings: Findings } {
	const inner = apart(node, env);
	env.findings.absorb(inner.findings);
	const statement = finish(inner.result, inner.findings, 0, 0);
	env.findings.nested.push(statement);
	return { result: inner.result, statement, findings: inner.findings };
}

/** Analyses a statement within another and leaves it to the caller what of it counts. */
export function apart(node: Node | undefined, env: Env): { result: Result; findings: Findings } {
	const findings = new Findings();
	const result = analyseStatement(node, { ...innerEnv(env), findings });
	return { result, findings };
}
