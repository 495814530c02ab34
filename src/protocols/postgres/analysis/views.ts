import type { RefreshMatViewStmt, ViewStmt } from "libpg-query-18";
import type { Env } from "./environment.ts";
import { qualified } from "./findings.ts";
import { namedRelation } from "./names.ts";
import { nest } from "./nesting.ts";
import { definitionReads } from "./relations.ts";
import { type Result, tagOnly } from "./result.ts";
import { creationSchema } from "./statement.ts";
import { goesOver } from "./targets-written.ts";

/** CREATE VIEW: its query is checked, and not run; a temporary one shadows names for this session. */
export function viewStatement(body: ViewStmt, env: Env): Result {
	const { view } = body;
	const temporary = view?.relpersistence === "t" || view?.schemaname === "pg_temp";
	nest(body.query, env);
	env.findings.effect("schema");
	if (temporary) env.findings.effect("session");
	env.findings.change(temporary ? { temporary: true } : { schema: true });
	const schema = temporary
		? (env.context.scope.temporarySchema ?? "pg_temp")
		: (view?.schemaname ?? creationSchema(env));
	const name = view?.relname ?? "";
	env.findings.relation({ schema, name, kind: "view", temporary }, "create");
	runsEventTriggers(env);
	return tagOnly("create_view", {
		object: "view",
		name: qualified(schema, name),
		temporary,
		replace: body.replace === true,
	});
}

/** REFRESH runs the query of a materialised view and stores what comes. */
export function refreshStatement(body: RefreshMatViewStmt, env: Env): Result {
	env.findings.effect("read", "write", "maintenance");
	const relation = body.relation === undefined ? undefined : namedRelation(body.relation, env);
	if (relation !== undefined) {
		env.findings.relation(relation, "refresh");
		env.findings.absorb(definitionReads(relation, env), { columns: "named" });
		goesOver(relation, env);
	}
	const name =
		relation === undefined ? (body.relation?.relname ?? "") : qualified(relation.schema, relation.name);
	return tagOnly("refresh_materialized_view", { name, concurrent: body.concurrent === true });
}

/** DDL runs the event triggers that are enabled: their functions are opaque. */
export function runsEventTriggers(env: Env): void {
	for (const trigger of env.context.catalog.eventTriggers) {
		env.findings.opaque(`the event trigger ${trigger.name} runs a function on schema changes`);
		const called = env.context.catalog.functionByOid(trigger.functionOid);
		if (called !== undefined) env.findings.function(called, ["event trigger"]);
	}
}
