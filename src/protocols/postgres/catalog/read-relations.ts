import { tokenize } from "../grammar/index.ts";
import type { Definitions, Wanted } from "./definitions.ts";
import { type Hangers, NO_HANGERS, readHangers } from "./hangers.ts";
import type { CatalogTrigger, Relation, RelationColumn, RelationKind } from "./model.ts";
import type { Objects } from "./objects.ts";
import type { CatalogQuery } from "./query.ts";
import { type Row, rows, rowsByOid } from "./rows.ts";
import * as sql from "./sql.ts";

const KINDS: Readonly<Record<string, RelationKind>> = {
	r: "table",
	p: "partitioned_table",
	v: "view",
	m: "materialized_view",
	f: "foreign_table",
	S: "sequence",
	i: "index",
	I: "index",
	c: "composite_type",
	t: "toast",
};
const RULE_EVENTS = { "1": "select", "2": "update", "3": "insert", "4": "delete" } as const;
const POLICY_COMMANDS = { r: "select", a: "insert", w: "update", d: "delete", "*": "all" } as const;
/** Bits of `pg_trigger.tgtype`. */
const TRIGGER_EVENTS = [
	[4, "insert"],
	[8, "delete"],
	[16, "update"],
	[32, "truncate"],
] as const;

/** A relation as pg_class has it, before what hangs on it is known. */
export interface BareRelation {
	readonly oid: number;
	readonly schema: string;
	readonly name: string;
	readonly kind: RelationKind;
	readonly temporary: boolean;
	readonly rowSecurity: boolean;
	/** `xmin` of a view's rule; null for other relations. */
	readonly viewStamp: string | null;
	readonly columns: readonly BareColumn[];
}

interface BareColumn {
	readonly number: number;
	readonly name: string;
	readonly typeOid: number;
	readonly modifier: number;
	readonly generated: boolean;
	readonly default: Wanted | null;
}

/** `schemas` gives names by OID and lacks other sessions' temporary schemas: what is in those is left out. */
export async function readBareRelations(
	query: CatalogQuery,
	part: sql.Part,
	schemas: ReadonlyMap<number, string>,
): Promise<BareRelation[]> {
	const [columns, relations] = await Promise.all([
		rowsByOid(query, sql.columns(part)),
		rows(query, sql.relations(part)),
	]);
	const found: BareRelation[] = [];
	for (const row of relations) {
		const schema = schemas.get(row.number(1));
		if (schema === undefined) continue;
		const oid = row.number(0);
		found.push({
			oid,
			schema,
			name: row.text(2),
			kind: row.code(3, KINDS),
			temporary: row.text(4) === "t",
			rowSecurity: row.boolean(5),
			viewStamp: row.optional(6),
			columns: (columns.get(oid) ?? []).map(column),
		});
	}
	return found;
}

function column(row: Row): BareColumn {
	return {
		number: row.number(1),
		name: row.text(2),
		typeOid: row.number(3),
		modifier: row.number(7),
		generated: row.boolean(4),
		default: row.optional(5) === null ? null : { oid: row.number(5), stamp: row.text(6) },
	};
}

