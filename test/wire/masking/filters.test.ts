import assert from "node:assert/strict";
import { after, before, describe as suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { readEvents } from "../../../src/recording/index.ts";
import { errorOf, outline, rows, type WireClient } from "../../support/wire-client.ts";
import { bind, describe, execute, parse, query, SYNC } from "../../support/wire-messages.ts";
import { type Pair, policyOf, startPair } from "../../support/wire-pair.ts";

const SCHEMA = `
	CREATE TABLE orders (id int PRIMARY KEY, region text, amount int, note text DEFAULT 'n');
	INSERT INTO orders VALUES (1, 'eu', 10), (2, 'us', 20), (3, 'eu', 30), (4, NULL, 40);
	CREATE TABLE lines (order_id int, item text);
	INSERT INTO lines VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd');
	CREATE VIEW big AS SELECT id AS number, region, amount FROM orders WHERE amount > 5;
	CREATE VIEW bigger AS SELECT b.number, l.item FROM big b JOIN lines l ON l.order_id = b.number;
	CREATE TABLE logs (at date NOT NULL, region text, what text) PARTITION BY RANGE (at);
	CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
	CREATE TABLE logs_2 PARTITION OF logs DEFAULT;
	INSERT INTO logs VALUES ('2024-02-02', 'eu', 'x'), ('2024-03-03', 'us', 'y'), ('2026-01-01', 'eu', 'z');
	CREATE TABLE whole (id int, region text) PARTITION BY LIST (region);
	CREATE TABLE whole_eu PARTITION OF whole FOR VALUES IN ('eu');
	INSERT INTO whole VALUES (1, 'eu');
	CREATE FUNCTION counted() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM orders';
	CREATE FUNCTION plus(a int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a + 1';
	CREATE MATERIALIZED VIEW kept AS SELECT id FROM orders;
	CREATE VIEW over_kept AS SELECT id FROM kept;
	CREATE MATERIALIZED VIEW kept_twice AS SELECT id FROM over_kept;
	CREATE MATERIALIZED VIEW kept_by_view AS SELECT number FROM big;
	CREATE MATERIALIZED VIEW kept_by_function AS SELECT counted() AS n;
	CREATE MATERIALIZED VIEW kept_lines AS SELECT item FROM lines;
`;
const POLICY = `
	allow contains {"rule": "all"}
	filter contains {"rule": "eu", "relation": "public.orders", "predicate": "region = 'eu'"}
	filter contains {"rule": "logs", "relation": "public.logs", "predicate": "logs.region IN ('eu')"}
	filter contains {"rule": "part", "relation": "public.whole_eu", "predicate": "id > 0"}
	mask contains {"rule": "amounts", "columns": ["public.orders.amount"], "transform": "null", "permit": ["predicate"]}
`;

/** Events of the record that are commands with this text, once there are any. */
async function recorded(directory: string, text: string): Promise<Readonly<Record<string, unknown>>[]> {
	for (let tries = 0; tries < 200; tries++) {
		const found: Readonly<Record<string, unknown>>[] = [];
		for await (const { type, fields } of readEvents(directory))
			if (type === "command" && fields["text"] === text) found.push(fields);
		if (found.length > 0) return found;
		await sleep(20);
	}
	return [];
}

/** Each with its rows, every value as text. */
const READS: readonly (readonly [sql: string, rows: string])[] = [
	["SELECT id FROM orders ORDER BY id", "1 3"],
	["TABLE orders ORDER BY id", "1,eu,-,n 3,eu,-,n"],
	["SELECT public.orders.id FROM public.orders ORDER BY public.orders.id", "1 3"],
	["SELECT o.* FROM orders AS o (a, b) ORDER BY o.a", "1,eu,-,n 3,eu,-,n"],
	["SELECT count(*) FROM orders", "2"],
	["SELECT count(*) FROM ONLY orders o", "2"],
	["SELECT l.item FROM lines l LEFT JOIN orders o ON o.id = l.order_id WHERE o.id IS NULL ORDER BY 1", "b d"],
	["SELECT item FROM lines WHERE EXISTS (SELECT FROM orders WHERE id = order_id) ORDER BY 1", "a c"],
	["SELECT item, (SELECT region FROM orders WHERE id = order_id) FROM lines ORDER BY 1", "a,eu b,- c,eu d,-"],
	[
		"WITH w AS (SELECT id FROM orders), v AS MATERIALIZED (SELECT id FROM w) SELECT * FROM v ORDER BY 1",
		"1 3",
	],
	[
		"WITH RECURSIVE r(n) AS (SELECT min(id) FROM orders UNION ALL SELECT n + 1 FROM r WHERE n < (SELECT max(id) FROM orders)) SELECT count(*) FROM r",
		"3",
	],
	["SELECT id FROM orders UNION SELECT id FROM orders ORDER BY 1", "1 3"],
	["SELECT item FROM kept_lines ORDER BY 1", "a b c d"],
	["SELECT number FROM big ORDER BY 1", "1 3"],
	["SELECT item FROM bigger ORDER BY 1", "a c"],
	["SELECT b.item FROM bigger b, LATERAL (SELECT * FROM orders o WHERE o.id = b.number) x ORDER BY 1", "a c"],
	["SELECT what FROM logs ORDER BY 1", "x z"],
	["SELECT what FROM logs_1", "x"],
	["SELECT id FROM orders TABLESAMPLE bernoulli (100) ORDER BY 1", "1 3"],
	["SELECT id FROM orders ORDER BY id FOR UPDATE", "1 3"],
	["SELECT o.id FROM orders o ORDER BY id FOR SHARE OF o", "1 3"],
	["SELECT plus(id) FROM orders ORDER BY 1", "2 4"],
	["SELECT (SELECT count(*) FROM whole_eu)", "1"],
	["SELECT item FROM lines WHERE item = 'b'", "b"],
	["SELECT 'FROM orders; -- x' || E'\\n' || id FROM orders WHERE id = 1", "FROM orders; -- x\n1"],
];

/** Each is denied: whatever it would do, it can't be filtered. */
const DENIED: readonly string[] = [
	"SELECT counted()",
	"SELECT id, counted() FROM orders",
	"SELECT * FROM whole",
	"TRUNCATE orders",
	"SELECT ctid FROM orders",
	"CREATE VIEW mine AS SELECT * FROM orders",
	"CREATE MATERIALIZED VIEW mine AS SELECT * FROM orders",
	"REFRESH MATERIALIZED VIEW kept",
	"SELECT count(*) FROM kept",
	"SELECT count(*) FROM over_kept",
	"SELECT item FROM lines WHERE EXISTS (SELECT FROM kept_twice)",
	"WITH k AS (TABLE kept_by_view) SELECT o.id FROM orders o, k",
	"COPY kept_by_function TO STDOUT",
	"UPDATE lines SET item = 'x' WHERE order_id IN (SELECT id FROM kept)",
	"MERGE INTO orders o USING lines l ON l.order_id = o.id WHEN MATCHED THEN DO NOTHING",
	"WITH orders AS (SELECT * FROM orders) SELECT * FROM orders",
	"DO 'BEGIN PERFORM count(*) FROM orders; END'",
	"UPDATE orders SET note = counted()::text",
	"ALTER TABLE orders ADD COLUMN x int",
];

suite("row filters", () => {
	let pair: Pair;
	let client: WireClient;

	before(async () => {
		pair = await startPair({ schema: SCHEMA, policy: policyOf(POLICY) });
		client = await pair.through();
	});
	after(async () => {
		client.close();
		await pair.stop();
	});
	const shown = (answer: Parameters<typeof rows>[0]): string =>
		rows(answer)
			.map((row) => row.map((value) => value ?? "-").join(","))
			.join(" ");

	for (const [sql, expected] of READS) {
		test(sql, async () => {
			const simple = await client.ask([query(sql)]);
			assert.equal(shown(simple), expected, outline(simple, true));
			const extended = await client.ask([parse(sql), bind(), describe.portal(), execute(), SYNC]);
			assert.equal(shown(extended), expected, outline(extended, true));
		});
	}

	for (const sql of DENIED) {
		test(`denied: ${sql}`, async () => {
			for (const messages of [[query(sql)], [parse(sql), bind(), execute(), SYNC]]) {
				const answer = await client.ask(messages);
				assert.equal(errorOf(answer).get("C"), "42501", outline(answer, true));
			}
		});
	}

	for (const [sql, expected] of [
		["UPDATE orders SET note = 'u' RETURNING id", "1 3"],
		["UPDATE orders AS o SET note = 'u' FROM lines l WHERE l.order_id = o.id RETURNING o.id", "1 3"],
		["DELETE FROM orders RETURNING id", "1 3"],
		[
			"DELETE FROM orders o USING lines l WHERE l.order_id = o.id AND l.item IN ('a', 'b') RETURNING o.id",
			"1",
		],
		[
			"INSERT INTO orders (id, region) VALUES (2, 'x') ON CONFLICT (id) DO UPDATE SET note = 'c' RETURNING id",
			"",
		],
		[
			"INSERT INTO orders (id, region) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET note = 'c' RETURNING id",
			"1",
		],
		["INSERT INTO lines SELECT id, 'new' FROM orders RETURNING order_id", "1 3"],
		["WITH gone AS (DELETE FROM orders RETURNING id) SELECT * FROM gone ORDER BY 1", "1 3"],
		["MERGE INTO lines l USING orders o ON l.order_id = o.id WHEN MATCHED THEN DELETE", ""],
	] as const) {
		test(sql, async () => {
			if (client.ended) client = await pair.through();
			await client.ask([query("ROLLBACK; BEGIN")]);
			const answer = await client.ask([query(sql)]);
			assert.equal(shown(answer), expected, outline(answer, true));
			const left = shown(await client.ask([query("SELECT count(*) FROM lines")]));
			if (sql.startsWith("MERGE")) assert.equal(left, "2");
			assert.equal(outline(await client.ask([query("ROLLBACK")])), "C(ROLLBACK) ZI");
		});
	}

	test("a whole row comes as a record, and only where its type is not promised", async () => {
		const sql = "SELECT orders FROM orders ORDER BY id LIMIT 1";
		assert.equal(outline(await client.ask([query(sql)])), "T D C(SELECT 1) ZI");
		const promised = await client.ask([parse(sql), bind(), execute(), SYNC]);
		assert.equal(errorOf(promised).get("C"), "0A000");
	});

	test("WHERE CURRENT OF a cursor is denied: no condition can stand beside it", async () => {
		await client.ask([query("BEGIN")]);
		await client.ask([query("DECLARE k CURSOR FOR SELECT item FROM lines")]);
		const answer = await client.ask([query("UPDATE orders SET note = 'x' WHERE CURRENT OF k")]);
		assert.equal(errorOf(answer).get("C"), "42501");
		await client.ask([query("ROLLBACK")]);
	});

	test("COPY, of the table and of a query", async () => {
		for (const sql of [
			"COPY orders (id, region) TO STDOUT",
			"COPY (SELECT id, region FROM orders) TO STDOUT",
		]) {
			const answer = await client.ask([query(sql)]);
			const data = answer.filter(({ type }) => type === "d").map(({ bytes }) => bytes.subarray(5).toString());
			assert.deepEqual(data.sort(), ["1\teu\n", "3\teu\n"], outline(answer, true));
		}
		const all = await client.ask([query("COPY orders TO STDOUT (FORMAT csv)")]);
		const data = all.filter(({ type }) => type === "d").map(({ bytes }) => bytes.subarray(5).toString());
		assert.deepEqual(data.sort(), ["1,eu,,n\n", "3,eu,,n\n"]);
	});

	test("EXPLAIN shows the condition; with ANALYZE it would count the rows that are filtered out", async () => {
		assert.match(shown(await client.ask([query("EXPLAIN (COSTS OFF) SELECT id FROM orders")])), /eu/);
		const answer = await client.ask([
			query("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT id FROM orders"),
		]);
		assert.match(errorOf(answer).get("M") ?? "", /ANALYZE counts/);
	});

	test("a statement is prepared once, and each of its executions is filtered", async () => {
		await client.ask([parse("SELECT id FROM orders WHERE amount > $1::int", "s"), SYNC]);
		for (const [low, expected] of [
			["0", "1 3"],
			["20", "3"],
			["0", "1 3"],
		] as const)
			assert.equal(shown(await client.ask([bind("s", "", [low]), execute(), SYNC])), expected);
	});

	test("cursors and statements of SQL's own, under the filters that they were made with", async () => {
		await client.ask([query("BEGIN")]);
		await client.ask([query("DECLARE k CURSOR FOR SELECT id FROM orders ORDER BY id")]);
		assert.equal(shown(await client.ask([query("FETCH ALL FROM k")])), "1 3");
		await client.ask([query("COMMIT")]);
		await client.ask([query("PREPARE p (int) AS SELECT id FROM orders WHERE id > $1")]);
		assert.equal(shown(await client.ask([query("EXECUTE p(1)")])), "3");
	});

	test("the record has both texts", async () => {
		const mark = "SELECT id FROM orders WHERE id <> 4711";
		await client.ask([query(mark)]);
		const lines = await recorded(pair.gateway.recordDir, mark);
		assert.deepEqual(
			lines.map(({ text, sent }) => [text, String(sent).replaceAll(/\s+/g, " ")]),
			[
				[
					mark,
					"SELECT id FROM ( SELECT * FROM public.orders AS orders WHERE region = 'eu' ) AS orders WHERE id <> 4711",
				],
			],
		);
	});

	test("a filter on what isn't there, or that is no condition, denies every statement", async () => {
		for (const [relation, predicate] of [
			["public.missing", "true"],
			["orders", "true"],
			["*.orders", "true"],
			["public.orders", "region ="],
			["public.orders", "true) UNION SELECT (1"],
			["public.orders", "true ORDER BY 1"],
			["public.orders", "id = $1"],
			["public.orders", "EXISTS (SELECT FROM lines)"],
		]) {
			const filter = JSON.stringify({ rule: "f", relation, predicate });
			await pair.gateway.replacePolicy(policyOf(`allow contains {"rule": "all"}\nfilter contains ${filter}`));
			const answer = await client.ask([query("SELECT 1")]);
			assert.equal(errorOf(answer).get("C"), "42501", `${relation} ${predicate}`);
		}
		await pair.gateway.replacePolicy(policyOf(POLICY));
		assert.equal(shown(await client.ask([query("SELECT id FROM orders ORDER BY 1")])), "1 3");
	});

	test("several statements in one text", async () => {
		const answer = await client.ask([
			query("SELECT id FROM orders WHERE id < 3; SELECT count(*) FROM orders; SELECT 1"),
		]);
		assert.equal(shown(answer), "1 2 1");
	});

	test("a schema before pg_catalog could bring other operators", async () => {
		const other = await pair.through();
		await other.ask([query("SET search_path = public, pg_catalog")]);
		assert.equal(errorOf(await other.ask([query("SELECT id FROM orders")])).get("C"), "42501");
		await other.ask([query("SET search_path = public")]);
		assert.equal(shown(await other.ask([query("SELECT id FROM orders ORDER BY 1")])), "1 3");
		other.close();
	});

	test("the server's texts don't quote rows that are filtered out", async () => {
		const answer = await client.ask([query("INSERT INTO orders VALUES (2, 'eu', 1)")]);
		assert.equal(errorOf(answer).get("C"), "23505");
		assert.equal(errorOf(answer).get("D"), undefined);
	});
});
