import type { RangeVar } from "libpg-query-18";
import type { SqlWrite } from "../../../commands/index.ts";
import type { CatalogTrigger, Relation } from "../catalog/model.ts";
import { assigned, domainDefault } from "./casts.ts";
import { anyhowCompared, columnsCompared, keysCompared } from "./comparisons.ts";
import { catalogEnv, type Env, type RangeItem } from "./environment.ts";
import { Findings, qualified } from "./findings.ts";
import { runTrigger } from "./functions.ts";
import { namedRelation } from "./names.ts";
import { predicate } from "./predicate.ts";
import {
	ancestors,
	descendants,
	fieldsOf,
	ownExpression,
	policies,
	readRelation,
	relationItem,
} from "./relations.ts";
import { rewriteRules } from "./rules.ts";
import { expressionText, parseOne } from "./texts.ts";
import { as } from "./tree.ts";
import { constantValue, type Field, plain, TYPE, type Value } from "./value.ts";

export type Operation = "insert" | "update" | "delete" | "truncate";

/** A statement's target: the item that names see, and the relation behind it. */
export interface Target {
	readonly relation: Relation;
	readonly item: RangeItem;
	/** The values that its columns are given, by their names: what RETURNING then shows. */
	readonly assigned: Map<string, Value[]>;
}

/** Finds what is to be written; undefined when it does not resolve (which is reported). */
export function targetOf(range: RangeVar | undefined, env: Env): Target | undefined {
	if (range === undefined) return undefined;
	const relation = namedRelation(range, env);
	if (relation === undefined) return undefined;
	const alias = range.alias?.aliasname;
	return { relation, item: relationItem(relation, fieldsOf(relation, env), alias), assigned: new Map() };
}

/**
 * Says what writing to a relation reaches: the relation, a view's tables, children, triggers, rules, checks, index
 * expressions, policies, defaults of the columns that aren't given, and tables that follow by foreign keys.
 */
export function writeTo(
	relation: Relation,
	operation: Operation,
	env: Env,
	options: {
		where?: Pick<SqlWrite, "has_where" | "where_is_constant">;
		given?: readonly string[];
		only?: boolean;
		op?: SqlWrite["op"];
	} = {},
): void {
	reach(relation, operation, env, options, [], new Set());
}

type Options = Parameters<typeof writeTo>[3] & object;

function reach(
	relation: Relation,
	operation: Operation,
	env: Env,
	options: Options,
	via: readonly string[],
	seen: Set<string>,
): void {
	const key = `${relation.oid} ${operation}`;
	if (seen.has(key)) return;
	seen.add(key);
	const { findings } = env;
	const name = qualified(relation.schema, relation.name);
	const where = options.where ?? { has_where: false, where_is_constant: false };
	findings.effect("write");
	if (relation.kind === "foreign_table") findings.effect("execute");
	findings.relation(relation, operation, via);
	if (via.length === 0) parentsNamed(relation, operation, env);
	findings.write({ relation: name, op: options.op ?? operation, ...where });
	const fields = fieldsOf(relation, env);
	if (operation !== "truncate") ownRules(relation, operation, fields, env, options.given);
	const events = movesRows(relation, operation, options.given) ? MOVING : [operation];
	for (const each of events.includes("insert")
		? [relation, ...descendants(relation, env.context.catalog)]
		: [relation])
		fireAll(each, events, env);
	if (relation.viewDefinition !== null && relation.kind === "view")
		throughView(relation, operation, env, options, [...via, name], seen);
	if (rewriteRules(relation, operation, env)) return;
	if (options.only !== true) {
		for (const child of descendants(relation, env.context.catalog))
			reach(child, operation, env, options, [...via, name], seen);
	}
	if (operation === "truncate") return;
	for (const cascade of relation.cascades) {
		const other = cascade.on === operation ? env.context.catalog.relationByOid(cascade.relation) : undefined;
		if (other === undefined) continue;
		// Which columns refer isn't known: any that has a default may get it.
		const given = cascade.defaults ? other.columns.map((column) => `${column.name}=default`) : undefined;
		const how = given === undefined ? { where } : { where, given };
		reach(other, cascade.action, env, how, [...via, name], seen);
	}
}

/** Rows of a child or a partition are its parents' as well. */
export function parentsNamed(relation: Relation, access: string, env: Env): void {
	const via = [qualified(relation.schema, relation.name)];
	for (const parent of ancestors(relation, env.context.catalog)) env.findings.relation(parent, access, via);
}

/** Checks, generated columns, defaults, index expressions, policies: what the relation itself evaluates on a write. */
function ownRules(
	relation: Relation,
	operation: Operation,
	fields: readonly Field[],
	env: Env,
	given: readonly string[] | undefined,
): void {
	const { findings } = env;
	policies(relation, fields, env, findings, operation);
	if (operation === "delete") return;
	columnsCompared(relation, env);
	for (const check of relation.checks)
		ownExpression(checkExpression(check), relation, fields, env, findings, "check");
	for (const text of relation.indexExpressions) ownExpression(text, relation, fields, env, findings, "index");
	for (const parent of ancestors(relation, env.context.catalog)) partitionChecked(parent, env);
	for (const column of relation.columns) {
		const missing = operation === "insert" && given?.includes(column.name) !== true;
		if (missing) assigned(column.typeOid, constantValue(TYPE.unknown), env);
		const taken = missing || (operation !== "insert" && given?.includes(`${column.name}=default`) === true);
		if (taken && column.defaultExpression === null) domainDefault(column.typeOid, env);
		if (column.defaultExpression === null) continue;
		if (column.generated || taken)
			ownExpression(column.defaultExpression, relation, fields, env, findings, "default", column.typeOid);
	}
}

