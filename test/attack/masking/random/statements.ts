import { QueryWriter } from "./queries.ts";
import { RELATIONS } from "./schema.ts";

/** What a client sends for one seed. */
export interface Statement {
	/** Each a command of its own; all but one only prepare it or tidy up after it. */
	readonly texts: readonly string[];
	/** Values of the only command, which goes by the extended protocol; null for the simple one. */
	readonly extended: { readonly values: readonly string[]; readonly binary: boolean } | null;
	/** The constructs of the grammar that it has, of CONSTRUCTS. */
	readonly uses: ReadonlySet<string>;
}

type Form = (writer: QueryWriter) => readonly string[];

const q = (writer: QueryWriter): string => writer.query(0, []).from;
/** A smaller query, with at least the column k1. */
const small = (writer: QueryWriter): string => writer.query(1, []).from;
const undone = (...texts: readonly string[]): string[] => ["BEGIN", ...texts, "ROLLBACK"];
const value = (writer: QueryWriter): string => `(SELECT min(k1::text) FROM (${small(writer)}) s)`;
const order = (writer: QueryWriter): number => 1 + writer.dice.below(3);

/** Selects of other shapes than a plain one. */
const SELECTS: Readonly<Record<string, Form>> = {
	cte: (writer) => {
		const how = writer.dice.pick(["", "MATERIALIZED ", "NOT MATERIALIZED "]);
		return [`WITH w AS ${how}(${q(writer)}) SELECT ${writer.dice.pick(["*", "w", "to_jsonb(w)"])} FROM w`];
	},
	"recursive cte": (writer) => [
		`WITH RECURSIVE r(n, v) AS (SELECT 1, k1::text FROM (${q(writer)}) s UNION ALL SELECT n + 1, v || n FROM r WHERE n < 3) SELECT n, v FROM r`,
	],
	"union all": (writer) => {
		const query = q(writer);
		return [`(${query}) UNION ALL (${query})`];
	},
	"set operation": (writer) => {
		const how = writer.dice.pick(["UNION", "INTERSECT", "EXCEPT", "EXCEPT ALL", "UNION ALL"]);
		return [`SELECT k1::text FROM (${small(writer)}) a ${how} SELECT k1::text FROM (${small(writer)}) b`];
	},
	"whole row": (writer) => [`SELECT q FROM (${q(writer)}) q`],
	"row to json": (writer) => [
		`SELECT ${writer.dice.pick(["to_jsonb(q), q.*", "row_to_json(q)", "q::text"])} FROM (${q(writer)}) q`,
	],
	"aggregate of rows": (writer) => [
		`SELECT ${writer.dice.pick(["json_agg(q)", "xmlagg(xmlelement(name e, q.k1))", "array_agg(q)", "count(*)"])} FROM (${q(writer)}) q`,
	],
	values: (writer) => [`VALUES (1, ${value(writer)}), (2, 'two')`],
	"array subquery": (writer) => [
		`SELECT ARRAY(${small(writer).replace(/^SELECT (?:DISTINCT )?(.*?) AS k1(, .*)? FROM /, "SELECT ($1)::text FROM ")})`,
	],
	"distinct on": (writer) => [
		`SELECT DISTINCT ON (id) q.* FROM shelf JOIN (${q(writer)}) q ON true ORDER BY id`,
	],
	"named window": (writer) => [
		`SELECT last_value(k1) OVER w, ntile(2) OVER w FROM (${q(writer)}) q WINDOW w AS (PARTITION BY 1 ORDER BY 1)`,
	],
	table: (writer) => [`TABLE ${named(writer)}`],
};

