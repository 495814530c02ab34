import assert from "node:assert/strict";
import { after, before, describe as suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { readEvents } from "../../../src/recording/index.ts";
import { errorOf, outline, rows, type WireClient } from "../../support/wire-client.ts";
import { bind, describe, execute, parse, query, run, SYNC } from "../../support/wire-messages.ts";
import { type Pair, policyOf, startPair } from "../../support/wire-pair.ts";

const SCHEMA = `
	CREATE TABLE people (id int PRIMARY KEY, name text, email text, phone text, mood text, code text);
	INSERT INTO people VALUES (1, 'Ada', 'ada@mail.example', '555-0101', 'calm', 'c-1'),
		(2, 'Bob', 'bob@mail.example', '555-0102', 'glad', 'c-2');
	CREATE TABLE notes (id int, body text);
	CREATE TABLE moving (id int, secret text);
	INSERT INTO moving VALUES (1, 'moving-secret');
	CREATE TABLE short (id int, secret text);
	INSERT INTO short VALUES (1, 'short-secret');
	CREATE SEQUENCE counter;
`;

/** Rules of somebody's own, no pack: what is refused is refused for these masks. */
const POLICY = `
	allow contains {"rule": "all"}
	mask contains {"rule": "mail", "columns": ["public.people.email"], "permit": ["equality"]}
	mask contains {"rule": "phones", "columns": ["public.people.phone"], "transform": "partial", "keep": 4}
	mask contains {"rule": "phones-too", "columns": ["public.*.phone"], "transform": "hash"}
	mask contains {"rule": "moods", "columns": ["public.people.mood"], "permit": ["predicate", "join", "order", "store"]}
	mask contains {"rule": "moving", "columns": ["public.moving.secret"], "permit": ["rename"]}
	mask contains {"rule": "codes", "columns": ["public.people.code"]}
	mask contains {"rule": "codes", "columns": ["public.people.code"], "permit": ["order"]}
	mask contains {"rule": "gone", "columns": ["public.short.missing"]}
`;

/** Each with a word of the message that refuses it. */
const REFUSED: readonly (readonly [sql: string, column: string])[] = [
	["INSERT INTO notes SELECT id, email FROM people", "email"],
	["INSERT INTO notes VALUES (1, (SELECT email FROM people WHERE id = 1))", "email"],
	["UPDATE notes SET body = email FROM people", "email"],
	["UPDATE people SET name = email WHERE id = 1", "email"],
	["UPDATE people SET email = phone WHERE id = 1", "phone"],
	["CREATE TABLE copied AS SELECT email FROM people", "email"],
	["SELECT email INTO copied FROM people", "email"],
	["CREATE TEMP TABLE copied AS SELECT upper(email) FROM people", "email"],
	["CREATE MATERIALIZED VIEW copied AS SELECT email FROM people", "email"],
	["COPY (SELECT email FROM people) TO '/tmp/sallyport-none'", "email"],
	["COPY people TO PROGRAM 'cat > /dev/null'", "email"],
	["SELECT set_config('app.x', email, false) FROM people", "email"],
	["SELECT pg_notify('c', email) FROM people", "email"],
	["SELECT pg_advisory_lock(hashtext(email)) FROM people", "email"],
	["SELECT setval('counter', length(email)) FROM people", "email"],
	["SELECT lo_from_bytea(0, convert_to(email, 'UTF8')) FROM people", "email"],
	[
		"MERGE INTO notes n USING people p ON p.id = n.id WHEN NOT MATCHED THEN INSERT VALUES (p.id, p.email)",
		"email",
	],
	[
		"INSERT INTO people (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET name = people.email",
		"email",
	],
	["WITH w AS (INSERT INTO notes SELECT id, email FROM people RETURNING id) SELECT * FROM w", "email"],
	[
		"ALTER TABLE people ADD COLUMN other text GENERATED ALWAYS AS (email) STORED, ALTER name TYPE text USING email",
		"email",
	],
	["SELECT id FROM people WHERE email LIKE 'a%'", "email"],
	["SELECT id FROM people WHERE phone = '555-0101'", "phone"],
	["SELECT id FROM people ORDER BY email", "email"],
	["SELECT a.id FROM people a JOIN people b ON a.email = b.email", "email"],
	["SELECT count(*) FILTER (WHERE email > 'm') FROM people", "email"],
	["SELECT id FROM people ORDER BY code", "code"],
	["ALTER TABLE people RENAME COLUMN email TO mail", "email"],
	["ALTER TABLE people DROP COLUMN email", "email"],
	["ALTER TABLE people RENAME TO persons", "people"],
	["ALTER TABLE people SET SCHEMA pg_catalog", "people"],
	["ALTER SCHEMA public RENAME TO private", "public"],
];

suite("what would tell a masked value past its mask is refused, whatever rule asked for it", () => {
	let pair: Pair;
	let client: WireClient;
	let direct: WireClient;
	before(async () => {
		pair = await startPair({ schema: SCHEMA, policy: policyOf(POLICY) });
		client = await pair.through();
		direct = await pair.direct();
	});
	after(async () => {
		client.close();
		direct.close();
		await pair.stop();
	});

	const ask = async (sql: string) => client.ask([query(sql)]);
	const values = async (sql: string) => {
		const answer = await ask(sql);
		assert.equal(errorOf(answer).get("M"), undefined, `${sql}: ${outline(answer)}`);
		return rows(answer);
	};

	const maskFaults = async (): Promise<Record<string, unknown>[]> => {
		const { stdout } = await pair.gateway.cli(["bundle", "status", "--json"]);
		return (JSON.parse(stdout) as { mask_faults: Record<string, unknown>[] }).mask_faults;
	};

	for (const [sql, column] of REFUSED) {
		test(sql, async () => {
			const error = errorOf(await ask(sql));
			assert.equal(error.get("C"), "42501", `${error.get("M")}`);
			assert.match(error.get("M") ?? "", new RegExp(`\\b${column}\\b.* is masked`));
			assert.match(error.get("H") ?? "", /permit/);
		});
	}

	test("what a rule permits goes through, and what comes back is masked all the same", async () => {
		assert.deepEqual(await values("SELECT id, email FROM people WHERE email = 'ada@mail.example'"), [
			["1", "[redacted]"],
		]);
		assert.deepEqual(await values("SELECT id, mood FROM people WHERE mood LIKE 'g%' ORDER BY mood"), [
			["2", "[redacted]"],
		]);
		assert.deepEqual(
			await values("INSERT INTO notes SELECT id, mood FROM people WHERE id = 1 RETURNING id"),
			[["1"]],
		);
		assert.deepEqual(await values("DELETE FROM notes RETURNING body"), [["calm"]]);
	});

	test("values may be written, grouped and counted", async () => {
		await values("UPDATE people SET email = 'ada@mail.example' WHERE id = 1");
		assert.deepEqual(await values("SELECT count(email), count(DISTINCT email), count(*) FROM people"), [
			["2", "2", "2"],
		]);
		assert.deepEqual(await values("SELECT count(email) * 2 FROM people HAVING count(email) > 1"), [["4"]]);
		assert.deepEqual(await values("SELECT count(nullif(left(email, 1), 'a')), max(email) FROM people"), [
			[null, "[redacted]"],
		]);
		assert.equal((await values("SELECT email, count(*) FROM people GROUP BY email")).length, 2);
	});

	test("of two rules on a column the stricter holds, in whatever order they are", async () => {
		const [[phone] = []] = await values("SELECT phone FROM people WHERE id = 1");
		assert.match(phone ?? "", /^[0-9a-f]{32}$/);
	});

	test("a mask on a column that is not there denies what reaches the table, until it is there", async () => {
		for (const sql of ["SELECT id FROM short", "DELETE FROM short", "SELECT count(*) FROM people, short"]) {
			const error = errorOf(await ask(sql));
			assert.equal(error.get("C"), "42501", sql);
			assert.match(error.get("M") ?? "", /public\.short\.missing/);
		}
		assert.deepEqual(await values("SELECT name FROM people WHERE id = 1"), [["Ada"]]);
		const [fault, ...more] = await maskFaults();
		assert.deepEqual([fault?.["connection"], fault?.["code"], more], ["orders", "mask_column_missing", []]);
		assert.match(String(fault?.["message"]), /public\.short\.missing/);
		await direct.ask([query("ALTER TABLE short ADD COLUMN missing text DEFAULT 'short-secret'")]);
		for (let tries = 0; tries < 100; tries++) {
			const answer = await ask("SELECT id, missing FROM short");
			if (errorOf(answer).get("M") === undefined) {
				assert.deepEqual(await maskFaults(), []);
				return assert.deepEqual(rows(answer), [["1", "[redacted]"]]);
			}
			await sleep(50);
		}
		assert.fail("it stays denied");
	});

	test("a renamed column takes the table with it until the mask follows", async () => {
		await values("ALTER TABLE moving RENAME COLUMN secret TO hidden");
		const error = errorOf(await ask("SELECT hidden FROM moving"));
		assert.match(error.get("M") ?? "", /public\.moving\.secret/);
	});

	test("a column that is another one by the time it is executed gives nothing", async () => {
		await direct.ask([
			query(
				"CREATE TABLE changing (id int, email text, phone text); INSERT INTO changing VALUES (1, 'x', '555-0199')",
			),
		]);
		const described = await client.ask([
			parse("SELECT phone FROM changing", "s"),
			describe.statement("s"),
			SYNC,
		]);
		assert.equal(errorOf(described).get("M"), undefined);
		await direct.ask([query("ALTER TABLE changing ALTER phone TYPE bytea USING convert_to(phone, 'UTF8')")]);
		const answer = await client.ask([bind("", "s"), execute(), SYNC]);
		const bytes = Buffer.concat(answer.map((each) => each.bytes)).toString("latin1");
		assert.ok(!bytes.includes("555-0199") && !bytes.includes("3535352d30313939"), bytes);
	});

	test("the record holds none of the values that were compared or written, and the same token for the same value", async () => {
		const fresh = await pair.through();
		await fresh.ask([query("SELECT id /* eve@mail.example */ FROM people WHERE email = 'eve@mail.example'")]);
		await fresh.ask([...run("UPDATE people SET email = $1 WHERE id = 7", ["eve@mail.example"]), SYNC]);
		await fresh.ask([query("INSERT INTO people (id, email) VALUES (9, 'eve@mail.example'")]);
		await fresh.ask([query("SELECT name FROM people WHERE name = 'Adam'")]);
		fresh.close();
		const texts: string[] = [];
		for (let tries = 0; tries < 100 && !texts.some((text) => text.includes("'Adam'")); tries++) {
			texts.length = 0;
			for await (const { type, fields } of readEvents(pair.gateway.recordDir))
				if (type === "command") texts.push(JSON.stringify(fields));
			await sleep(20);
		}
		assert.ok(
			texts.some((text) => text.includes("'Adam'")),
			"what has nothing to do with masked columns is kept",
		);
		assert.deepEqual(
			texts.filter((text) => text.includes("eve@mail")),
			[],
		);
		const [compared = ""] = texts.filter((text) => text.includes("SELECT id /* */ FROM people"));
		const [, token = "none"] = /email = '(masked:[0-9a-f]{16})'/.exec(compared) ?? [];
		assert.ok(texts.some((text) => text.includes("UPDATE people SET email = $1") && text.includes(token)));
	});
});
