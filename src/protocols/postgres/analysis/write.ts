import type { DeleteStmt, Node, UpdateStmt } from "libpg-query-18";
import { assignments } from "./assignments.ts";
import { withClause } from "./ctes.ts";
import type { Env, RangeItem } from "./environment.ts";
import { expression } from "./expression.ts";
import { fromClause } from "./from.ts";
import { isConstantCondition, predicate } from "./predicate.ts";
import { readRelation } from "./relations.ts";
import type { Result } from "./result.ts";
import { unknownItem, written } from "./returning.ts";
import { type Target, targetOf, writeTo } from "./targets-written.ts";
import { as } from "./tree.ts";

export function updateStatement(stmt: UpdateStmt, outer: Env): Result {
	const env = stmt.withClause === undefined ? outer : { ...outer, ctes: withClause(stmt.withClause, outer) };
	const target = targetOf(stmt.relation, env);
	const sources = fromBeside(target, stmt.fromClause, env);
	predicate(stmt.whereClause, env, "predicate");
	const given = target === undefined ? [] : assignments(stmt.targetList, target, env);
	if (target !== undefined) {
		const only = stmt.relation?.inh !== true;
		writeTo(target.relation, "update", env, { where: whereOf(stmt.whereClause), given, only });
		reads(target, env, only);
	} else for (const node of stmt.targetList ?? []) expression(as(node, "ResTarget")?.val, env);
	return written("update", stmt, target, sources, env, {}, stmt.whereClause);
}

export function deleteStatement(stmt: DeleteStmt, outer: Env): Result {
	const env = stmt.withClause === undefined ? outer : { ...outer, ctes: withClause(stmt.withClause, outer) };
	const target = targetOf(stmt.relation, env);
	const sources = fromBeside(target, stmt.usingClause, env);
	predicate(stmt.whereClause, env, "predicate");
	if (target !== undefined) {
		const only = stmt.relation?.inh !== true;
		writeTo(target.relation, "delete", env, { where: whereOf(stmt.whereClause), only });
		reads(target, env, only);
	}
	return written("delete", stmt, target, sources, env, {}, stmt.whereClause);
}

/** A target's own rows are read by WHERE and RETURNING: its SELECT policies apply. */
function reads(target: Target, env: Env, only: boolean): void {
	if (target.relation.policies.length > 0) readRelation(target.relation, env, { only });
}

export const whereOf = (
	where: Node | undefined,
	always = false,
): { has_where: boolean; where_is_constant: boolean } => ({
	has_where: always || where !== undefined,
	where_is_constant: isConstantCondition(where),
});

/** FROM or USING beside the target; names see both. An unknown target leaves nothing unresolved after itself. */
export function fromBeside(
	target: Target | undefined,
	nodes: readonly Node[] | undefined,
	env: Env,
	what: "table name" | "name" = "table name",
): RangeItem[] {
	const item = target?.item ?? unknownItem();
	env.everything.push(item);
	env.items = [{ ...item, lateralOnly: true }];
	fromClause(nodes, env, what);
	return env.items.slice(1);
}
