import type { A_Const, CaseExpr, Node, ParamRef, SubLink, TypeCast } from "libpg-query-18";
import { castTo, coerced, documentMade, unified } from "./casts.ts";
import { isArray, isSimple } from "./coercion.ts";
import { columnReference } from "./columns.ts";
import { compared } from "./comparisons.ts";
import { castComputed, computed } from "./computations.ts";
import { deeper, type Env, innerEnv } from "./environment.ts";
import { functionCall } from "./functions.ts";
import { applied, operation, sortedUsing } from "./operators.ts";
import { projectOrCall } from "./projection.ts";
import { analyseQuery } from "./query.ts";
import { valueList } from "./targets.ts";
import { as, type Body, type Constant, children, constant, type Kind, take, text, texts } from "./tree.ts";
import { constantValue, derived, EXPRESSION, type Field, plain, rowOf, TYPE, type Value } from "./value.ts";
import { windowValue } from "./windows.ts";

type Handlers = { readonly [K in Kind]?: (body: Body<K>, env: Env) => Value };

/** Expressions whose value is made of all their parts, with nothing else to know: kind and type of the result. */
export const COMPUTED: Partial<Record<Kind, number>> = {
	NullTest: TYPE.bool,
	BooleanTest: TYPE.bool,
	XmlExpr: TYPE.xml,
	XmlSerialize: TYPE.text,
	NamedArgExpr: 0,
	List: TYPE.record,
	ResTarget: 0,
	GroupingFunc: TYPE.int4,
	MergeSupportFunc: TYPE.text,
	JsonObjectConstructor: 0,
	JsonArrayConstructor: 0,
	JsonObjectAgg: 0,
	JsonArrayAgg: 0,
	JsonIsPredicate: TYPE.bool,
	JsonParseExpr: TYPE.json,
	JsonScalarExpr: TYPE.json,
	JsonSerializeExpr: 0,
	JsonFuncExpr: 0,
	JsonValueExpr: 0,
	JsonKeyValue: 0,
	JsonArgument: 0,
	JsonBehavior: 0,
	JsonOutput: 0,
	JsonFormat: 0,
	JsonReturning: 0,
	JsonAggConstructor: 0,
	JsonTablePathSpec: 0,
};

const VALUE_FUNCTIONS: Readonly<Record<string, number>> = {
	SVFOP_CURRENT_DATE: TYPE.date,
	SVFOP_CURRENT_TIME: TYPE.timetz,
	SVFOP_CURRENT_TIME_N: TYPE.timetz,
	SVFOP_CURRENT_TIMESTAMP: TYPE.timestamptz,
	SVFOP_CURRENT_TIMESTAMP_N: TYPE.timestamptz,
	SVFOP_LOCALTIME: TYPE.time,
	SVFOP_LOCALTIME_N: TYPE.time,
	SVFOP_LOCALTIMESTAMP: TYPE.timestamp,
	SVFOP_LOCALTIMESTAMP_N: TYPE.timestamp,
};

const CONSTANT_TYPES = {
	string: TYPE.unknown,
	float: TYPE.numeric,
	bit: TYPE.bit,
	integer: TYPE.int4,
	boolean: TYPE.bool,
	null: TYPE.unknown,
} as const;

/** As the server's make_const has it: a whole number that is too large for int4 is written as Float and may be int8. */
function typeOfConstant(value: Constant): number {
	if (value.type !== "float" || !/^(\d[\d_]*|0[xob][0-9a-f_]+)$/i.test(value.value))
		return CONSTANT_TYPES[value.type];
	return BigInt(value.value.replaceAll("_", "")) <= MAX_INT8 ? TYPE.int8 : TYPE.numeric;
}

const MAX_INT8 = 2n ** 63n - 1n;

/** `$1`: of the function whose body this is, of PREPARE, or of the wire. */
function parameter(ref: ParamRef, env: Env): Value {
	const number = ref.number ?? 0;
	if (env.parameters !== null) return env.parameters.numbered(number) ?? constantValue(TYPE.unknown);
	const declared = env.context.scope.parameterTypes?.[number - 1] ?? 0;
	return constantValue(declared === 0 ? TYPE.unknown : declared);
}