/** A row that goes straight into a partition is held against the bounds: its parents' keys are evaluated. */
function partitionChecked(parent: Relation, env: Env): void {
	if (parent.kind !== "partitioned_table") return;
	keysCompared(parent, env);
	for (const text of parent.indexExpressions)
		ownExpression(text, parent, fieldsOf(parent, env), env, env.findings, "partition key");
}

/** What goes over rows that are there: maintenance, building an index, checking a constraint, writing all of it anew. */
export function goesOver(relation: Relation, env: Env): void {
	for (const each of [relation, ...descendants(relation, env.context.catalog)]) {
		const fields = fieldsOf(each, env);
		const given = each.columns.map(({ name }) => name);
		if (each.kind !== "view") ownRules(each, "update", fields, env, given);
		anyhowCompared(each, env);
		for (const text of each.statisticsExpressions)
			ownExpression(text, each, fields, env, env.findings, "statistics object");
	}
}

/** `CHECK ((amount > 0)) NO INHERIT` as pg_get_constraintdef prints it, or the bare expression. */
const checkExpression = (check: string): string =>
	/^CHECK \((.*)\)(?: NO INHERIT| NOT VALID)*$/s.exec(check)?.[1] ?? check;

const MOVING: readonly Operation[] = ["update", "insert", "delete"];

/** An UPDATE of a partition key takes rows out of one partition and puts them into another. */
function movesRows(relation: Relation, operation: Operation, given: readonly string[] | undefined): boolean {
	if (operation !== "update" || relation.partitionKey.length === 0) return false;
	if (given === undefined || relation.partitionKey.includes(0)) return true;
	return relation.columns.some(
		({ number, name }) =>
			relation.partitionKey.includes(number) &&
			given.some((each) => each === name || each === `${name}=default`),
	);
}

function fireAll(relation: Relation, events: readonly Operation[], env: Env): void {
	for (const trigger of relation.triggers)
		if (trigger.events.some((event) => events.includes(event)))
			fire(trigger, relation, fieldsOf(relation, env), env);
}

/** A trigger's condition and function run. */
function fire(trigger: CatalogTrigger, relation: Relation, fields: readonly Field[], env: Env): void {
	const name = qualified(relation.schema, relation.name);
	const called = env.context.catalog.functionByOid(trigger.functionOid);
	if (trigger.when !== null) condition(trigger, trigger.when, relation, fields, env);
	if (called === undefined)
		env.findings.opaque(`the trigger ${trigger.name} of ${name} runs a function that is not known`);
	else runTrigger(called, { relation, fields }, env);
}

function condition(
	trigger: CatalogTrigger,
	when: string,
	relation: Relation,
	fields: readonly Field[],
	env: Env,
): void {
	const inner = new Findings();
	const origin = `the trigger ${trigger.name} of ${qualified(relation.schema, relation.name)}`;
	const items = ["old", "new"].map((alias) => relationItem(relation, fields, alias));
	const node = expressionText(when, env);
	if (node === undefined) inner.opaque(`${origin} has a condition that can't be read`);
	else predicate(node, catalogEnv(env, inner, { origin, temporary: relation.temporary }, items), "predicate");
	env.findings.absorb(inner, { via: "trigger", columns: "named" });
}

/** A view that the server updates by itself writes to the one table of its FROM; what else it reads it reads. */
function throughView(
	view: Relation,
	operation: Operation,
	env: Env,
	options: Options,
	via: readonly string[],
	seen: Set<string>,
): void {
	readRelation(view, env);
	const select = as(parseOne(view.viewDefinition ?? "", env), "SelectStmt");
	const [from, ...others] = select?.fromClause ?? [];
	const range = as(from, "RangeVar");
	const base =
		range === undefined || others.length > 0
			? undefined
			: env.context.catalog.relation(range.schemaname ?? "pg_catalog", range.relname ?? "");
	if (base !== undefined)
		reach(base, operation, env, options.where === undefined ? {} : { where: options.where }, via, seen);
}

/** A value goes into a column: both are used as `assignment`, and the value's columns flow into storage. */
export function assign(target: Target, column: string, value: Value, env: Env): void {
	const field = target.item.columns.find((candidate) => candidate.name === column);
	env.findings.use(value, "assignment", { stored: true });
	if (value.sources.length > 0 || value.opaque)
		target.assigned.set(column, [...(target.assigned.get(column) ?? []), value]);
	const into = field?.value ?? plain();
	env.findings.use(into, "assignment");
	assigned(into.type, value, env);
}
