import type { TypeName } from "libpg-query-18";
import type { Catalog, CatalogCast, CatalogFunction, CatalogType } from "../catalog/model.ts";
import { boundsCompared } from "./comparisons.ts";
import { castComputed, computed, unifiedComputed } from "./computations.ts";
import { catalogEnv, deeper, type Env } from "./environment.ts";
import { expression } from "./expression.ts";
import { Findings, qualified } from "./findings.ts";
import { runFunction } from "./functions.ts";
import { isUsers, namedType, typeOf } from "./names.ts";
import { predicate } from "./predicate.ts";
import { expressionText } from "./texts.ts";
import { derived, type Field, plain, TYPE, type Value } from "./value.ts";

/** `value::type`: what the cast runs (users' casts, input functions, a domain's checks) and the value's new type. */
export function castTo(typeName: TypeName | undefined, value: Value, env: Env): Value {
	const type = namedType(typeName, env);
	if (type !== undefined) typeUsed(type, [value], env, "cast");
	const oid = typeOf(typeName, env);
	castComputed(value, oid, (typeName?.typmods?.length ?? 0) > 0, env);
	// Whether a domain's check lets a value through tells of it.
	if (type !== undefined && type.checks.length > 0 && oid !== value.type)
		env.findings.use(value, "predicate");
	if (oid !== 0 && oid === value.type) return sameType(typeName, value);
	const fields = type?.kind === "composite" && oid !== 0 ? fieldsOfType(type, value, env) : null;
	const written = value.literal === undefined ? {} : { literal: value.literal };
	const cast = { ...derived([value], oid), ...written, constant: value.constant, fields };
	return value.fields === null ? cast : withoutOrigin(cast);
}

/** A row cast to its own table's type stays what it is, and its columns keep their origin: not known here. */
function withoutOrigin(value: Value): Value {
	const fields = value.fields?.map((field) => ({ ...field, value: { ...field.value, origin: null } }));
	return { ...value, origin: null, fields: fields ?? null };
}

/** The server drops a cast to the type that the value has; one to a length or precision stays if that is another. */
function sameType(typeName: TypeName | undefined, value: Value): Value {
	if ((typeName?.typmods?.length ?? 0) === 0) return value;
	return { ...derived([value], value.type), constant: value.constant, origin: null };
}

/** The fields of a value of a composite type: each has all that the whole has. */
export function fieldsOfType(type: CatalogType, value: Value, env: Env): readonly Field[] | null {
	const relation = env.context.catalog.relationByOid(type.relationOid);
	if (relation === undefined) return null;
	return relation.columns.map((column) => ({ name: column.name, value: derived([value], column.typeOid) }));
}

/** What turning values into this type runs that is not the server's own. */
export function typeUsed(type: CatalogType, values: readonly Value[], env: Env, via: string): void {
	const { catalog } = env.context;
	// To a type of the server's own that is no row only a cast to just that type leads, or to its elements' type.
	const only =
		isUsers(type.oid) || type.kind === "composite" ? undefined : new Set([type.oid, type.elementType]);
	const sources = sourcesOf(values, catalog);
	for (const cast of catalog.userCasts) {
		if (only?.has(cast.target) === false) continue;
		if (cast.target !== type.oid && !sources.has(cast.source)) continue;
		if (!sources.has(cast.source) && !sources.has(0)) continue;
		const called = catalog.functionByOid(cast.functionOid);
		if (called !== undefined) putIn(called, values, env);
	}
	if (isUsers(type.oid)) usersType(type, values, env, via);
}

/** Users' casts that the server may put in by itself, where a function or operator takes values of these types. */
export function implicitCasts(values: readonly Value[], env: Env): void {
	castsOf(values, env, ({ context }) => context === "implicit");
}

/** Values that are made to be of one type (CASE, VALUES, UNION ...): those of others are cast. */
export function unified(values: readonly Value[], env: Env): void {
	unifiedComputed(values, env);
	if (env.context.catalog.userCasts.length === 0) return;
	const [first] = values;
	if (first?.type === 0 || values.some(({ type }) => type !== first?.type)) implicitCasts(values, env);
}