export const EXPRESSIONS = {
	ColumnRef: columnReference,
	ParamRef: parameter,
	A_Const: (body: A_Const) => {
		const written = constant(body);
		const value = constantValue(typeOfConstant(written));
		return written.type === "string" ? { ...value, literal: written.value } : value;
	},
	A_ArrayExpr: (body, env) => arrayOf(expressions(body.elements, env), env),
	A_Expr: operation,
	TypeCast: cast,
	CollateClause: (body, env) => ({ ...expression(body.arg, env), origin: EXPRESSION, constant: false }),
	FuncCall: functionCall,
	A_Indirection: (body, env) => indirection(expression(body.arg, env), body.indirection ?? [], env),
	BoolExpr: (body, env) => deciding(env, () => derived(conditions(body.args ?? [], env), TYPE.bool)),
	SubLink: subquery,
	CaseExpr: caseExpression,
	RowExpr: (body, env) => rowOf(rowFields(body.args ?? [], env)),
	CoalesceExpr: (body, env) => deciding(env, () => common(body.args ?? [], env)),
	MinMaxExpr: (body, env) => common(body.args ?? [], env),
	SQLValueFunction: (body) => plain(VALUE_FUNCTIONS[body.op ?? ""] ?? TYPE.name),
	SetToDefault: () => plain(),
	CurrentOfExpr: () => plain(TYPE.bool),
	SortBy: (body, env) => {
		const value = expression(body.node, env);
		sortedUsing(body, value, env);
		return value;
	},
	WindowDef: windowValue,
	TypeName: (body, env) => castTo(body, plain(), env),
	JsonArrayQueryConstructor: (body, env) => queryValues(body.query, env),
	MultiAssignRef: (body, env) => expression(body.source, env),
} satisfies Handlers;

/**
 * What is known of an expression's value; on the way reports the functions, relations and columns that it names.
 * A kind of node that isn't listed here is walked through all the same, and makes the statement opaque.
 */
export function expression(node: Node | undefined, env: Env): Value {
	if (node === undefined) return plain();
	const found = take(node);
	if (found === undefined) return plain();
	const [kind, body] = found;
	if (kind === "A_Const") return EXPRESSIONS.A_Const(body as A_Const); // as many as there may be
	return deeper(env, UNREAD, () => {
		const handler = (EXPRESSIONS as Handlers)[kind] as ((body: unknown, env: Env) => Value) | undefined;
		if (handler !== undefined) return handler(body, env);
		const type = COMPUTED[kind];
		if (type === undefined) env.findings.opaque(`the analysis does not know the expression ${kind}`);
		const parts: Value[] = [];
		for (const child of children(body))
			if (as(child, "A_Const") === undefined) parts.push(expression(child, env));
		partsMade(kind, parts, env);
		const value = derived(parts, type ?? 0);
		return type === undefined ? { ...value, opaque: true } : value;
	});
}

const UNREAD: Value = { ...plain(), opaque: true };

/** Of those whose value is made of all their parts: the types that the server makes the parts be. */
const MADE: Partial<Record<Kind, readonly number[]>> = {
	BooleanTest: [TYPE.bool],
	XmlExpr: [TYPE.xml, TYPE.text, TYPE.int4, TYPE.bool],
	XmlSerialize: [TYPE.xml, TYPE.text],
};

/** Those that fail for no value of their parts. */
const HARMLESS: ReadonlySet<Kind> = new Set([
	"NullTest",
	"NamedArgExpr",
	"List",
	"ResTarget",
	"GroupingFunc",
	"MergeSupportFunc",
	"JsonIsPredicate",
]);

function partsMade(kind: Kind, parts: readonly Value[], env: Env): void {
	if (kind.startsWith("Json")) documentMade(parts, env);
	if (kind === "BooleanTest") for (const part of parts) castComputed(part, TYPE.bool, false, env);
	else if (!HARMLESS.has(kind)) computed(parts, env);
	const types = MADE[kind];
	if (types !== undefined) for (const part of parts) coerced(part, types, env);
}

/** AND, OR and NOT want booleans. */
function conditions(nodes: readonly Node[], env: Env): Value[] {
	const values = expressions(nodes, env);
	for (const value of values) coerced(value, [TYPE.bool], env);
	return values;
}

/** The values of a list of expressions. */
export function expressions(nodes: readonly Node[] | undefined, env: Env): Value[] {
	return (nodes ?? []).map((node) => expression(node, env));
}

/**
 * Parts of which the server leaves out the rest once the first of them decide: where one of them does something, that
 * it was done tells as much as a comparison.
 */
function deciding(env: Env, make: () => Value): Value {
	const before = env.findings.acts;
	const value = make();
	if (env.findings.acts > before) env.findings.use(value, "predicate");
	return value;
}

