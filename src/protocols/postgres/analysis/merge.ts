import type { MergeStmt, MergeWhenClause } from "libpg-query-18";
import { assignments, subscripts } from "./assignments.ts";
import { withClause } from "./ctes.ts";
import type { Env, RangeItem } from "./environment.ts";
import { expression } from "./expression.ts";
import { isConstantCondition, predicate } from "./predicate.ts";
import { PLAIN, type Result } from "./result.ts";
import { written } from "./returning.ts";
import { assign, type Target, targetOf, writeTo } from "./targets-written.ts";
import { as } from "./tree.ts";
import { fromBeside } from "./write.ts";

/** MERGE: the join reads both sides, each WHEN writes in its own way. */
export function mergeStatement(stmt: MergeStmt, outer: Env): Result {
	const env = stmt.withClause === undefined ? outer : { ...outer, ctes: withClause(stmt.withClause, outer) };
	const target = targetOf(stmt.relation, env);
	const source = fromBeside(
		target,
		stmt.sourceRelation === undefined ? [] : [stmt.sourceRelation],
		env,
		"name",
	);
	predicate(stmt.joinCondition, env, "join");
	const constant = isConstantCondition(stmt.joinCondition);
	const clauses = (stmt.mergeWhenClauses ?? []).flatMap((node) => as(node, "MergeWhenClause") ?? []);
	const sides = { target: target?.item, source };
	const actions = clauses.map((clause) =>
		when(clause, target, constant, stmt.relation?.inh !== true, placeOf(clause, sides, env)),
	);
	if (target !== undefined) {
		const name = { schema: target.relation.schema, name: target.relation.name };
		env.findings.relation(target.relation, "merge");
		env.findings.write({
			relation: `${name.schema}.${name.name}`,
			op: "merge",
			has_where: !constant,
			where_is_constant: constant,
		});
	}
	const result = written("merge", stmt, target, source, env, { actions }, undefined);
	return { ...result, hasWhere: !constant, whereIsConstant: constant, control: PLAIN };
}

/** What a WHEN sees: both rows when they match, else the one that there is. */
function placeOf(
	clause: MergeWhenClause,
	sides: { readonly target: RangeItem | undefined; readonly source: readonly RangeItem[] },
	env: Env,
): Env {
	// Before 17 there is a flag in the place of three kinds, and false is left out.
	const kind =
		clause.matchKind ?? ((clause as { matched?: boolean }).matched ? "MERGE_WHEN_MATCHED" : undefined);
	if (kind === "MERGE_WHEN_MATCHED" || sides.target === undefined) return env;
	return { ...env, items: kind === "MERGE_WHEN_NOT_MATCHED_BY_SOURCE" ? [sides.target] : [...sides.source] };
}

function when(
	clause: MergeWhenClause,
	target: Target | undefined,
	constantJoin: boolean,
	only: boolean,
	env: Env,
): string {
	predicate(clause.condition, env, "predicate");
	const filtered =
		!constantJoin || (clause.condition !== undefined && !isConstantCondition(clause.condition));
	const where = { has_where: filtered, where_is_constant: !filtered };
	switch (clause.commandType) {
		case "CMD_INSERT":
			insert(clause, target, env);
			return "insert";
		case "CMD_UPDATE": {
			const given = target === undefined ? [] : assignments(clause.targetList, target, env);
			if (target !== undefined) writeTo(target.relation, "update", env, { where, given, only });
			return "update";
		}
		case "CMD_DELETE":
			if (target !== undefined) writeTo(target.relation, "delete", env, { where, only });
			return "delete";
		default:
			return "nothing";
	}
}

function insert(clause: MergeWhenClause, target: Target | undefined, env: Env): void {
	const columns = (clause.targetList ?? []).flatMap((node) => as(node, "ResTarget") ?? []);
	for (const column of columns) subscripts(column.indirection, env);
	const named = columns.flatMap((column) => column.name ?? []);
	const names = named.length > 0 ? named : (target?.item.columns.map((field) => field.name) ?? []);
	const given: string[] = [];
	for (const [index, node] of (clause.values ?? []).entries()) {
		const name = names[index];
		if (as(node, "SetToDefault") !== undefined || name === undefined) continue;
		given.push(name);
		const value = expression(node, env);
		if (target !== undefined) assign(target, name, value, env);
	}
	if (target !== undefined) writeTo(target.relation, "insert", env, { given });
}
