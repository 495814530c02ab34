import type { CallStmt, DoStmt } from "libpg-query-18";
import type { Env } from "./environment.ts";
import { expressions } from "./expression.ts";
import { fail } from "./failures.ts";
import { calledProcedure } from "./functions.ts";
import { schemaNamed, split } from "./names.ts";
import { doBody } from "./plpgsql/body.ts";
import { type Result, tagOnly } from "./result.ts";
import { as, text, texts } from "./tree.ts";

/** CALL: a procedure in SQL is read, any other is opaque. */
export function callStatement(body: CallStmt, env: Env): Result {
	const call = body.funccall;
	const name = texts(call?.funcname);
	const values = expressions(call?.args, env);
	for (const value of values) env.findings.use(value, "assignment", { stored: true });
	const procedures = call === undefined ? [] : calledProcedure(call, values, env);
	if (procedures.length === 0) {
		const { schema } = split(name);
		if (schema !== undefined && !env.context.catalog.hasSchema(schemaNamed(schema, env))) {
			fail(env, "3F000", `schema "${schema}" does not exist`, undefined);
		} else env.findings.opaque(`the procedure ${name.join(".")} does not exist`);
	}
	// It runs once, and what it does one after the other was looked at in that order.
	env.findings.settle();
	env.findings.late = env.findings.moving = false;
	if (env.findings.opaqueReasons.size > 0) env.findings.effect("execute");
	const gives = procedures.length === 0 || procedures.some((procedure) => procedure.outputNames.length > 0);
	const result = tagOnly("call", { procedure: name.join(".") });
	return gives ? { ...result, returns: "rows", complete: false } : result;
}

/** DO: code in PL/pgSQL is read like a function's, any other is opaque. */
export function doStatement(body: DoStmt, env: Env): Result {
	let language = "plpgsql";
	let code: string | null = null;
	for (const node of body.args ?? []) {
		const option = as(node, "DefElem");
		if (option?.defname === "language") language = text(option.arg);
		if (option?.defname === "as") code = text(option.arg);
	}
	const { findings } = env;
	const unread =
		language === "plpgsql" && code !== null ? doBody(code, env) : `a DO block in ${language} is not read`;
	if (unread !== null) {
		findings.opaque(unread);
		findings.change({ settings: true, schema: true, temporary: true });
	}
	findings.late = findings.moving = false;
	if (findings.opaqueReasons.size > 0) findings.effect("execute");
	return tagOnly("do", { language });
}