function cast(body: TypeCast, env: Env): Value {
	return castTo(body.typeName, expression(body.arg, env), env);
}

/** `value[1]`, `value.field`, in a row. */
export function indirection(value: Value, steps: readonly Node[], env: Env): Value {
	let reached = value;
	for (const step of steps) {
		const indices = as(step, "A_Indices");
		if (indices !== undefined) {
			const subscripts = [expression(indices.lidx, env), expression(indices.uidx, env)];
			for (const subscript of subscripts) coerced(subscript, [TYPE.int4, TYPE.text], env);
			computed(subscripts, env);
			reached = derived([reached, ...subscripts]);
			continue;
		}
		const name = text(step);
		const field = reached.fields?.find((candidate) => candidate.name === name);
		if (field === undefined && reached.fields !== null && name !== "") {
			const called = projectOrCall(name, reached, env);
			if (called === undefined) env.findings.opaque(`the field ${name} does not resolve`);
			reached = called ?? derived([reached]);
		} else reached = field?.value ?? derived([reached]);
	}
	return reached;
}

function caseExpression(body: CaseExpr, env: Env): Value {
	const results: Value[] = [];
	const tested = body.arg === undefined ? undefined : expression(body.arg, env);
	const conditions: Value[] = tested === undefined ? [] : [tested];
	for (const arm of body.args ?? []) {
		const when = as(arm, "CaseWhen");
		const condition = expression(when?.expr, env);
		conditions.push(condition);
		if (tested !== undefined) applied(["="], [tested, condition], body.location, env);
		else coerced(condition, [TYPE.bool], env);
		results.push(expression(when?.result, env));
	}
	if (body.defresult !== undefined) results.push(expression(body.defresult, env));
	for (const condition of conditions) env.findings.use(condition, "predicate");
	unified(results, env);
	return { ...derived([...results, ...conditions]), type: commonType(results) };
}

/** An array; that it is one is said only of elements that are no rows. */
function arrayOf(values: readonly Value[], env: Env): Value {
	unified(values, env);
	// Arrays within an array have to be of one size.
	if (!values.every((value) => isSimple(value, env) && !isArray(value, env))) computed(values, env);
	return derived(
		values,
		values.length > 0 && values.every((value) => isSimple(value, env)) ? TYPE.anyarray : 0,
	);
}

/** The fields of `ROW(a, t.*)`, named as the server names them. */
function rowFields(nodes: readonly Node[], env: Env): Field[] {
	return valueList(nodes, env).map((value, index) => ({ name: `f${index + 1}`, value }));
}

function common(nodes: readonly Node[], env: Env): Value {
	const values = expressions(nodes, env);
	unified(values, env);
	compared(values, env);
	return { ...derived(values), type: commonType(values) };
}

/** The type that all share, literals aside; 0 where they differ. */
function commonType(values: readonly Value[]): number {
	const types = new Set(values.map((value) => value.type).filter((type) => type !== TYPE.unknown));
	const [only = TYPE.text] = types;
	return types.size <= 1 ? only : 0;
}

function subquery(body: SubLink, env: Env): Value {
	const tested = body.testexpr === undefined ? undefined : expression(body.testexpr, env);
	const result = analyseQuery(body.subselect, innerEnv(env));
	const values = result.fields.map((field) => field.value);
	if (body.subLinkType === "EXPR_SUBLINK") {
		const [only = plain()] = values;
		return { ...only, origin: EXPRESSION, constant: false, opaque: only.opaque || !result.complete };
	}
	if (body.subLinkType === "ARRAY_SUBLINK") return arrayOf(values, env);
	if (body.subLinkType === "MULTIEXPR_SUBLINK") return rowOf(result.fields);
	for (const value of values) env.findings.use(value, "predicate");
	if (body.subLinkType === "EXISTS_SUBLINK") return derived([], TYPE.bool);
	if (tested !== undefined) {
		env.findings.use(tested, "predicate");
		const row =
			as(body.testexpr, "RowExpr") === undefined ? [tested] : (tested.fields ?? []).map(({ value }) => value);
		const operator = texts(body.operName);
		for (const [index, value] of row.entries())
			applied(
				operator.length === 0 ? ["="] : operator,
				[value, values[index] ?? plain()],
				body.location,
				env,
			);
	}
	return derived(tested === undefined ? values : [tested, ...values], TYPE.bool);
}

function queryValues(query: Node | undefined, env: Env): Value {
	const values = analyseQuery(query, innerEnv(env)).fields.map((field) => field.value);
	documentMade(values, env);
	return derived(values);
}
