import type { CatalogOperator } from "./model.ts";
import type { Objects } from "./objects.ts";
import type { BareFunction } from "./read-objects.ts";
import type { BareRelation } from "./read-relations.ts";

/**
 * True when whatever `base` knows either is gone or has its names still. New objects don't change the text of an old
 * definition, and what a definition names can't go without it. `objects` has the types and operators of now.
 */
export function namesHold(
	base: Objects,
	relations: readonly BareRelation[],
	functions: readonly BareFunction[],
	objects: Objects,
): boolean {
	for (const after of relations) {
		const before = base.relations.get(after.oid);
		if (before === undefined) continue;
		if (moved(before, after)) return false;
		const names = new Map(after.columns.map((column) => [column.number, column.name]));
		if (before.columns.some((column) => (names.get(column.number) ?? column.name) !== column.name))
			return false;
	}
	if (functions.some((after) => moved(base.functions.get(after.oid), after))) return false;
	for (const after of objects.types.values()) if (moved(base.types.get(after.oid), after)) return false;
	// An operator can't be renamed, only moved; without an OID here, it is told by its function and its types.
	const operators = new Set(objects.operators.map(operatorKey));
	return base.operators.every((operator) => operators.has(operatorKey(operator)));
}

interface Named {
	readonly schema: string;
	readonly name: string;
}

function moved(before: Named | undefined, after: Named): boolean {
	return before !== undefined && (after.schema !== before.schema || after.name !== before.name);
}

function operatorKey(operator: CatalogOperator): string {
	const { schema, name, functionOid, leftType, rightType } = operator;
	return `${schema} ${name} ${functionOid} ${leftType} ${rightType}`;
}