/** A value stands where the server wants one of these types, and makes it so as if it were assigned. */
export function coerced(value: Value, targets: readonly number[], env: Env): void {
	castsOf([value], env, ({ context, target }) => context !== "explicit" && targets.includes(target));
}

/** A value stands where the server makes it of a type that isn't followed here. */
export function coercedAnyhow(value: Value, env: Env): void {
	computed([value], env);
	castsOf([value], env, ({ context }) => context !== "explicit");
}

/** The same in PL/pgSQL, which takes the casts that are for CAST only as well. */
export function castAnyhow(value: Value, env: Env): void {
	castsOf([value], env, () => true);
}

/** What makes a document of values takes the cast to json of those whose type has one. */
export function documentMade(values: readonly Value[], env: Env): void {
	castsOf(values, env, ({ target }) => target === TYPE.json || target === TYPE.jsonb);
}

function castsOf(values: readonly Value[], env: Env, meant: (cast: CatalogCast) => boolean): void {
	const { catalog } = env.context;
	if (catalog.userCasts.length === 0) return;
	const sources = sourcesOf(values, catalog);
	for (const cast of catalog.userCasts) {
		if (!(sources.has(cast.source) || sources.has(0)) || !meant(cast)) continue;
		const called = catalog.functionByOid(cast.functionOid);
		if (called !== undefined) putIn(called, [], env);
	}
}

interface CastsRead {
	readonly findings: Map<string, Findings>;
	/** How many of them are being read, one within another. */
	within: number;
}

/** By analysis: what the functions of casts do that are put in within one another, or where no values are known. */
const castsRead = new WeakMap<Env["context"]["budget"], CastsRead>();

/**
 * A cast's function runs. Within another one it does the same however often it is put in, and while one is being read
 * it is not read again: casts between many types would otherwise be read in every order.
 */
function putIn(called: CatalogFunction, values: readonly Value[], env: Env): void {
	if (env.stack.includes(called.oid)) return;
	const { budget } = env.context;
	const read = castsRead.get(budget) ?? { findings: new Map<string, Findings>(), within: 0 };
	castsRead.set(budget, read);
	const apart = read.within > 0 || values.length === 0;
	const key = [called.oid, ...env.pathInForce].join("\0");
	const known = apart ? read.findings.get(key) : undefined;
	const findings = known ?? new Findings();
	if (known === undefined) {
		if (apart) read.findings.set(key, findings);
		read.within += 1;
		runFunction(called, apart ? [] : values, { ...env, findings }, ["cast"]);
		read.within -= 1;
	}
	env.findings.absorb(findings);
	env.findings.nested.push(...findings.nested.filter((each) => !env.findings.nested.includes(each)));
	if (!apart || (findings.acts === 0 && findings.opaqueReasons.size === 0)) return;
	for (const value of values) {
		env.findings.use(value, "predicate");
		env.findings.use(value, "assignment", { stored: true });
	}
}

/**
 * The types that a cast of these values may start from: their own, a domain's base, an array's elements, a row's
 * fields, and so on within those. 0: not known.
 */
function sourcesOf(values: readonly Value[], catalog: Catalog): ReadonlySet<number> {
	const sources = new Set<number>();
	if (catalog.userCasts.length === 0) return sources;
	const add = (oid: number): void => {
		if (sources.has(oid)) return;
		sources.add(oid);
		const type = oid === 0 ? undefined : catalog.typeByOid(oid);
		if (type !== undefined) for (const part of partsOf(type, catalog)) add(part.oid);
	};
	const addValue = ({ type, fields }: Value): void => {
		// What a row or an array is made of that comes without its parts isn't known.
		add(MADE_OF_ANYTHING.has(type) && fields === null ? 0 : type);
		for (const field of fields ?? []) addValue(field.value);
	};
	values.forEach(addValue);
	return sources;
}

