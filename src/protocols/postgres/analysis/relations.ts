import type { Catalog, Relation } from "../catalog/model.ts";
import { MAX_NODES } from "./budget.ts";
import { assigned } from "./casts.ts";
import { keysCompared } from "./comparisons.ts";
import { catalogEnv, type Env, type RangeItem } from "./environment.ts";
import { expression } from "./expression.ts";
import { Findings, qualified } from "./findings.ts";
import { predicate } from "./predicate.ts";
import { analyseQuery } from "./query.ts";
import { expressionText, parseOne } from "./texts.ts";
import { derived, type Field, once, plain, rowOf, type Source, TYPE, type Value } from "./value.ts";

/** What reading a relation means, whoever reads it: its columns, and what is reached on the way. */
interface Shape {
	readonly fields: readonly Field[];
	/** Base tables of a view, children of a parent, what row-security policies call. */
	readonly reached: Findings;
	/** The same without the children: for ONLY. */
	readonly itself: Findings;
}

/** By relation and the search path in force, on which it depends what the functions of a view's query read. */
const shapes = new WeakMap<Catalog, Map<string, Shape>>();

/** Search paths come from clients: what is kept by them is bounded. */
const MAX_SHAPES = 50_000;

/** The range-table item for a relation that is read; says in the findings what that reaches. */
export function readRelation(
	relation: Relation,
	env: Env,
	options: { alias?: string; only?: boolean; access?: string } = {},
): RangeItem {
	const shape = shapeOf(relation, env);
	env.findings.relation(relation, options.access ?? "select");
	env.findings.absorb(options.only === true ? shape.itself : shape.reached, { columns: "named" });
	return relationItem(relation, shape.fields, options.alias);
}

/** The item alone, for a relation whose access is reported elsewhere (the target of DML). */
export function relationItem(
	relation: Relation,
	fields: readonly Field[],
	alias: string | undefined,
): RangeItem {
	return {
		alias: alias ?? relation.name,
		schema: alias === undefined ? relation.schema : null,
		relation,
		columns: fields,
		complete: true,
		row: once(() => rowOf(fields, 0, { tableOid: relation.oid, column: 0 })),
		tableVisible: true,
		columnsVisible: true,
		lateralOnly: false,
	};
}

/** The columns of a relation with what is behind each of them. */
export function fieldsOf(relation: Relation, env: Env): readonly Field[] {
	return shapeOf(relation, env).fields;
}

function shapeOf(relation: Relation, env: Env): Shape {
	const { catalog } = env.context;
	let known = shapes.get(catalog);
	if (known === undefined) {
		known = new Map();
		shapes.set(catalog, known);
	}
	const key = `${relation.oid} ${env.pathInForce.join("\u0000")}`;
	let shape = known.get(key);
	if (shape === undefined) {
		const budget = { ...env.context.budget, left: MAX_NODES, cut: false };
		shape = makeShape(relation, { ...env, context: { ...env.context, budget } });
		env.context.budget.cut ||= budget.cut;
		if (budget.clock.late) return shape; // a part of it
		if (known.size >= MAX_SHAPES) known.clear();
		known.set(key, shape);
	}
	return shape;
}

function makeShape(relation: Relation, env: Env): Shape {
	const itself = new Findings();
	if (relation.kind === "foreign_table") itself.effect("execute");
	const fields = columnsOf(relation, env, itself);
	policies(relation, fields, env, itself, "select");
	keysCompared(relation, { ...env, findings: itself });
	const via = [qualified(relation.schema, relation.name)];
	for (const parent of ancestors(relation, env.context.catalog)) itself.relation(parent, "select", via);
	const children = descendants(relation, env.context.catalog);
	if (children.length === 0) return { fields, reached: itself, itself };
	const reached = new Findings();
	reached.absorb(itself);
	for (const child of children) {
		if (child.kind === "foreign_table") reached.effect("execute");
		reached.relation(child, "select", via);
		keysCompared(child, { ...env, findings: reached });
	}
	return { fields, reached, itself };
}

function columnsOf(relation: Relation, env: Env, findings: Findings): readonly Field[] {
	const relatives = [
		...ancestors(relation, env.context.catalog),
		...descendants(relation, env.context.catalog),
	].map((relative) => ({ relation: relative, names: columnNames(relative) }));
	const behind =
		relation.viewDefinition === null
			? undefined
			: definition(relation, env, relation.kind === "view" ? findings : new Findings());
	const fields = relation.columns.map((column, index): Field => {
		const sources: Source[] = [{ relation, column: column.name, flow: "direct" }];
		for (const relative of relatives) {
			if (relative.names.has(column.name))
				sources.push({ relation: relative.relation, column: column.name, flow: "direct" });
		}
		const inner = behind?.[index]?.value;
		const value: Value = {
			...plain(column.typeOid),
			sources: inner === undefined ? sources : [...sources, ...inner.sources],
			opaque: (inner?.opaque ?? false) || isSample(relation, column.name),
			origin: { tableOid: relation.oid, column: column.number },
			...(inner?.mixed === true ? { mixed: true } : {}),
		};
		return { name: column.name, value: withFields(value, env.context.catalog) };
	});
	return relation.columns.some((column) => column.generated)
		? fields.map((field, index) => generatedField(field, relation, index, fields, env))
		: fields;
}

const names = new WeakMap<Relation, ReadonlySet<string>>();

/** There may be thousands of partitions, and each is asked for each column. */
function columnNames(relation: Relation): ReadonlySet<string> {
	let known = names.get(relation);
	if (known === undefined) {
		known = new Set(relation.columns.map(({ name }) => name));
		names.set(relation, known);
	}
	return known;
}

