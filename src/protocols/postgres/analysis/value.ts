import type { Flow } from "../../../commands/index.ts";
import type { Relation } from "../catalog/model.ts";

/** A column that a value comes from: a table's, or a view's on the way. */
export interface Source {
	readonly relation: Relation;
	readonly column: string;
	/** `direct` while the value is the column's own, however renamed. */
	readonly flow: Flow;
}

/** Relation OID and column number as RowDescription reports them; both 0 for an expression. */
export interface Origin {
	readonly tableOid: number;
	readonly column: number;
}

/** What the analysis knows of an expression. */
export interface Value {
	readonly sources: readonly Source[];
	/** True when something that can't be read had a part in it. */
	readonly opaque: boolean;
	/** OID of its type; 0 where it isn't known, 705 for an untyped literal or parameter. */
	readonly type: number;
	readonly origin: Origin | null;
	/** The fields of a composite value, where they are known. */
	readonly fields: readonly Field[] | null;
	/** True for literals, parameters, and casts of them. */
	readonly constant: boolean;
	/** What a string that is written out says. */
	readonly literal?: string;
	/** Set where a column's values stand in one column with others (UNION): comparing them compares with those. */
	readonly mixed?: true;
	/** Set where it may be as long as one likes: what repeat, lpad and their like make, and whatever holds that. */
	readonly large?: true;
}

export interface Field {
	readonly name: string;
	readonly value: Value;
}

/** OIDs of built-in types that the analysis itself needs. */
export const TYPE = {
	bool: 16,
	bytea: 17,
	int8: 20,
	int4: 23,
	regproc: 24,
	text: 25,
	json: 114,
	xml: 142,
	unknown: 705,
	varchar: 1043,
	date: 1082,
	numeric: 1700,
	bit: 1560,
	record: 2249,
	anyarray: 2277,
	anyelement: 2283,
	void: 2278,
	jsonb: 3802,
	name: 19,
	time: 1083,
	timestamp: 1114,
	timestamptz: 1184,
	timetz: 1266,
} as const;

/** RowDescription's answer for anything that is not a plain column. */
export const EXPRESSION: Origin = { tableOid: 0, column: 0 };

/** A value with no column behind it. */
export function plain(type: number = 0): Value {
	return { sources: [], opaque: false, type, origin: EXPRESSION, fields: null, constant: false };
}

export function constantValue(type: number): Value {
	return { sources: [], opaque: false, type, origin: EXPRESSION, fields: null, constant: true };
}

/** A value computed from others: it has all their columns, none of them directly. */
export function derived(values: readonly Value[], type: number = 0): Value {
	const [first] = values;
	if (first !== undefined && values.length === 1 && computed.has(first.sources))
		return { ...expressionOf(first.sources, first.opaque, type), ...enlarged(values) };
	const sources: Source[] = [];
	const places = new Map<string, number>();
	let opaque = false;
	for (const value of values) {
		opaque ||= value.opaque;
		for (const source of value.sources) {
			const key = `${source.relation.oid}.${source.column}`;
			const place = places.get(key);
			const known = place === undefined ? undefined : sources[place];
			const found = source.flow === "direct" ? { ...source, flow: "derived" as const } : source;
			if (place === undefined || known === undefined) {
				places.set(key, sources.length);
				sources.push(found);
			} else if (tellsMore(found, known)) sources[place] = found;
		}
	}
	computed.add(sources);
	return { ...expressionOf(sources, opaque, type), ...enlarged(values) };
}

/** What is made of a large value is large. */
const enlarged = (values: readonly Value[]): { large?: true } =>
	values.some(({ large }) => large === true) ? { large: true } : {};

/** From what tells the least of a column's values to what tells the most in ways that nobody looked at. */
const TELLING: readonly Flow[] = ["count_only", "direct", "aggregate", "derived"];

/** Of two ways in which a column reaches one value the first says more of it. */
export const tellsMore = (one: Source, other: Source): boolean => telling(one) > telling(other);

/** How much the way tells in which a column reaches a value. */
export const telling = ({ flow }: Source): number => TELLING.indexOf(flow);

/** What an aggregate makes of values in many rows. */
export function aggregated(value: Value): Value {
	const flow = "aggregate" as const;
	return withFlows(value, (source) => (source.flow === "count_only" ? source : { ...source, flow }));
}

/** How many values a column has, or how many different ones: `isPlain` says of which that tells none of them. */
export function counted(value: Value): Value {
	return withFlows(value, (source) => ({ ...source, flow: "count_only" }));
}

/**
 * True for columns as they are. How often something computed is not NULL may tell each of a column's values, one
 * question at a time: `count(nullif(left(email, 1), 'a'))`; so may how many different values there are among others.
 */
export const isPlain = ({ sources, opaque, mixed }: Value): boolean =>
	!opaque && mixed !== true && sources.every(({ flow }) => flow === "direct" || flow === "count_only");

function withFlows(value: Value, change: (source: Source) => Source): Value {
	return { ...expressionOf(value.sources.map(change), value.opaque, value.type), ...enlarged([value]) };
}

function expressionOf(sources: readonly Source[], opaque: boolean, type: number): Value {
	return { sources, opaque, type, origin: EXPRESSION, fields: null, constant: false };
}

/** Lists in which nothing is direct or twice: what is computed of such a value alone has the same. */
const computed = new WeakSet<readonly Source[]>();

/** One column of a set operation: any of the values, so that each stays direct but the origin is lost. */
export function either(left: Value, right: Value): Value {
	const sources = [...left.sources];
	let both = 0;
	const place = new Map(sources.map((source, index) => [`${source.relation.oid}.${source.column}`, index]));
	for (const source of right.sources) {
		const key = `${source.relation.oid}.${source.column}`;
		const index = place.get(key);
		if (index === undefined) {
			place.set(key, sources.length);
			sources.push(source);
		} else {
			both++;
			const known = sources[index];
			if (known !== undefined && tellsMore(source, known)) sources[index] = source;
		}
	}
	const mixed = left.mixed === true || right.mixed === true || both < sources.length;
	const type = left.type === right.type ? left.type : 0;
	return {
		sources,
		opaque: left.opaque || right.opaque,
		type,
		origin: EXPRESSION,
		fields: null,
		constant: false,
		...(mixed ? { mixed } : {}),
		...enlarged([left, right]),
	};
}

/** What `make` gives, made when it is first asked for. */
export function once<T>(make: () => T): () => T {
	let made: { readonly value: T } | undefined;
	return () => {
		made ??= { value: make() };
		return made.value;
	};
}

/** A row made of fields: everything in them, nothing directly. */
export function rowOf(
	fields: readonly Field[],
	type: number = TYPE.record,
	origin: Origin | null = EXPRESSION,
): Value {
	return {
		...derived(
			fields.map((field) => field.value),
			type,
		),
		fields,
		origin,
	};
}