const MADE_OF_ANYTHING: ReadonlySet<number> = new Set([TYPE.record, TYPE.anyarray, TYPE.anyelement]);

function usersType(type: CatalogType, values: readonly Value[], env: Env, via: string): void {
	const { catalog } = env.context;
	const input = isUsers(type.inputFunction) ? catalog.functionByOid(type.inputFunction) : undefined;
	if (input !== undefined) runFunction(input, values, env, [via]);
	for (const check of type.checks) domainCheck(type, check, values, env);
	if (type.kind === "range" || type.kind === "multirange") boundsCompared(type.oid, values, env);
	const parts = partsOf(type, catalog).filter((part) => part.oid !== type.oid);
	deeper(env, undefined, () => {
		for (const part of parts) typeUsed(part, values, env, via);
	});
}

/** The types of which a value of this one is made: of a domain its base, of an array its elements, of a row its fields. */
function partsOf(type: CatalogType, catalog: Catalog): CatalogType[] {
	const fields = type.kind === "composite" ? catalog.relationByOid(type.relationOid)?.columns : undefined;
	const oids = [type.baseType, type.elementType, ...(fields ?? []).map((column) => column.typeOid)];
	return [...new Set(oids)].flatMap((oid) => (oid === 0 ? [] : (catalog.typeByOid(oid) ?? [])));
}

/** What making a row of this kind out of texts or documents runs. */
export function rowMade(row: Value, env: Env): void {
	const { catalog } = env.context;
	const oids = row.fields === null ? [row.type] : row.fields.map((field) => field.value.type);
	for (const oid of new Set(oids)) {
		const type = isUsers(oid) ? catalog.typeByOid(oid) : undefined;
		if (type !== undefined) typeUsed(type, [row], env, "cast");
	}
}

/** A domain's check sees the value as VALUE; what it calls runs with it. */
function domainCheck(type: CatalogType, check: string, values: readonly Value[], env: Env): void {
	const name = qualified(type.schema, type.name);
	const inner = new Findings();
	const value = { ...derived(values, type.baseType), constant: false };
	const item = {
		alias: null,
		schema: null,
		relation: null,
		columns: [{ name: "value", value }],
		complete: true,
		row: () => plain(),
		tableVisible: false,
		columnsVisible: true,
		lateralOnly: false,
	};
	const temporary = type.schema === env.context.scope.temporarySchema;
	const owner = { origin: `a check of the domain ${name}`, temporary };
	const node = expressionText(check, env);
	if (node === undefined) inner.opaque(`a check of the domain ${name} can't be read`);
	else predicate(node, catalogEnv(env, inner, owner, [item]), "predicate");
	env.findings.absorb(inner, { via: `domain ${name}`, columns: "named" });
}

/** A column that is left out gets the default of its type, where that is a domain with one. */
export function domainDefault(typeOid: number, env: Env): void {
	const type = isUsers(typeOid) ? env.context.catalog.typeByOid(typeOid) : undefined;
	if (type?.kind !== "domain") return;
	if (type.defaultExpression === null) return domainDefault(type.baseType, env);
	const name = qualified(type.schema, type.name);
	const inner = new Findings();
	const temporary = type.schema === env.context.scope.temporarySchema;
	const place = catalogEnv(env, inner, { origin: `the default of the domain ${name}`, temporary });
	const node = expressionText(type.defaultExpression, env);
	if (node === undefined) inner.opaque(`the default of the domain ${name} can't be read`);
	else assigned(type.baseType, expression(node, place), place);
	env.findings.absorb(inner, { via: `domain ${name}`, columns: "named" });
}

/** Values that go into columns of these types: assignment casts and domains run. */
export function assigned(typeOid: number, value: Value, env: Env): void {
	castComputed(value, typeOid, false, env);
	const type =
		isUsers(typeOid) || env.context.catalog.userCasts.length > 0
			? env.context.catalog.typeByOid(typeOid)
			: undefined;
	if (type !== undefined) typeUsed(type, [value], env, "cast");
}