/** Statements that are more than a SELECT. */
const OTHERS: Readonly<Record<string, Form>> = {
	copy: (writer) => [`COPY (${q(writer)}) TO STDOUT${format(writer)}`],
	"copy of a table": (writer) => [`COPY ${table(writer)} TO STDOUT${format(writer)}`],
	explain: (writer) => [`EXPLAIN (${writer.dice.pick(["COSTS OFF", "VERBOSE, COSTS OFF"])}) ${q(writer)}`],
	"explain analyze": (writer) => [
		`EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF${writer.dice.pick(["", ", FORMAT json"])}) ${small(writer)}`,
	],
	cursor: (writer) => {
		const fetch = writer.dice.pick(["FETCH ALL FROM c", "FETCH 2 FROM c", "FETCH ABSOLUTE 2 FROM c"]);
		const scroll = writer.dice.pick(["", "SCROLL "]);
		return undone(`DECLARE c ${scroll}CURSOR FOR ${q(writer)}`, fetch, "MOVE ALL FROM c");
	},
	execute: (writer) => [`PREPARE p AS ${q(writer)}`, "EXECUTE p", "DEALLOCATE ALL"],
	"execute with a parameter": (writer) => {
		const query = `SELECT $1, s.* FROM (${q(writer)}) s WHERE $1 <> 'x'`;
		return [`PREPARE p(text) AS ${query}`, "EXECUTE p('nobody')", "DEALLOCATE ALL"];
	},
	insert: (writer) =>
		undone(
			`INSERT INTO shelf (id, label) SELECT 10 + row_number() OVER (), ${stored(writer)} FROM (${small(writer)}) s RETURNING *`,
		),
	"on conflict": (writer) =>
		undone(
			`INSERT INTO shelf (id, label) VALUES (1, ${stored(writer)}) ON CONFLICT (id) DO UPDATE SET label = ${writer.dice.pick(["excluded.label", "shelf.label || 'x'", value(writer)])} RETURNING id, label`,
		),
	update: (writer) =>
		undone(
			`UPDATE ${writer.dice.pick(["customers SET name = name", "shelf SET label = label", `shelf SET label = ${stored(writer)}`])} WHERE id = ${order(writer)} RETURNING ${writer.dice.pick(["*", value(writer), "id"])}`,
		),
	delete: (writer) =>
		undone(
			`DELETE FROM shelf USING (${small(writer)}) q WHERE shelf.id = ${order(writer)} RETURNING shelf.*, q.*`,
		),
	merge: (writer) =>
		undone(
			`MERGE INTO shelf USING (${small(writer)}) q ON shelf.id = ${order(writer)} AND ${writer.expressions.condition([{ sql: "shelf.label", type: "text", secret: false }], 2)} WHEN MATCHED THEN UPDATE SET label = ${stored(writer)} WHEN NOT MATCHED THEN DO NOTHING`,
			"SELECT * FROM shelf ORDER BY id",
		),
	"modifying cte": (writer) =>
		undone(
			`WITH m AS (UPDATE customers SET name = name WHERE id = ${order(writer)} RETURNING ${writer.dice.pick(["*", "email AS k1", "name"])}), w AS (${small(writer)}) SELECT m.*, w.k1 FROM m, w`,
		),
	sequence: (writer) => ["SELECT nextval('counter')", `SELECT currval('counter'), q.* FROM (${q(writer)}) q`],
	setting: (writer) => [
		`SHOW ${writer.dice.pick(["search_path", "DateStyle", "work_mem"])}`,
		`SELECT current_setting('TimeZone'), q.* FROM (${q(writer)}) q`,
	],
};

/** Everything that a statement may have; what is missing here is missing in the language of these tests. */
export const CONSTRUCTS: readonly string[] = [
	...Object.keys(SELECTS),
	...Object.keys(OTHERS),
	...["aggregate", "any subquery", "array", "array subquery", "case", "cast", "coalesce", "concatenation"],
	...[
		"distinct",
		"distinct aggregate",
		"exists subquery",
		"filtered aggregate",
		"function",
		"function in from",
	],
	...["group by", "in subquery", "inheritance", "join", "json", "json aggregate", "lateral", "limit"],
	...["materialised view", "order by", "ordered aggregate", "ordered-set aggregate", "own aggregate"],
	...[
		"parameter",
		"partition",
		"row",
		"scalar subquery",
		"sql function",
		"subquery in from",
		"table function",
	],
	...["using", "variadic function", "view", "window function", "xml"],
];

const named = (writer: QueryWriter): string => writer.dice.pick(NAMED);
const NAMED = RELATIONS.map(({ from }) => from).filter((from) => /^[\w.]+$/.test(from));
const table = (writer: QueryWriter): string =>
	writer.dice.pick(["customers", "orders", "shelf", "events_2024", "people"]);
/** What is written down: mostly no secret, for the others are denied. */
const stored = (writer: QueryWriter): string =>
	writer.dice.chance(0.7) ? writer.dice.pick(["'new'", "upper('x')", "NULL"]) : value(writer);
const format = (writer: QueryWriter): string =>
	writer.dice.pick(["", " (FORMAT csv, HEADER)", " (FORMAT csv, FORCE_QUOTE *)", " (FORMAT binary)"]);

/** The statement of a seed. */
export function statementOf(seed: number): Statement {
	const writer = new QueryWriter(seed);
	const { dice } = writer;
	const kind = dice.below(10);
	if (kind >= 8) return { texts: formOf(OTHERS, writer), extended: null, uses: writer.used };
	const texts = kind >= 5 ? formOf(SELECTS, writer) : [q(writer)];
	if (dice.chance(0.6)) return { texts, extended: null, uses: writer.used };
	const binary = dice.chance(0.6);
	if (dice.chance(0.7)) return { texts, extended: { values: [], binary }, uses: writer.used };
	writer.uses("parameter");
	const asked = `SELECT q.*, $1::text FROM (${q(writer)}) q WHERE $1 <> 'x'`;
	return { texts: [asked], extended: { values: ["nobody"], binary }, uses: writer.used };
}

function formOf(forms: Readonly<Record<string, Form>>, writer: QueryWriter): readonly string[] {
	const name = writer.dice.pick(Object.keys(forms));
	writer.uses(name);
	return forms[name]?.(writer) ?? [];
}
