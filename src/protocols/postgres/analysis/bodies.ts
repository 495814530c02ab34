import type { Node } from "libpg-query-18";
import { type CatalogFunction, parseSearchPath } from "../catalog/index.ts";
import { deeper, type Env } from "./environment.ts";
import { Findings, qualified } from "./findings.ts";
import { isUsers } from "./names.ts";
import { finish } from "./result.ts";
import { analyseStatement } from "./statement.ts";
import { parseOne, parseText } from "./texts.ts";
import { as, items } from "./tree.ts";
import type { Field, Value } from "./value.ts";

/** Functions within functions that are followed. */
const MAX_FUNCTIONS = 8;

/**
 * Reads the body of a SQL function with the values it is called with. Gives the columns of its last statement (null
 * when that returns none), or, as a string, why it isn't read.
 */
export function sqlBody(
	called: CatalogFunction,
	values: readonly Value[],
	env: Env,
): readonly Field[] | null | string {
	if (env.stack.includes(called.oid)) return "it calls itself";
	if (env.stack.length >= MAX_FUNCTIONS) return "it is too many calls deep";
	if (called.body === null) return "its body is not known";
	if (called.defaults > 0 && values.length < called.arguments) return "it uses defaults of its arguments";
	const statements = statementsOf(called.body, env);
	if (statements === undefined) return "its body can't be parsed";
	const path = bodyPath(called, env);
	if (typeof path === "string") return path;
	const inner: Env = {
		...env,
		context: { ...env.context, text: null },
		path: path.names,
		pathInForce: path.inForce,
		origin: `the function ${qualified(called.schema, called.name)}`,
		ctes: null,
		outer: null,
		items: [],
		everything: [],
		lateral: false,
		parameters: { functionName: called.name, values, names: called.argumentNames },
		windows: new Map(),
		stack: [...env.stack, called.oid],
	};
	return deeper<readonly Field[] | null | string>(env, "it is too deep", () => run(statements, inner, env));
}

function run(statements: readonly Node[], inner: Env, env: Env): readonly Field[] | null {
	let last: readonly Field[] | null = null;
	let moved = false;
	const [, way] = (inner.origin ?? "").split("the ");
	for (const statement of statements) {
		const findings = new Findings();
		const result = analyseStatement(statement, { ...inner, findings });
		if (moved)
			findings.opaque(`${inner.origin} goes on after a statement that changes settings or the schema`);
		moved ||= findings.changes.settings || findings.changes.schema;
		env.findings.absorb(findings, { via: way ?? "function" });
		env.findings.nested.push(finish(result, findings, 0, 0));
		last = result.fields;
	}
	return last;
}

/** A string body's statements, or those of BEGIN ATOMIC and RETURN, which the server prints as part of the definition. */
function statementsOf(body: string, env: Env): Node[] | undefined {
	if (!isStandard(body)) {
		return parseText(body, env)?.flatMap((statement) => statement.stmt ?? []);
	}
	const definition = as(
		parseOne(`CREATE FUNCTION f() RETURNS void LANGUAGE sql ${body}`, env),
		"CreateFunctionStmt",
	);
	if (definition?.sql_body === undefined) return undefined;
	return items(definition.sql_body).flatMap((node) => items(node));
}

const isStandard = (body: string): boolean => /^\s*(begin\s+atomic|return)\b/i.test(body);

/**
 * The search path that the body's names are resolved by, and the one in force for what it calls; or why that can't be
 * told.
 */
function bodyPath(called: CatalogFunction, env: Env): BodyPath | string {
	const own = !isUsers(called.oid) || isStandard(called.body ?? "") ? ["pg_catalog"] : undefined;
	const setting = called.settings.find((each) => each.startsWith("search_path="));
	if (setting === undefined) {
		if (called.securityDefiner && own === undefined)
			return "it runs as its owner with the caller's search path";
		return { names: own ?? env.pathInForce, inForce: env.pathInForce };
	}
	const { catalog, temporarySchema } = env.context.scope;
	let named: readonly string[];
	try {
		named = parseSearchPath(setting.slice("search_path=".length));
	} catch {
		return "its search path can't be read";
	}
	if (named.includes("$user")) return "its search path depends on the role";
	const path = named.flatMap((each) =>
		each === "pg_temp" ? (temporarySchema ?? []) : catalog.hasSchema(each) ? each : [],
	);
	if (!path.includes("pg_catalog")) path.unshift("pg_catalog");
	if (temporarySchema !== null && !path.includes(temporarySchema)) path.unshift(temporarySchema);
	return { names: own ?? path, inForce: path };
}

interface BodyPath {
	readonly names: readonly string[];
	readonly inForce: readonly string[];
}