/** A column in which the server keeps pieces of other relations' values. */
function isSample(relation: Relation, column: string): boolean {
	if (relation.schema === "pg_toast") return column === "chunk_data";
	return relation.schema === "pg_catalog" && SAMPLES.test(`${relation.name}.${column}`);
}

const SAMPLES =
	/^pg_(statistic\.stavalues|statistic_ext_data\.stxd|largeobject\.data$|attribute\.attmissingval$)/;

/** A generated column has what its expression is made of. */
function generatedField(
	field: Field,
	relation: Relation,
	index: number,
	fields: readonly Field[],
	env: Env,
): Field {
	const column = relation.columns[index];
	if (column?.generated !== true || column.defaultExpression === null) return field;
	const inner = new Findings();
	const owner = { origin: `the column ${column.name}`, temporary: relation.temporary };
	const node = expressionText(column.defaultExpression, env);
	const made = expression(node, catalogEnv(env, inner, owner, [relationItem(relation, fields, undefined)]));
	const { sources, opaque } = derived([made]);
	const unread = node === undefined || opaque || inner.opaqueReasons.size > 0;
	const value = { ...field.value, sources: [...field.value.sources, ...sources], opaque: unread };
	return { name: field.name, value: withFields(value, env.context.catalog) };
}

/** The fields of a column whose type is a composite one: each carries the column, derived. */
function withFields(value: Value, catalog: Catalog): Value {
	const type = catalog.typeByOid(value.type);
	const behind = type?.kind === "composite" ? catalog.relationByOid(type.relationOid) : undefined;
	const fields = behind?.columns.map(({ name, typeOid }) => ({ name, value: derived([value], typeOid) }));
	return { ...value, fields: fields ?? null };
}

/** What running a view's query reaches. */
export function definitionReads(relation: Relation, env: Env): Findings {
	const findings = new Findings();
	if (relation.viewDefinition !== null) definition(relation, env, findings);
	return findings;
}

/** The columns of a view's or materialised view's query; what it reaches goes to the findings. */
function definition(relation: Relation, env: Env, findings: Findings): readonly Field[] | undefined {
	const name = qualified(relation.schema, relation.name);
	const inner = new Findings();
	const place = catalogEnv(env, inner, {
		origin: `the definition of ${name}`,
		temporary: relation.temporary,
	});
	const statement = parseOne(relation.viewDefinition ?? "", env);
	let fields: readonly Field[] | undefined;
	if (statement === undefined || env.stack.includes(relation.oid)) {
		inner.opaque(`the definition of the view ${name} can't be read`);
	} else {
		const result = analyseQuery(statement, { ...place, stack: [...env.stack, relation.oid] });
		if (result.complete && result.fields.length === relation.columns.length) fields = result.fields;
		else inner.opaque(`the columns of the view ${name} can't be told from its definition`);
	}
	findings.absorb(inner, { via: name });
	if (fields !== undefined) return fields;
	return relation.columns.map((column) => ({
		name: column.name,
		value: { ...plain(column.typeOid), opaque: true },
	}));
}

/**
 * Row security: what its expressions call and read. The policies are their owner's, so columns are only named. Those
 * that lead back to their own relation the server refuses (42P17), but to whom they don't apply.
 */
export function policies(
	relation: Relation,
	fields: readonly Field[],
	env: Env,
	findings: Findings,
	command: string,
): void {
	if (env.stack.includes(relation.oid) && relation.policies.length > 0) {
		findings.opaque(`the policies of ${qualified(relation.schema, relation.name)} lead back to it`);
		return;
	}
	const within = { ...env, stack: [...env.stack, relation.oid] };
	for (const policy of relation.policies) {
		if (policy.command !== command && policy.command !== "all" && policy.command !== "*") continue;
		for (const text of command === "select" || command === "delete"
			? [policy.using]
			: [policy.using, policy.check]) {
			if (text !== null) ownExpression(text, relation, fields, within, findings, "policy");
		}
	}
}

/**
 * An expression that belongs to a relation (policy, check, index, default): what it calls and reads. `typeOid` is the
 * type of which its value is made.
 */
export function ownExpression(
	text: string,
	relation: Relation,
	fields: readonly Field[],
	env: Env,
	findings: Findings,
	what: string,
	typeOid: number = TYPE.bool,
): void {
	const inner = new Findings();
	const name = qualified(relation.schema, relation.name);
	const owner = { origin: `a ${what} of ${name}`, temporary: relation.temporary };
	const place = catalogEnv(env, inner, owner, [relationItem(relation, fields, undefined)]);
	const node = expressionText(text, env);
	if (node === undefined) inner.opaque(`a ${what} of ${name} can't be read`);
	else {
		predicate(node, place, "predicate");
		if (typeOid !== TYPE.bool && env.context.catalog.userCasts.length > 0)
			assigned(typeOid, expression(node, place), place);
	}
	findings.absorb(inner, { via: what, columns: "named" });
}

export function descendants(relation: Relation, catalog: Catalog): Relation[] {
	return related(relation, catalog, (each) => each.children);
}

export function ancestors(relation: Relation, catalog: Catalog): Relation[] {
	return related(relation, catalog, (each) => each.parents);
}

function related(
	relation: Relation,
	catalog: Catalog,
	next: (relation: Relation) => readonly number[],
): Relation[] {
	const found = new Map<number, Relation>();
	const waiting = [...next(relation)];
	for (let oid = waiting.pop(); oid !== undefined; oid = waiting.pop()) {
		const relative = found.has(oid) || oid === relation.oid ? undefined : catalog.relationByOid(oid);
		if (relative === undefined) continue;
		found.set(oid, relative);
		waiting.push(...next(relative));
	}
	return [...found.values()];
}
