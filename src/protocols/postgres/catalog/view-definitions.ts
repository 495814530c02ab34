import type { CatalogOperator } from "./model.ts";
import type { Objects } from "./objects.ts";
import { type CatalogQuery, sqlstateOf } from "./query.ts";
import type { BareRelation } from "./read-relations.ts";
import { rows } from "./rows.ts";
import { viewDefinitions } from "./sql.ts";

const LOCK_NOT_AVAILABLE = "55P03";

/**
 * The definitions of the views among `relations`, by OID. Those of `base` are used again where nothing has changed
 * that could change them, because reading one waits for every lock on what it names.
 *
 * `patient`: wait, and fail when the wait fails (in a session's own transaction a failure would abort it, but its own
 * locks don't stand in its way). Otherwise those that can't be read within `lock_timeout` are left out.
 */
export async function readViewDefinitions(
	query: CatalogQuery,
	relations: readonly BareRelation[],
	objects: Objects,
	base: Objects | null,
	patient: boolean,
): Promise<Map<number, string>> {
	const definitions = new Map<number, string>();
	const wanted: number[] = [];
	const reusable = base !== null && namesHold(base, relations, objects) ? base : null;
	for (const { oid, kind, viewStamp } of relations) {
		if (kind !== "view" && kind !== "materialized_view") continue;
		const known =
			reusable?.viewStamps.get(oid) === viewStamp ? reusable?.relations.get(oid)?.viewDefinition : null;
		if (typeof known === "string") definitions.set(oid, known);
		else wanted.push(oid);
	}
	await read(query, wanted, patient, definitions);
	return definitions;
}

/** One statement for all; when a lock stops it, one for each half, down to the single views that are locked. */
async function read(
	query: CatalogQuery,
	oids: readonly number[],
	patient: boolean,
	definitions: Map<number, string>,
): Promise<void> {
	if (oids.length === 0) return;
	try {
		for (const row of await rows(query, viewDefinitions(oids))) {
			const definition = row.optional(1); // null: dropped in the meantime
			if (definition !== null) definitions.set(row.number(0), definition);
		}
	} catch (error) {
		if (patient || sqlstateOf(error) !== LOCK_NOT_AVAILABLE) throw error;
		if (oids.length === 1) return;
		const half = oids.length >> 1;
		await read(query, oids.slice(0, half), patient, definitions);
		await read(query, oids.slice(half), patient, definitions);
	}
}

/**
 * True when whatever `base` knows either is gone or has its names still. New objects don't change the text of an old
 * definition, and what a view names can't go without it.
 */
function namesHold(base: Objects, relations: readonly BareRelation[], objects: Objects): boolean {
	for (const after of relations) {
		const before = base.relations.get(after.oid);
		if (before === undefined) continue;
		if (moved(before, after)) return false;
		const names = new Map(after.columns.map((column) => [column.number, column.name]));
		if (before.columns.some((column) => (names.get(column.number) ?? column.name) !== column.name))
			return false;
	}
	for (const before of base.functions.values())
		if (moved(before, objects.functions.get(before.oid))) return false;
	for (const before of base.types.values()) if (moved(before, objects.types.get(before.oid))) return false;
	// An operator can't be renamed, only moved; without an OID here, it is told by its function and its types.
	const operators = new Set(objects.operators.map(operatorKey));
	return base.operators.every((operator) => operators.has(operatorKey(operator)));
}

function moved(before: Named, after: Named | undefined): boolean {
	return after !== undefined && (after.schema !== before.schema || after.name !== before.name);
}

interface Named {
	readonly schema: string;
	readonly name: string;
}

function operatorKey(operator: CatalogOperator): string {
	const { schema, name, functionOid, leftType, rightType } = operator;
	return `${schema} ${name} ${functionOid} ${leftType} ${rightType}`;
}
