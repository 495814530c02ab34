import type { CatalogFunction, Relation } from "../../catalog/model.ts";
import type { PlpgsqlTree } from "../../grammar/index.ts";
import type { Body } from "../bodies.ts";
import { assigned, castTo } from "../casts.ts";
import type { Env, Parameters } from "../environment.ts";
import type { Findings } from "../findings.ts";
import { relationItem } from "../relations.ts";
import { plpgsqlTree } from "../texts.ts";
import { constantValue, derived, either, type Field, plain, TYPE, type Value } from "../value.ts";
import { headerOf } from "./header.ts";
import { markedRowTypes, unmarked } from "./row-types.ts";
import { declaredType } from "./types.ts";
import { type Datum, Variables } from "./variables.ts";
import { asTree, queryOf, Walk } from "./walk.ts";

/** The relation whose rows a trigger's function is given. */
export interface TriggeredBy {
	readonly relation: Relation;
	readonly fields: readonly Field[];
}

/** Readings of one body; in each a variable's values move on by one assignment at least. */
const MAX_READINGS = 12;

/** A function in PL/pgSQL, called with these values. What it does goes to `findings`. */
export function functionBody(
	called: CatalogFunction,
	body: string,
	values: readonly Value[],
	trigger: TriggeredBy | null,
	env: Env,
	findings: Findings,
): Body {
	const header = headerOf(called, values, env.context.catalog);
	const names = values.map((_, index) => called.argumentNames[index] || `$${index + 1}`);
	const begin = (variables: Variables): void => {
		for (const [index, value] of values.entries()) variables.declare(names[index] ?? "", value);
		// Their types aren't in the catalog's picture.
		for (const name of called.outputNames) variables.declare(name, plain());
		if (trigger === null) return;
		for (const name of ["new", "old"])
			variables.declare(name, relationItem(trigger.relation, trigger.fields, name).row());
	};
	// OUT parameters have numbers as well, and their places aren't known.
	const numbered = called.outputNames.length === 0 ? names.map((name) => [name]) : null;
	const every = [...names, ...called.outputNames];
	const given = {
		begin,
		numbered: (number: number) => numbered?.[number - 1] ?? every,
		trigger: trigger !== null,
	};
	const read = readBody(body, header, given, env);
	if (typeof read === "string") return read;
	findings.absorb(read.findings, { via: (env.origin ?? "").slice("the ".length) });
	findings.nested.push(...read.nested);
	if (read.unread) {
		for (const value of values) findings.use(value, "assignment", { stored: true });
		return [...read.returned.flat(), { name: "", value: { ...plain(), opaque: true } }];
	}
	const returned = read.returned.flatMap((fields) => fields.map(({ value }) => value));
	for (const value of returned) {
		assigned(called.returnType, value, { ...env, findings });
		if (trigger !== null) findings.use(value, "assignment", { stored: true });
	}
	return together(read.returned);
}

/** DO's code. Gives why it can't be read, or null. */
export function doBody(body: string, env: Env): string | null {
	const inner: Env = { ...env, context: { ...env.context, text: null }, origin: "the DO block" };
	const read = readBody(body, "DO", { begin: () => {}, numbered: () => [], trigger: false }, inner);
	if (typeof read === "string") return read;
	env.findings.absorb(read.findings);
	env.findings.nested.push(...read.nested);
	return null;
}

interface Given {
	readonly begin: (variables: Variables) => void;
	/** The names of the variables that `$1` may stand for. */
	readonly numbered: (number: number) => readonly string[];
	readonly trigger: boolean;
}

function readBody(body: string, header: string, given: Given, env: Env): Walk | string {
	const parsed = treeOf(body, header, env);
	if (parsed === undefined) return "its body can't be parsed";
	const { tree, types } = parsed;
	const datums = (Array.isArray(tree["datums"]) ? tree["datums"] : []).map(datumOf);
	const variables = new Variables(datums);
	given.begin(variables);
	declare(datums, tree, variables, types, env);
	const parameters: Parameters = {
		numbered: (number) =>
			derivedOrOnly(given.numbered(number).map((name) => variables.value(name) ?? plain())),
		named: (names) => variables.named(names),
		conflicting: true,
	};
	const place: Env = { ...env, parameters };
	for (let reading = 0; reading < MAX_READINGS; reading++) {
		const before = variables.growth;
		const walk = new Walk(place, variables, given.trigger);
		initialise(datums, walk, variables, types, place);
		walk.statements(tree["action"]);
		if (variables.growth === before) return walk;
	}
	return "its variables depend on one another further than the analysis follows";
}

