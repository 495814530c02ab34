import type { Node } from "libpg-query-18";
import { type CatalogFunction, parseSearchPath } from "../catalog/index.ts";
import { deeper, type Env, type Parameters } from "./environment.ts";
import { Findings, qualified } from "./findings.ts";
import { isUsers } from "./names.ts";
import { functionBody, type TriggeredBy } from "./plpgsql/body.ts";
import { finish, moves } from "./result.ts";
import { analyseStatement } from "./statement.ts";
import { parseOne, parseText } from "./texts.ts";
import { as, items } from "./tree.ts";
import type { Field, Value } from "./value.ts";

/** Functions within functions that are followed. */
const MAX_FUNCTIONS = 8;

/** The columns that a body's result is made of, null when it has none; or, as a string, why it isn't read. */
export type Body = readonly Field[] | null | string;

/**
 * Reads the body of a function with the values it is called with, in the order of its parameters; of a trigger's, with
 * the relation whose rows it is given.
 */
export function bodyOf(
	called: CatalogFunction,
	values: readonly Value[],
	env: Env,
	trigger: TriggeredBy | null = null,
): Body {
	if (called.language !== "sql" && called.language !== "plpgsql")
		return `it is written in ${called.language}`;
	if (env.stack.includes(called.oid)) return "it calls itself";
	if (env.stack.length >= MAX_FUNCTIONS) return "it is too many calls deep";
	if (called.body === null) return "its body is not known";
	const { body } = called;
	const path = bodyPath(called, env);
	if (typeof path === "string") return path;
	const inner: Env = {
		...env,
		context: { ...env.context, text: null },
		path: path.names,
		pathInForce: path.inForce,
		origin: `the function ${qualified(called.schema, called.name)}`,
		made: null,
		ctes: null,
		outer: null,
		items: [],
		everything: [],
		lateral: false,
		parameters: sqlParameters(called, values),
		windows: new Map(),
		stack: [...env.stack, called.oid],
	};
	if (!called.bodyIsBound) env.findings.late = true;
	return deeper<Body>(env, "it is too deep", () =>
		called.language === "sql"
			? sqlBody(body, called.bodyIsBound, inner, env)
			: functionBody(called, body, values, trigger, inner, env.findings),
	);
}

function sqlBody(body: string, bound: boolean, inner: Env, env: Env): Body {
	const statements = statementsOf(body, bound, env);
	if (statements === undefined) return "its body can't be parsed";
	let last: readonly Field[] | null = null;
	let moved = false;
	const [, way] = (inner.origin ?? "").split("the ");
	for (const statement of statements) {
		const findings = new Findings();
		const result = analyseStatement(statement, { ...inner, findings });
		if (moved)
			findings.opaque(`${inner.origin} goes on after a statement that changes settings or the schema`);
		moved ||= moves(result, findings);
		env.findings.absorb(findings, { via: way ?? "function" });
		env.findings.nested.push(finish(result, findings, 0, 0));
		last = result.fields;
	}
	env.findings.moving ||= moved;
	return last;
}

/** What the names and numbers of a SQL function's parameters stand for. */
function sqlParameters(called: CatalogFunction, values: readonly Value[]): Parameters {
	const named = (names: readonly string[]): Value | undefined => {
		if (names.length === 2 && names[0] !== called.name) {
			const whole = named([names[0] ?? ""]);
			return whole?.fields?.find((field) => field.name === names[1])?.value ?? whole;
		}
		const index = called.argumentNames.indexOf(names.at(-1) ?? "");
		return names.length > 2 || index < 0 ? undefined : values[index];
	};
	return { numbered: (number) => values[number - 1], named, conflicting: false };
}

/** A string body's statements, or those of BEGIN ATOMIC and RETURN, which the server prints as part of the definition. */
function statementsOf(body: string, bound: boolean, env: Env): Node[] | undefined {
	if (!bound) {
		return parseText(body, env)?.flatMap((statement) => statement.stmt ?? []);
	}
	const definition = as(
		parseOne(`CREATE FUNCTION f() RETURNS void LANGUAGE sql ${body}`, env),
		"CreateFunctionStmt",
	);
	if (definition?.sql_body === undefined) return undefined;
	return items(definition.sql_body).flatMap((node) => items(node));
}

/**
 * The search path that the body's names are resolved by, and the one in force for what it calls; or why that can't be
 * told.
 */
function bodyPath(called: CatalogFunction, env: Env): BodyPath | string {
	const own = !isUsers(called.oid) || called.bodyIsBound ? ["pg_catalog"] : undefined;
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
	// The server passes over a schema that the role may not use, and finds the name in the next.
	const asOwner = [called, ...env.stack.map((oid) => catalog.functionByOid(oid))].some(
		(each) => each?.securityDefiner === true,
	);
	const sure = asOwner ? [] : env.context.scope.searchPath;
	const passedOver = path
		.slice(0, -1)
		.some((each) => each !== "pg_catalog" && each !== temporarySchema && !sure.includes(each));
	if (passedOver) return "its search path may hold a schema that its role can't use, before another";
	return { names: own ?? path, inForce: path };
}

interface BodyPath {
	readonly names: readonly string[];
	readonly inForce: readonly string[];
}
