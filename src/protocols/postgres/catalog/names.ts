import type { CatalogOperator, CatalogType } from "./model.ts";
import type { Objects } from "./objects.ts";
import type { BareFunction } from "./read-objects.ts";
import type { BareRelation } from "./read-relations.ts";

/** What was read of a catalog, all of it or what has changed. */
export interface Bare {
	readonly relations: readonly BareRelation[];
	readonly functions: readonly BareFunction[];
	readonly types: readonly CatalogType[];
}

/**
 * True when whatever `base` knows either is gone or has its names still. New objects don't change the text of an old
 * definition, and what a definition names can't go without it. Operators have to be looked at besides.
 */
export function namesHold(base: Objects, { relations, functions, types }: Bare): boolean {
	for (const after of relations) {
		const before = base.relations.get(after.oid);
		if (before === undefined) continue;
		if (moved(before, after)) return false;
		const names = new Map(after.columns.map((column) => [column.number, column.name]));
		if (before.columns.some((column) => (names.get(column.number) ?? column.name) !== column.name))
			return false;
	}
	if (functions.some((after) => moved(base.functions.get(after.oid), after))) return false;
	return !types.some((after) => moved(base.types.get(after.oid), after));
}

/** True when no function has come to be in another language: it depends on it what is said of indexes. */
export function languagesHold(base: Objects, functions: readonly BareFunction[]): boolean {
	return functions.every(({ oid, language }) => (base.functions.get(oid)?.language ?? language) === language);
}

/** What `namesHold` is, for operators. One can't be renamed, only moved; without an OID here, its function and types tell it. */
export function operatorsHold(base: Objects, objects: Objects): boolean {
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
