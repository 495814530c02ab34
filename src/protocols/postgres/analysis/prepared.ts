import type { DeallocateStmt, ExecuteStmt, PrepareStmt } from "libpg-query-18";
import { castTo, coercedAnyhow } from "./casts.ts";
import type { Env } from "./environment.ts";
import { expressions } from "./expression.ts";
import { fail } from "./failures.ts";
import { Findings } from "./findings.ts";
import type { AnalysedStatement } from "./model.ts";
import { apart } from "./nesting.ts";
import { finish, type Result, tagOnly } from "./result.ts";
import { as, texts } from "./tree.ts";
import { constantValue, derived, type Field, type Source, TYPE, type Value } from "./value.ts";

/** PREPARE reads and keeps a statement: what that does comes with EXECUTE, what it names is named already. */
export function prepareStatement(body: PrepareStmt, env: Env): Result {
	const name = body.name ?? "";
	const cast = new Findings();
	// EXECUTE makes what it is given values of these types.
	const values = (body.argtypes ?? []).map((node) =>
		castTo(as(node, "TypeName"), constantValue(TYPE.unknown), { ...env, findings: cast }),
	);
	const parameters = {
		numbered: (number: number) => values[number - 1],
		named: () => undefined,
		conflicting: false,
	};
	const inner = apart(body.query, { ...env, parameters });
	inner.findings.absorb(cast);
	const statement = finish(inner.result, inner.findings, 0, 0);
	const { findings } = env;
	findings.absorb(inner.findings);
	findings.change({ settings: false });
	findings.effect("session");
	findings.nested.push(statement);
	const types = (body.argtypes ?? []).map((node) => texts(as(node, "TypeName")?.names).join("."));
	return tagOnly("prepare", { name, types }, { type: "prepare", name, statement, text: "" });
}

export function executeStatement(body: ExecuteStmt, env: Env): Result {
	const name = body.name ?? "";
	const values = expressions(body.params, env);
	for (const value of values) {
		env.findings.use(value, "predicate");
		coercedAnyhow(value, env);
	}
	env.findings.cacheable = false;
	const held = env.context.scope.prepared(name);
	if (held === undefined) {
		fail(env, "26000", `prepared statement "${name}" does not exist`, undefined);
		return tagOnly("execute", { name }, { type: "execute", name });
	}
	const result = running(held, env);
	const given = derived(values);
	if (held.writes.length > 0) env.findings.use(given, "assignment", { stored: true });
	const fields = result.fields?.map((field) => withParameters(field, given)) ?? null;
	return {
		...result,
		fields,
		kind: "execute",
		details: { name, parameters: values.length },
		control: { type: "execute", name },
	};
}

/** Any parameter may have had a part in any column. */
function withParameters(field: Field, given: Value): Field {
	if (given.sources.length === 0 && !given.opaque) return field;
	const { value } = field;
	const sources = [...value.sources, ...given.sources];
	return { ...field, value: { ...value, sources, opaque: value.opaque || given.opaque } };
}

/** What a kept statement does and gives, taken over by the statement that runs it. */
export function running(held: AnalysedStatement, env: Env): Result {
	env.findings.absorbStatement(held);
	env.findings.runs.push(...(held.text === undefined ? [] : [held.text]), ...held.runs);
	env.findings.nested.push(held);
	const { policy } = held;
	return {
		...tagOnly(policy.kind),
		hasWhere: policy.has_where,
		whereIsConstant: policy.where_is_constant,
		limit: policy.limit,
		returns: held.returns,
		fields: held.output?.map(fieldOf) ?? null,
		complete: held.output !== null,
	};
}

/** An output column as a value again: the sources by their names are all that is needed of the relations. */
function fieldOf(column: NonNullable<AnalysedStatement["output"]>[number]): Field {
	const sources = column.sources.map(
		(source): Source => ({
			relation: namedRelation(source.schema, source.table),
			column: source.column,
			flow: source.flow,
		}),
	);
	const value: Value = {
		sources,
		opaque: column.opaque,
		type: 0,
		origin: column.origin,
		fields: null,
		constant: false,
	};
	return { name: column.name, value };
}

/** A relation of which only the name matters. */
export const namedRelation = (schema: string, name: string): Source["relation"] => ({
	...NAMED_ONLY,
	schema,
	name,
});

const NAMED_ONLY = {
	oid: 0,
	kind: "table",
	temporary: false,
	columns: [],
	viewDefinition: null,
	triggers: [],
	rules: [],
	policies: [],
	checks: [],
	indexExpressions: [],
	comparisons: [],
	statisticsExpressions: [],
	partitionKey: [],
	parents: [],
	children: [],
	cascades: [],
} as const satisfies Omit<Source["relation"], "schema" | "name">;

/** DEALLOCATE: names that aren't there are the server's to refuse. */
export function deallocateStatement(body: DeallocateStmt, env: Env): Result {
	env.findings.effect("session");
	env.findings.cacheable = false;
	const name = body.name ?? null;
	return tagOnly("deallocate", { name: name ?? "all" }, { type: "deallocate", name });
}