const derivedOrOnly = (values: readonly Value[]): Value =>
	values.length === 1 ? (values[0] ?? plain()) : derived(values);

const datumOf = (node: unknown): Datum => {
	const [[kind, body] = ["", {}]] = Object.entries(asTree(node));
	return { kind, body: asTree(body) };
};

/** The body's tree; row types that the parser doesn't know as such under a name of their own. */
function treeOf(
	body: string,
	header: string,
	env: Env,
): { tree: Readonly<Record<string, unknown>>; types: ReadonlyMap<string, string> } | undefined {
	const plainly = single(plpgsqlTree(body, header, env));
	if (plainly !== undefined) return { tree: plainly, types: new Map() };
	const marked = markedRowTypes(body);
	if (marked === undefined) return undefined;
	const tree = single(plpgsqlTree(marked.body, header, env));
	return tree !== undefined && unmarked(tree, marked.types) ? { tree, types: marked.types } : undefined;
}

const single = (trees: PlpgsqlTree | null): Readonly<Record<string, unknown>> | undefined =>
	trees?.length === 1 ? trees[0]?.PLpgSQL_function : undefined;

function declare(
	datums: readonly Datum[],
	tree: Readonly<Record<string, unknown>>,
	variables: Variables,
	types: ReadonlyMap<string, string>,
	env: Env,
): void {
	for (const { kind, body } of datums) {
		const name = body["refname"];
		if (typeof name !== "string" || (kind !== "PLpgSQL_var" && kind !== "PLpgSQL_rec")) continue;
		if (variables.value(name) !== undefined && body["lineno"] === undefined) continue; // a parameter
		const declared = declaredType(body, types, env);
		variables.declare(name, ERRORS.has(name) ? { ...plain(), opaque: true } : declared.value);
	}
	for (const alias of Array.isArray(tree["aliases"]) ? tree["aliases"] : []) {
		const { name, varno } = asTree(asTree(alias)["PLpgSQL_alias"]);
		for (const place of variables.places(varno ?? 0)) {
			if (typeof name === "string") variables.alias(name, place.name);
		}
	}
}

/** What an error says may be any value. */
const ERRORS = new Set(["sqlerrm", "sqlstate"]);

/** Defaults are evaluated, cursors' queries run, and types' checks with each value. */
function initialise(
	datums: readonly Datum[],
	walk: Walk,
	variables: Variables,
	types: ReadonlyMap<string, string>,
	env: Env,
): void {
	for (const { body } of datums) {
		const name = body["refname"];
		if (typeof name !== "string") continue;
		const { typeName } = declaredType(body, types, env);
		const given = body["default_val"] === undefined ? null : walk.value(body["default_val"]);
		if (typeName != null)
			castTo(typeName, given ?? constantValue(TYPE.unknown), { ...env, findings: walk.findings });
		else if (typeName === null)
			walk.findings.opaque(`${env.origin} declares ${name} of a type that can't be read`);
		if (given !== null) variables.add({ name, field: null }, given);
		const query = queryOf(body["cursor_explicit_expr"]);
		if (query !== "") variables.addRow({ name, field: null }, walk.run(query, true));
	}
}

/** Every RETURN's columns in one list, where they are of one length; else each of them. */
function together(returned: readonly (readonly Field[])[]): Body {
	const [first = [], ...others] = returned;
	if (!others.every((fields) => fields.length === first.length)) return returned.flat();
	return first.map((field, index) => ({
		name: field.name,
		value: others.reduce((value, fields) => either(value, fields[index]?.value ?? plain()), field.value),
	}));
}
