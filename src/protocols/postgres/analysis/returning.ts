import type { Node, ReturningClause } from "libpg-query-18";
import type { Env, RangeItem } from "./environment.ts";
import { isConstantCondition } from "./predicate.ts";
import { readRelation, relationItem } from "./relations.ts";
import { PLAIN, type Result } from "./result.ts";
import { targetList } from "./targets.ts";
import type { Operation, Target } from "./targets-written.ts";
import { as } from "./tree.ts";
import { derived, type Field, once, plain, rowOf } from "./value.ts";

/** Stands where a target that does not resolve would: any column may be its. */
export function unknownItem(): RangeItem {
	return {
		alias: null,
		schema: null,
		relation: null,
		columns: [],
		complete: false,
		row: () => plain(),
		tableVisible: false,
		columnsVisible: true,
		lateralOnly: false,
	};
}

/** RETURNING sees the target and what stands beside it; from 18 on `old` and `new` as well. */
export function written(
	kind: Operation | "merge",
	stmt: { returningClause?: ReturningClause },
	target: Target | undefined,
	beside: readonly RangeItem[],
	env: Env,
	details: Record<string, unknown>,
	where: Node | undefined,
): Result {
	// A rule's RETURNING gives what it likes under the target's names.
	const replaced = target?.relation.rules.some((rule) => rule.event === kind) === true;
	const older = (stmt as { returningList?: Node[] }).returningList;
	const nodes = stmt.returningClause?.exprs ?? older;
	let fields: readonly Field[] | null = null;
	let complete = true;
	if (nodes !== undefined) {
		const item = target === undefined ? unknownItem() : asWritten(target);
		const rows = target === undefined ? [] : oldAndNew(stmt.returningClause, target, item);
		const seen = [item, ...beside, ...rows];
		const result = targetList(nodes, { ...env, items: seen, everything: [...env.everything, ...seen] });
		fields = replaced
			? result.list.map((field) => ({ ...field, value: { ...field.value, opaque: true } }))
			: result.list;
		complete = result.complete;
		if (target !== undefined) env.findings.relation(target.relation, "select");
		if (target !== undefined && target.relation.policies.length > 0) readRelation(target.relation, env);
	}
	return {
		kind,
		details,
		hasWhere: where !== undefined,
		whereIsConstant: isConstantCondition(where),
		limit: null,
		returns: nodes === undefined ? "nothing" : "rows",
		fields,
		complete,
		control: PLAIN,
	};
}

/** The target with what was put into its columns. */
function asWritten(target: Target): RangeItem {
	if (target.assigned.size === 0) return target.item;
	const columns = target.item.columns.map((field): Field => {
		const { sources, opaque } = derived(target.assigned.get(field.name) ?? []);
		if (sources.length === 0 && !opaque) return field;
		const value = { ...field.value, sources: [...field.value.sources, ...sources] };
		return { ...field, value: { ...value, opaque: value.opaque || opaque } };
	});
	const row = once(() => {
		const { type, origin } = target.item.row();
		return rowOf(columns, type, origin);
	});
	return { ...target.item, columns, row };
}

function oldAndNew(clause: ReturningClause | undefined, target: Target, item: RangeItem): RangeItem[] {
	if (clause === undefined) return [];
	const options = (clause.options ?? []).flatMap((node) => as(node, "ReturningOption") ?? []);
	const named = (option: string, fallback: string): string =>
		options.find((each) => each.option === option)?.value ?? fallback;
	const names = [named("RETURNING_OPTION_OLD", "old"), named("RETURNING_OPTION_NEW", "new")];
	return names
		.filter((name) => name !== target.item.alias)
		.map((alias) => ({
			...relationItem(target.relation, item.columns, alias),
			columnsVisible: false,
		}));
}
