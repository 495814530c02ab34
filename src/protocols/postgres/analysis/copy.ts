import type { CopyStmt } from "libpg-query-18";
import { assigned } from "./casts.ts";
import type { Env } from "./environment.ts";
import { fail } from "./failures.ts";
import { nest } from "./nesting.ts";
import { predicate } from "./predicate.ts";
import { readRelation } from "./relations.ts";
import { type Result, tagOnly } from "./result.ts";
import { targetOf, writeTo } from "./targets-written.ts";
import { as, literalText, texts } from "./tree.ts";
import { constantValue, type Field, TYPE } from "./value.ts";

/** COPY in both directions: to and from the client, files and programs. */
export function copyStatement(body: CopyStmt, env: Env): Result {
	const from = body.is_from === true;
	const target =
		body.is_program === true ? "program" : body.filename !== undefined ? "file" : from ? "stdin" : "stdout";
	const options: Record<string, string | null> = {};
	for (const node of body.options ?? []) {
		const option = as(node, "DefElem");
		options[option?.defname ?? ""] = option?.arg === undefined ? "true" : literalText(option.arg);
	}
	const details = { direction: from ? "in" : "out", target, filename: body.filename ?? null, options };
	if (target === "file" || target === "program") env.findings.effect("execute");
	return from ? copyIn(body, details, env) : copyOut(body, details, env);
}

function copyOut(body: CopyStmt, details: Record<string, unknown> & { target: string }, env: Env): Result {
	const { fields, complete } = body.query === undefined ? relationOut(body, env) : queryOut(body, env);
	env.findings.effect("read");
	if (details.target !== "stdout") {
		for (const field of fields) env.findings.use(field.value, "assignment", { stored: true });
		return tagOnly("copy", details);
	}
	return { ...tagOnly("copy", details), returns: "copy_out", fields, complete };
}

function queryOut(body: CopyStmt, env: Env): { fields: readonly Field[]; complete: boolean } {
	const { result } = nest(body.query, env);
	return { fields: result.fields ?? [], complete: result.complete && result.fields !== null };
}

/** `COPY t (a, b) TO`: the table's own rows, not its children's; without a list all but generated columns. */
function relationOut(body: CopyStmt, env: Env): { fields: readonly Field[]; complete: boolean } {
	const target = targetOf(body.relation, env);
	if (target === undefined) return { fields: [], complete: false };
	const { relation } = target;
	const item = readRelation(relation, env, { only: relation.kind !== "partitioned_table" });
	if (body.attlist === undefined) {
		const generated = new Set(
			relation.columns.filter((column) => column.generated).map((column) => column.name),
		);
		return { fields: item.columns.filter((field) => !generated.has(field.name)), complete: true };
	}
	const fields = texts(body.attlist).flatMap((name) => {
		const field = item.columns.find((candidate) => candidate.name === name);
		if (field === undefined)
			fail(env, "42703", `column "${name}" of relation "${relation.name}" does not exist`, undefined);
		return field ?? [];
	});
	return { fields, complete: true };
}

function copyIn(body: CopyStmt, details: Record<string, unknown> & { target: string }, env: Env): Result {
	const target = targetOf(body.relation, env);
	if (target !== undefined) {
		const { relation, item } = target;
		const generated = relation.columns.filter((column) => column.generated).map((column) => column.name);
		const given =
			body.attlist === undefined ? relation.columns.map((column) => column.name) : texts(body.attlist);
		for (const name of given) {
			const known = item.columns.some((field) => field.name === name);
			if (!known)
				fail(env, "42703", `column "${name}" of relation "${relation.name}" does not exist`, undefined);
			else if (!generated.includes(name)) env.findings.column(relation, name, "assignment");
			const type = relation.columns.find((column) => column.name === name)?.typeOid ?? 0;
			assigned(type, constantValue(TYPE.unknown), env);
		}
		writeTo(relation, "insert", env, { given, op: "copy" });
		predicate(body.whereClause, { ...env, items: [item], everything: [item] }, "predicate");
	}
	const result = tagOnly("copy", details);
	return {
		...result,
		hasWhere: body.whereClause !== undefined,
		returns: details.target === "stdin" ? "copy_in" : "nothing",
	};
}
