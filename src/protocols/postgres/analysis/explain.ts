import type { ExplainStmt } from "libpg-query-18";
import type { Env } from "./environment.ts";
import type { Findings } from "./findings.ts";
import { isUsers } from "./names.ts";
import { apart } from "./nesting.ts";
import { namedRelation } from "./prepared.ts";
import { finish, type Result, tagOnly } from "./result.ts";
import { as, literalText } from "./tree.ts";
import { plain, type Source, TYPE } from "./value.ts";

/**
 * EXPLAIN plans; with ANALYZE it runs. Planning calls functions that aren't volatile, and users' may do anything
 * there: where one is called, what the statement does counts even without ANALYZE.
 */
export function explainStatement(body: ExplainStmt, env: Env): Result {
	const options: Record<string, string | null> = {};
	for (const node of body.options ?? []) {
		const option = as(node, "DefElem");
		options[(option?.defname ?? "").toLowerCase()] =
			option?.arg === undefined ? "true" : literalText(option.arg);
	}
	const analyze = "analyze" in options && isOn(options["analyze"] ?? null);
	const { result, findings } = apart(body.query, env);
	const runs = analyze || callsUsers(findings.functions, env);
	if (runs) env.findings.absorb(findings);
	else env.findings.absorbPlanned(findings);
	env.findings.effect("read");
	env.findings.nested.push(finish(result, findings, 0, 0));
	const sources = shown(findings, analyze, env);
	const fields = [{ name: "QUERY PLAN", value: { ...plain(TYPE.text), sources } }];
	const shape = { hasWhere: result.hasWhere, whereIsConstant: result.whereIsConstant, limit: result.limit };
	return { ...tagOnly("explain", { analyze, options }), ...shape, returns: "rows", fields };
}

/**
 * The columns of which a plan may tell something: all of them where functions of users' are called, whose results the
 * planner puts in their places; with ANALYZE those that something was computed of, since the memory that rows took
 * shows how long they were.
 */
function shown(findings: Findings, analyze: boolean, env: Env): Source[] {
	if (!callsUsers(findings.functions, env)) return analyze ? findings.computed : [];
	return findings.columns.map(({ schema, table, name }) => ({
		relation: namedRelation(schema, table),
		column: name,
		flow: "derived",
	}));
}

/** What the server's defGetBoolean takes for false; anything else that it accepts is true. */
function isOn(value: string | null): boolean {
	return !["false", "off", "0"].includes((value ?? "true").toLowerCase());
}

function callsUsers(functions: readonly { schema: string; name: string }[], env: Env): boolean {
	return functions.some((called) =>
		env.context.catalog.functions(called.schema, called.name).some((each) => isUsers(each.oid)),
	);
}