/** Adds the relations with all that hangs on them to `objects`. */
export async function readRelations(
	query: CatalogQuery,
	part: sql.Part,
	bare: readonly BareRelation[],
	definitions: Definitions,
	objects: Objects,
): Promise<void> {
	const views = bare.flatMap(({ oid, viewStamp }) => (viewStamp === null ? [] : [{ oid, stamp: viewStamp }]));
	const viewDefinitions = await definitions.read("view", views, sql.viewDefinitions);
	const defaults = await definitions.read(
		"default",
		bare.flatMap((relation) => relation.columns).flatMap((column) => column.default ?? []),
		sql.defaultExpressions,
	);
	const complete = ({
		number,
		name,
		typeOid,
		modifier,
		generated,
		default: wanted,
	}: BareColumn): RelationColumn => ({
		...{ number, name, typeOid, modifier, generated },
		defaultExpression: wanted === null ? null : (defaults.get(wanted.oid)?.optional(1) ?? UNREAD),
	});
	const hangers: Hangers = part === "server" ? NO_HANGERS : await readHangers(query, part, definitions);
	for (const relation of bare) {
		const { oid, schema, name, kind, temporary } = relation;
		const indexes = (hangers.indexes.get(oid) ?? []).map((row) =>
			hangers.indexExpressions.get(row.number(2)),
		);
		const keys = (hangers.partitionKeys.get(oid) ?? []).map((row) =>
			hangers.partitionExpressions.get(row.number(2)),
		);
		objects.addRelation({
			...{ oid, schema, name, kind, temporary },
			columns: relation.columns.map(complete),
			viewDefinition: viewDefinitions.get(oid)?.optional(1) ?? null,
			triggers: (hangers.triggers.get(oid) ?? []).map((row) => trigger(row, hangers.triggerDefinitions)),
			rules: (hangers.rules.get(oid) ?? []).map((row) => rule(row, hangers.ruleDefinitions)),
			policies: relation.rowSecurity
				? (hangers.policies.get(oid) ?? []).map((row) => policy(row, hangers.policyExpressions))
				: [],
			checks: (hangers.checks.get(oid) ?? []).map(
				(row) => hangers.checkExpressions.get(row.number(2))?.optional(1) ?? UNREAD,
			),
			indexExpressions: [...indexes, ...keys]
				.flatMap((row) => (row === undefined ? [UNREAD] : [row.optional(1), row.optional(2)]))
				.filter((expression) => expression !== null),
			comparisons: (hangers.comparisons.get(oid) ?? []).map((row) => row.number(1)),
			statisticsExpressions: (hangers.statistics.get(oid) ?? []).map(
				(row) => hangers.statisticsExpressions.get(row.number(2))?.optional(1) ?? UNREAD,
			),
			partitionKey: (hangers.partitionColumns.get(oid) ?? []).flatMap((row) =>
				row.text(1).split(" ").map(Number),
			),
			parents: hangers.parents.get(oid) ?? [],
			children: hangers.children.get(oid) ?? [],
			cascades: (hangers.cascades.get(oid) ?? []).flatMap(cascade),
		});
	}
}

/** No SQL: whoever parses it in place of a definition that couldn't be read can't tell what the object does. */
const UNREAD = "(not readable while it is locked";

function rule(row: Row, definitions: ReadonlyMap<number, Row>): Relation["rules"][number] {
	return {
		event: row.code(1, RULE_EVENTS),
		definition: definitions.get(row.number(2))?.optional(1) ?? UNREAD,
	};
}

function policy(row: Row, expressions: ReadonlyMap<number, Row>): Relation["policies"][number] {
	const read = expressions.get(row.number(2));
	const command = row.code(1, POLICY_COMMANDS);
	if (read === undefined) return { command, using: UNREAD, check: UNREAD };
	return { command, using: read.optional(1), check: read.optional(2) };
}

const FOREIGN_KEY_ACTIONS = { c: "cascade", n: "null", d: "default", a: null, r: null } as const;

function cascade(row: Row): Relation["cascades"] {
	const relation = row.number(1);
	const onDelete = row.code(2, FOREIGN_KEY_ACTIONS);
	const onUpdate = row.code(3, FOREIGN_KEY_ACTIONS);
	const acting = (on: "delete" | "update", what: string | null): Relation["cascades"] => {
		if (what === null) return [];
		const action = on === "delete" && what === "cascade" ? "delete" : "update";
		return [{ relation, on, action, defaults: what === "default" }];
	};
	return [...acting("delete", onDelete), ...acting("update", onUpdate)];
}

function trigger(row: Row, definitions: ReadonlyMap<number, Row>): CatalogTrigger {
	const bits = row.number(4);
	const definition = definitions.get(row.number(2))?.optional(1);
	const condition = definition == null ? UNREAD : whenClause(definition);
	return {
		name: row.text(1),
		events: TRIGGER_EVENTS.filter(([bit]) => (bits & bit) !== 0).map(([, event]) => event),
		functionOid: row.number(5),
		when: row.boolean(6) ? condition : null,
	};
}

/** The condition out of `CREATE TRIGGER ... WHEN (condition) EXECUTE FUNCTION f()`, whatever the names in it are. */
export function whenClause(definition: string): string {
	let from = -1;
	let depth = 0;
	let condition: string | undefined;
	tokenize(definition, {
		comment() {},
		quoted() {},
		operator() {},
		word(start, end) {
			if (from < 0 && depth === 0 && definition.slice(start, end) === "WHEN") from = end;
		},
		other(start, end) {
			if (definition[start] === "(") depth++;
			if (definition[start] !== ")") return;
			depth--;
			if (from >= 0 && depth === 0) condition ??= definition.slice(from, end).trim();
		},
	});
	return condition ?? definition; // which is no expression, so whoever reads it can't tell what it does
}
