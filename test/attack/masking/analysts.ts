/** What somebody who looks at a shop asks all day, and never about a person: all of it has to be let through. */
const MEASURES = [
	"count(*)",
	"sum(o.amount)",
	"avg(o.amount)",
	"min(o.amount)",
	"max(o.amount)",
	"count(DISTINCT o.customer_id)",
	"round(avg(o.amount), 2)",
	"percentile_cont(0.5) WITHIN GROUP (ORDER BY o.amount)",
	"stddev(o.amount)",
	"sum(o.amount) FILTER (WHERE o.amount > 50)",
	"count(*) FILTER (WHERE o.note LIKE 'note%')",
] as const;
const DIMENSIONS = [
	"c.name",
	"o.customer_id",
	"left(o.note, 4)",
	"o.amount > 50",
	"width_bucket(o.amount, 0, 100, 5)",
	"c.id % 2",
] as const;
const FILTERS = [
	"",
	"WHERE o.amount > 20",
	"WHERE o.note LIKE 'note%'",
	"WHERE o.amount BETWEEN 10 AND 80",
	"WHERE c.name IN ('Ada', 'Bob')",
] as const;
const JOINED = "orders o JOIN customers c ON c.id = o.customer_id";

const grouped = MEASURES.flatMap((measure, at) =>
	DIMENSIONS.flatMap((dimension, turn) => {
		const filter = FILTERS[(at + turn) % FILTERS.length] ?? "";
		const order = ["ORDER BY 2 DESC", "ORDER BY 1", "HAVING count(*) > 1", "LIMIT 10"][(at + turn) % 4] ?? "";
		return [
			`SELECT ${dimension} AS what, ${measure} AS how_much FROM ${JOINED} ${filter} GROUP BY 1 ${order}`,
			`WITH figures AS (SELECT ${dimension} AS what, ${measure} AS how_much FROM ${JOINED} ${filter} GROUP BY 1) SELECT what, how_much, rank() OVER (ORDER BY how_much) FROM figures`,
			`SELECT * FROM (SELECT ${dimension} AS what, ${measure} AS how_much FROM ${JOINED} GROUP BY 1) AS figures ORDER BY how_much LIMIT ${3 + turn}`,
		];
	}),
);

const overTime = ["day", "week", "month", "quarter", "year"].flatMap((unit) => [
	`SELECT date_trunc('${unit}', at) AS since, count(*) FROM events GROUP BY 1 ORDER BY 1`,
	`SELECT date_trunc('${unit}', at) AS since, count(*), lag(count(*)) OVER (ORDER BY date_trunc('${unit}', at)) FROM events GROUP BY 1`,
	`SELECT extract(${unit} FROM at) AS part, count(*) FROM events WHERE at >= '2024-01-01' GROUP BY 1`,
	`SELECT g, count(e.id) FROM generate_series('2024-01-01'::date, '2024-03-01', '1 ${unit === "quarter" ? "month" : unit}') g LEFT JOIN events e ON e.at >= g GROUP BY g`,
]);

const windows = [
	"row_number()",
	"rank()",
	"dense_rank()",
	"sum(o.amount)",
	"avg(o.amount)",
	"lag(o.amount)",
	"first_value(o.amount)",
	"ntile(4)",
].flatMap((one) => [
	`SELECT o.id, ${one} OVER (PARTITION BY o.customer_id ORDER BY o.id) FROM orders o`,
	`SELECT o.id, o.amount, ${one} OVER (ORDER BY o.amount DESC, o.id) FROM orders o ORDER BY 1`,
	`SELECT * FROM (SELECT o.*, ${one} OVER (PARTITION BY o.customer_id ORDER BY o.amount) AS n FROM orders o) ranked WHERE n IS NOT NULL`,
]);

