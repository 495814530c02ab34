import type { ColumnSource, OutputColumn } from "../../../commands/index.ts";
import type { Findings } from "./findings.ts";
import type { AnalysedStatement, Control } from "./model.ts";
import { changesMeaning } from "./settings.ts";
import type { Field } from "./value.ts";

/** What analysing one statement gives besides its findings. */
export interface Result {
	readonly kind: string;
	readonly details: Record<string, unknown>;
	readonly hasWhere: boolean;
	readonly whereIsConstant: boolean;
	readonly limit: number | null;
	readonly returns: AnalysedStatement["returns"];
	/** The columns that come back; null when none do or they can't be told. */
	readonly fields: readonly Field[] | null;
	readonly complete: boolean;
	readonly control: Control;
}

export const PLAIN: Control = { type: "plain" };

/** A statement of that kind from which only a tag comes back. */
export function tagOnly(
	kind: string,
	details: Record<string, unknown> = {},
	control: Control = PLAIN,
): Result {
	return {
		kind,
		details,
		hasWhere: false,
		whereIsConstant: false,
		limit: null,
		returns: "nothing",
		fields: null,
		complete: true,
		control,
	};
}

/** True when names may mean something else for what runs after the statement. */
export function moves({ control }: Result, { changes }: Findings): boolean {
	if (changes.schema || changes.temporary) return true;
	return changes.settings && !(control.type === "set" && !changesMeaning(control.name));
}

/** Closes a statement: its columns are its output now, and the findings become the policy's words. */
export function finish(result: Result, findings: Findings, start: number, length: number): AnalysedStatement {
	const comesBack = result.returns === "rows" || result.returns === "copy_out";
	if (comesBack) for (const field of result.fields ?? []) findings.use(field.value, "output");
	if (result.kind !== "select" && result.kind !== "select_into" && findings.effects.size === 0)
		findings.effect("read");
	findings.settle();
	const opaque = findings.opaqueReasons.size > 0;
	return {
		policy: findings.statement({
			kind: result.kind,
			has_where: result.hasWhere,
			where_is_constant: result.whereIsConstant,
			limit: result.limit,
			details: result.details,
		}),
		start,
		length,
		writes: findings.writes,
		returns: result.returns,
		output: comesBack && result.complete && result.fields !== null ? result.fields.map(outputColumn) : null,
		control: result.control,
		changes: opaque ? { settings: true, schema: true, temporary: true } : findings.changes,
		unresolved: findings.unresolved,
		runs: findings.runs,
		cacheable: findings.cacheable,
	};
}

function outputColumn(field: Field): OutputColumn {
	const { sources, opaque, origin } = field.value;
	return {
		name: field.name,
		sources: sources.map(
			(source): ColumnSource => ({
				schema: source.relation.schema,
				table: source.relation.name,
				column: source.column,
				flow: source.flow,
			}),
		),
		opaque,
		origin,
	};
}
