import { tokenize } from "../grammar/index.ts";
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
	readonly columns: readonly RelationColumn[];
}

/** `schemas` gives names by OID and lacks other sessions' temporary schemas: what is in those is left out. */
export async function readBareRelations(
	query: CatalogQuery,
	part: sql.Part,
	schemas: ReadonlyMap<number, string>,
): Promise<BareRelation[]> {
	const columns = await rowsByOid(query, sql.columns(part));
	const found: BareRelation[] = [];
	for (const row of await rows(query, sql.relations(part))) {
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

function column(row: Row): RelationColumn {
	return {
		number: row.number(1),
		name: row.text(2),
		typeOid: row.number(3),
		defaultExpression: row.optional(4),
		generated: row.boolean(5),
	};
}

/** Adds the relations with all that hangs on them to `objects`. `definitions` are the views' by OID. */
export async function readRelations(
	query: CatalogQuery,
	part: sql.Part,
	bare: readonly BareRelation[],
	definitions: ReadonlyMap<number, string>,
	objects: Objects,
): Promise<void> {
	const hangers = part === "server" ? NO_HANGERS : await readHangers(query);
	for (const relation of bare) {
		const { oid, schema, name, kind, temporary, columns } = relation;
		const cascades = (hangers.cascades.get(oid) ?? []).flatMap(cascade);
		const policies = relation.rowSecurity ? (hangers.policies.get(oid) ?? []) : [];
		objects.addRelation({
			...{ oid, schema, name, kind, temporary, columns, cascades },
			viewDefinition: definitions.get(oid) ?? null,
			triggers: (hangers.triggers.get(oid) ?? []).map(trigger),
			rules: (hangers.rules.get(oid) ?? []).map((row) => ({
				event: row.code(1, RULE_EVENTS),
				definition: row.text(2),
			})),
			policies: policies.map((row) => ({
				command: row.code(1, POLICY_COMMANDS),
				using: row.optional(2),
				check: row.optional(3),
			})),
			checks: (hangers.checks.get(oid) ?? []).map((row) => row.text(1)),
			indexExpressions: (hangers.indexes.get(oid) ?? [])
				.flatMap((row) => [row.optional(1), row.optional(2)])
				.filter((expression) => expression !== null),
			parents: hangers.parents.get(oid) ?? [],
			children: hangers.children.get(oid) ?? [],
		});
		if (relation.viewStamp !== null) objects.viewStamps.set(oid, relation.viewStamp);
	}
}

interface Hangers {
	readonly triggers: ReadonlyMap<number, Row[]>;
	readonly rules: ReadonlyMap<number, Row[]>;
	readonly policies: ReadonlyMap<number, Row[]>;
	readonly checks: ReadonlyMap<number, Row[]>;
	readonly indexes: ReadonlyMap<number, Row[]>;
	readonly cascades: ReadonlyMap<number, Row[]>;
	readonly parents: ReadonlyMap<number, number[]>;
	readonly children: ReadonlyMap<number, number[]>;
}

const NONE: ReadonlyMap<number, never[]> = new Map();
/** The server's own relations have none of these but indexes on plain columns. */
const NO_HANGERS: Hangers = {
	...{ triggers: NONE, rules: NONE, policies: NONE, checks: NONE },
	...{ indexes: NONE, cascades: NONE, parents: NONE, children: NONE },
};

async function readHangers(query: CatalogQuery): Promise<Hangers> {
	const parents = new Map<number, number[]>();
	const children = new Map<number, number[]>();
	for (const row of await rows(query, sql.INHERITANCE)) {
		const [parent, child] = [row.number(0), row.number(1)];
		children.set(parent, [...(children.get(parent) ?? []), child]);
		parents.set(child, [...(parents.get(child) ?? []), parent]);
	}
	return {
		triggers: await rowsByOid(query, sql.TRIGGERS),
		rules: await rowsByOid(query, sql.RULES),
		policies: await rowsByOid(query, sql.POLICIES),
		checks: await rowsByOid(query, sql.TABLE_CHECKS),
		indexes: await rowsByOid(query, sql.INDEX_EXPRESSIONS),
		cascades: await rowsByOid(query, sql.CASCADES),
		parents,
		children,
	};
}

function cascade(row: Row): Relation["cascades"] {
	const relation = row.number(1);
	const actions = { c: "cascade", n: "set", d: "set", a: null, r: null } as const;
	const onDelete = row.code(2, actions);
	const onUpdate = row.code(3, actions);
	return [
		...(onDelete === null
			? []
			: [{ relation, on: "delete", action: onDelete === "cascade" ? "delete" : "update" } as const]),
		...(onUpdate === null ? [] : [{ relation, on: "update", action: "update" } as const]),
	];
}

function trigger(row: Row): CatalogTrigger {
	const bits = row.number(2);
	const definition = row.optional(4);
	return {
		name: row.text(1),
		events: TRIGGER_EVENTS.filter(([bit]) => (bits & bit) !== 0).map(([, event]) => event),
		functionOid: row.number(3),
		when: definition === null ? null : whenClause(definition),
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