const plain = [
	"SELECT * FROM orders",
	"TABLE shelf",
	"SELECT id, name FROM customers ORDER BY name",
	"SELECT count(*) FROM customers",
	"SELECT id, email FROM customers ORDER BY id LIMIT 5",
	"SELECT * FROM customers WHERE id = 2",
	"SELECT * FROM contacts LIMIT 10",
	"SELECT name, email FROM customers WHERE email = 'somebody@example.com'",
	"SELECT count(email) FROM customers",
	"SELECT count(*) FROM customers WHERE email IS NULL",
	"SELECT count(*) - count(email) AS without_mail FROM customers",
	"SELECT c.name, c.email, sum(o.amount) FROM customers c LEFT JOIN orders o ON o.customer_id = c.id GROUP BY c.id, c.name, c.email",
	"SELECT DISTINCT note FROM orders",
	"SELECT DISTINCT ON (customer_id) * FROM orders ORDER BY customer_id, id DESC",
	"SELECT customer_id FROM orders EXCEPT SELECT id FROM customers",
	"SELECT id FROM customers INTERSECT SELECT customer_id FROM orders",
	"SELECT name FROM customers c WHERE EXISTS (SELECT FROM orders o WHERE o.customer_id = c.id AND o.amount > 80)",
	"SELECT name FROM customers WHERE id IN (SELECT customer_id FROM orders WHERE amount > 80)",
	"SELECT name, (SELECT max(amount) FROM orders o WHERE o.customer_id = c.id) FROM customers c",
	"SELECT c.name, x.* FROM customers c, LATERAL (SELECT id, amount FROM orders o WHERE o.customer_id = c.id ORDER BY amount DESC LIMIT 1) x",
	"SELECT grouping(c.name), c.name, sum(o.amount) FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY ROLLUP (c.name)",
	"SELECT doc ->> 'a', count(*) FROM shelf GROUP BY 1",
	"SELECT id, jsonb_pretty(doc) FROM shelf",
	"SELECT label, number FROM shelf WHERE doc @> '{\"a\": 1}'",
	"SELECT string_agg(name, ', ' ORDER BY name) FROM customers",
	"SELECT json_agg(o) FROM orders o",
	"SELECT to_jsonb(s) FROM shelf s",
	"SELECT corr(amount, id), regr_slope(amount, id) FROM orders",
	"SELECT max(amount) - min(amount) FROM orders",
	"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i, (SELECT count(*) FROM orders WHERE amount > i * 10) FROM n",
	"SELECT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.note ILIKE '%1%'",
	"SELECT CASE WHEN amount < 30 THEN 'low' WHEN amount < 60 THEN 'middle' ELSE 'high' END AS band, count(*) FROM orders GROUP BY 1",
	"EXPLAIN SELECT count(*) FROM orders",
	"EXPLAIN (ANALYZE, BUFFERS) SELECT sum(amount) FROM orders",
	"SHOW server_version",
	"SELECT version(), current_date, now()",
	"SELECT pg_size_pretty(pg_total_relation_size('orders'))",
	"SELECT relname, n_live_tup FROM pg_stat_user_tables",
	"SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'",
	"COPY (SELECT c.name, sum(o.amount) FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY 1) TO STDOUT (FORMAT csv, HEADER)",
	"COPY orders TO STDOUT",
	"COPY (SELECT id, email FROM customers) TO STDOUT (FORMAT csv)",
];

const lookups = Array.from({ length: 60 }, (_, at) => {
	const id = 1 + (at % 9);
	return [
		`SELECT id, amount, note FROM orders WHERE id = ${id}`,
		`SELECT o.id, c.name, o.amount FROM ${JOINED} WHERE o.id <= ${id} ORDER BY o.amount DESC LIMIT ${1 + (at % 5)}`,
		`SELECT name, email FROM customers WHERE id = ${1 + (at % 3)}`,
		`SELECT count(*), avg(amount) FROM orders WHERE amount >= ${id * 10} AND customer_id = ${1 + (at % 3)}`,
	][at % 4] as string;
});

export const ANALYSTS: readonly string[] = [
	...new Set([...grouped, ...overTime, ...windows, ...plain, ...lookups]),
];
