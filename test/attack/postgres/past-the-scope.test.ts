import assert from "node:assert/strict";
import { after, before, beforeEach, describe as suite, test } from "node:test";
import { errorOf, outline, rows, type WireClient } from "../../support/wire-client.ts";
import { bind, execute, FLUSH, parse, query, run, SYNC } from "../../support/wire-messages.ts";
import { type Pair, policyOf, startPair } from "../../support/wire-pair.ts";

/**
 * Names mean what the server's search path, role, temporary objects and open transaction make of them at that moment.
 * The policy keeps everybody from public.orders, and lets them do what they like with another table of that name.
 */
suite("names that change their meaning on the way", () => {
	let pair: Pair;
	let client: WireClient;

	before(async () => {
		pair = await startPair({
			schema: `
				CREATE TABLE public.orders (id int);
				CREATE SCHEMA scratch;
				CREATE TABLE scratch.orders (id int);
				CREATE ROLE other;
				GRANT ALL ON SCHEMA scratch, public TO other;
				GRANT ALL ON scratch.orders, public.orders TO other;
				CREATE FUNCTION public.go_public() RETURNS void LANGUAGE plpgsql AS
					$$ BEGIN PERFORM set_config('search_path', 'public', false); END $$;`,
			databases: ["latin"],
			policy: policyOf(`
				allow contains {"rule": "all"}
				deny contains {"rule": "orders"} if input.command.writes[_].relation == "public.orders"
				deny contains {"rule": "opaque"} if {
					input.command.statements[_].opaque
					not contains(input.command.text, "go_public")
				}
			`),
		});
	});
	after(() => pair.stop());

	test("in a database of another encoding names beyond ASCII are nobody's to know", async () => {
		await pair.postgres.query(
			"CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'",
		);
		const long = `"${"é".repeat(40)}"`; // 40 bytes there, and 80 here, which are cut to 31 letters
		client = await pair.through(undefined, { database: "orders/latin" });
		const sqlstate = async (text: string) => errorOf(await client.ask([query(text)])).get("C");
		try {
			for (const text of [`TABLE ${long}`, "SELECT 1 AS Été", 'SELECT 1 AS U&"\\00e9"'])
				assert.equal(await sqlstate(text), "42501", text);
			for (const text of ["SELECT 'Été'", 'SELECT 1 AS "Été"', "SELECT 1 -- é"])
				assert.equal(await sqlstate(text), undefined, text);
		} finally {
			client.close();
		}
	});

	beforeEach(() => pair.postgres.query("TRUNCATE public.orders; INSERT INTO public.orders VALUES (1), (2)"));

	async function attack(work: () => Promise<unknown>): Promise<void> {
		client = await pair.through();
		try {
			await work();
		} finally {
			client.close();
		}
		assert.deepEqual(await pair.postgres.query("SELECT count(*) FROM public.orders"), [["2"]]);
	}
	/** The first batch changes what `orders` means; the second, sent along with it, deletes from what it means then. */
	const pipelined = (first: readonly Buffer[]) =>
		attack(() => client.ask([...first, SYNC, ...run("DELETE FROM orders"), SYNC], 2));

	test("SET LOCAL ends with the Sync, and so does what it made of the names behind it", () =>
		pipelined(run("SET LOCAL search_path = scratch")));

	test("set_config(..., true) as well", () =>
		pipelined(run("SELECT set_config('search_path', 'scratch', true)")));

	test("a SET whose batch fails is undone with it", () =>
		pipelined([...run("SET search_path = scratch"), ...run("SELECT 1/0")]));

	test("a temporary table that is dropped on commit", () =>
		pipelined(run("CREATE TEMP TABLE orders (id int) ON COMMIT DROP")));

	test("a temporary table whose batch fails", () =>
		pipelined([...run("CREATE TEMP TABLE orders (id int)"), ...run("SELECT 1/0")]));

	for (const [what, texts] of [
		["SET, then ROLLBACK", ["BEGIN", "SET search_path = scratch", "ROLLBACK"]],
		["SET, then ROLLBACK TO", ["BEGIN", "SAVEPOINT s", "SET search_path = scratch", "ROLLBACK TO s"]],
		[
			"SET, an error, then ROLLBACK TO",
			["BEGIN", "SAVEPOINT s", "SET search_path = scratch", "SELECT 1/0", "ROLLBACK TO s"],
		],
		["SET LOCAL, then COMMIT", ["BEGIN", "SET LOCAL search_path = scratch", "COMMIT"]],
		["SET LOCAL, then COMMIT AND CHAIN", ["BEGIN", "SET LOCAL search_path = scratch", "COMMIT AND CHAIN"]],
		[
			"SET LOCAL, an error, then COMMIT",
			["BEGIN", "SET LOCAL search_path = scratch", "SELECT 1/0", "COMMIT"],
		],
		["SET, then RESET", ["SET search_path = scratch", "RESET search_path"]],
		["SET, then RESET ALL", ["SET search_path = scratch", "RESET ALL"]],
		["SET, then DISCARD ALL", ["SET search_path = scratch", "DISCARD ALL"]],
		["SET, then SET TO DEFAULT", ["SET search_path = scratch", "SET search_path TO DEFAULT"]],
		[
			"SET SCHEMA, then SET FROM CURRENT by another",
			[
				"SET SCHEMA 'scratch'",
				"SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
				"SET SCHEMA 'public'",
			],
		],
		["a function that sets", ["SET search_path = scratch", "SELECT public.go_public()"]],
		["a temporary table, then DROP", ["CREATE TEMP TABLE orders (id int)", "DROP TABLE orders"]],
		["a temporary table, then DISCARD TEMP", ["CREATE TEMP TABLE orders (id int)", "DISCARD TEMP"]],
		["a temporary table, then ROLLBACK", ["BEGIN", "CREATE TEMP TABLE orders (id int)", "ROLLBACK"]],
		[
			"a temporary table, then ROLLBACK TO",
			["BEGIN", "SAVEPOINT s", "CREATE TEMP TABLE orders (id int)", "ROLLBACK TO s"],
		],
		[
			"a temporary table that is dropped on commit",
			["BEGIN", "CREATE TEMP TABLE orders (id int) ON COMMIT DROP", "COMMIT"],
		],
		["a temporary view", ["CREATE TEMP VIEW orders AS TABLE public.orders"]],
		[
			"a temporary table that is renamed away",
			["CREATE TEMP TABLE orders (id int)", "ALTER TABLE orders RENAME TO others"],
		],
		[
			"a table of the search path that goes away",
			["SET search_path = scratch, public", "BEGIN", "ALTER TABLE scratch.orders RENAME TO others"],
		],
		[
			"a table of the search path that is moved",
			[
				"BEGIN",
				"ALTER TABLE public.orders RENAME TO x",
				"ALTER TABLE public.x RENAME TO orders",
				"SET search_path = public",
			],
		],
		[
			"a schema that is created in front and rolled back",
			[
				"BEGIN",
				"CREATE SCHEMA front",
				"CREATE TABLE front.orders (id int)",
				"SET search_path = front, public",
				"ROLLBACK",
			],
		],
		[
			"a role whose path has its own schema",
			["SET ROLE other", "SET search_path = scratch", "RESET ROLE", "SET search_path = public"],
		],
	] as const) {
		test(`${what}: simple queries, one after the other`, () =>
			attack(async () => {
				for (const text of texts) await client.ask([query(text)]);
				await client.ask([query("DELETE FROM orders")]);
			}));

		test(`${what}: in one pipeline of the extended protocol`, () =>
			attack(async () => {
				const sent = texts.flatMap((text) => [...run(text), SYNC]);
				await client.ask([...sent, ...run("DELETE FROM orders"), SYNC], texts.length + 1);
			}));

		test(`${what}: in one text`, () =>
			attack(() => client.ask([query(`${texts.join("; ")}; DELETE FROM orders`)])));

		test(`${what}: behind a statement that was prepared before`, () =>
			attack(async () => {
				const [first, ...rest] = texts;
				await client.ask([query(first)]);
				await client.ask([parse("DELETE FROM orders", "d"), SYNC]);
				for (const text of rest) await client.ask([query(text)]);
				await client.ask([bind("d"), execute(), SYNC]);
				await client.ask([query("ROLLBACK; ROLLBACK")]);
				await client.ask([bind("d"), execute(), SYNC]);
			}));
	}

	test("a temporary table in front of another is what its name means, and only while it is there", () =>
		attack(async () => {
			await client.ask([query("CREATE TEMP TABLE orders (id int); ")]);
			await client.ask([query("INSERT INTO orders VALUES (7)")]);
			assert.deepEqual(rows(await client.ask([query("SELECT id FROM orders")])), [["7"]]);
			assert.equal(outline(await client.ask([query("DELETE FROM orders")])), "C(DELETE 1) ZI");
			assert.equal(outline(await client.ask([query("DELETE FROM public.orders")])), "E(42501) ZI");
			await client.ask([query("DROP TABLE pg_temp.orders")]);
			assert.equal(outline(await client.ask([query("DELETE FROM orders")])), "E(42501) ZI");
		}));

	test("what another connection changes is noticed within the bound", () =>
		attack(async () => {
			await client.ask([query("SET search_path = scratch, public")]);
			assert.equal(outline(await client.ask([query("DELETE FROM orders")])), "C(DELETE 0) ZI");
			await pair.postgres.query("ALTER TABLE scratch.orders RENAME TO away");
			try {
				await new Promise((resolve) => setTimeout(resolve, 1_200));
				assert.equal(outline(await client.ask([query("DELETE FROM orders")])), "E(42501) ZI");
			} finally {
				await pair.postgres.query("ALTER TABLE scratch.away RENAME TO orders");
			}
		}));

	test("a role or a database whose default path was changed means another path for the next session", () =>
		attack(async () => {
			await client.ask([query("ALTER ROLE postgres SET search_path = scratch")]);
			const next = await pair.through();
			await pair.postgres.query("ALTER ROLE postgres RESET search_path");
			assert.equal(outline(await next.ask([query("DELETE FROM orders")])), "C(DELETE 0) ZI");
			assert.equal(outline(await next.ask([query("DELETE FROM public.orders")])), "E(42501) ZI");
			next.close();
		}));

	test("VACUUM runs after SET, within nothing", () =>
		attack(async () => {
			await client.ask([query("SET search_path = scratch")]);
			assert.equal(outline(await client.ask([query("VACUUM orders")])), "C(VACUUM) ZI");
			await client.ask([...run("SET search_path = scratch"), SYNC]);
			assert.equal(outline(await client.ask([...run("VACUUM orders"), SYNC])), "1 2 C(VACUUM) ZI");
			await client.ask([query("BEGIN")]);
			assert.equal(
				outline(await client.ask([query("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")])),
				"C(SET) ZT",
			);
			client.send(FLUSH);
		}));
});

suite("settings that change what a text means", () => {
	let pair: Pair;

	before(async () => {
		pair = await startPair({
			schema: `
				CREATE TABLE canary (id int);
				CREATE FUNCTION sneak(name text, value text) RETURNS text LANGUAGE plpgsql AS
					$$ BEGIN RETURN set_config(name, value, false); END $$;
				CREATE ROLE tricky LOGIN SUPERUSER;`,
		});
	});
	after(() => pair.stop());

	for (const [name, value, same] of [
		["standard_conforming_strings", "off", "on"],
		["client_encoding", "LATIN1", "UNICODE"],
		["transform_null_equals", "on", "false"],
		["session_replication_role", "replica", "origin"],
	] as const) {
		test(`${name} can't be set, by whatever form, and setting it to what it is passes`, async () => {
			const client = await pair.through();
			for (const text of [
				`SET ${name} = '${value}'`,
				`SET LOCAL ${name} TO '${value}'`,
				`SET SESSION "${name}" = '${value}'`,
				`SET ${name.toUpperCase()} = '${value}'`,
				`BEGIN; SET ${name} = '${value}'; COMMIT`,
			]) {
				assert.equal(outline(await client.ask([query(text)])), "E(55P02) ZI", text);
				assert.match(outline(await client.ask([...run(text), SYNC])), /^E\((55P02|42601)\) ZI$/, text);
			}
			for (const text of [`SET ${name} = '${same}'`, `SET ${name} TO DEFAULT`])
				assert.equal(outline(await client.ask([query(text)])), "C(SET) ZI");
			assert.equal(outline(await client.ask([query(`RESET ${name}`)])), "C(RESET) ZI");
			client.close();
		});

		test(`${name} that a function changes ends the session before another text is read`, async () => {
			for (const attack of [
				[query(`SELECT sneak('${name}', '${value}')`), query("INSERT INTO canary VALUES (1)")],
				[...run(`SELECT sneak('${name}', '${value}')`), ...run("INSERT INTO canary VALUES (1)"), SYNC],
				[
					query(`SELECT set_config('${name}', '${value}', false); INSERT INTO canary VALUES (1)`),
					query("INSERT INTO canary VALUES (1)"),
				],
				[
					query(`DO $$ BEGIN PERFORM set_config('${name}', '${value}', false); END $$`),
					query("INSERT INTO canary VALUES (1)"),
				],
			]) {
				await pair.postgres.query("TRUNCATE canary");
				const client = await pair.through();
				client.send(...attack, query("INSERT INTO canary VALUES (2)"));
				assert.match(outline(await client.end()), /E\(55P02\)$/);
				assert.deepEqual(await pair.postgres.query("SELECT * FROM canary WHERE id = 2"), []);
			}
		});
	}

	test("row_security isn't pinned: off only makes the server refuse what policies of row security would filter", async () => {
		await pair.postgres.query(`
			CREATE ROLE tenant;
			CREATE TABLE guarded (id int);
			INSERT INTO guarded VALUES (1), (2);
			ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
			CREATE POLICY own ON guarded USING (id = 1);
			GRANT ALL ON guarded TO tenant`);
		const client = await pair.through();
		await client.ask([query("SET ROLE tenant")]);
		assert.deepEqual(rows(await client.ask([query("SELECT id FROM guarded")])), [["1"]]);
		assert.equal(outline(await client.ask([query("SET row_security = off")])), "C(SET) ZI");
		for (const text of [
			"SELECT id FROM guarded",
			"UPDATE guarded SET id = 3",
			"DELETE FROM guarded",
			"COPY guarded TO STDOUT",
			"INSERT INTO guarded VALUES (1)",
		])
			assert.equal(outline(await client.ask([query(text)])), "E(42501) ZI", text);
		await client.ask([query("RESET row_security")]);
		assert.deepEqual(rows(await client.ask([query("SELECT id FROM guarded")])), [["1"]]);
		client.close();
	});

	test("a default of the role or database that differs keeps the session from opening, or has no effect", async () => {
		await pair.postgres.query("ALTER ROLE postgres SET session_replication_role = replica");
		try {
			await assert.rejects(pair.through(), /E\(55P02\)/);
		} finally {
			await pair.postgres.query("ALTER ROLE postgres RESET session_replication_role");
		}
		await pair.postgres.query("ALTER ROLE postgres SET standard_conforming_strings = off");
		try {
			const client = await pair.through();
			const [[shown] = []] = rows(await client.ask([query("SHOW standard_conforming_strings")]));
			assert.equal(shown, "on");
			await client.ask([query("RESET ALL")]);
			assert.deepEqual(rows(await client.ask([query("SELECT '\\'")])), [["\\"]]);
			client.close();
		} finally {
			await pair.postgres.query("ALTER ROLE postgres RESET standard_conforming_strings");
		}
	});

	test("at start-up only what is harmless can be set, and pinned settings to what they are", async () => {
		const passes = async (parameters: Record<string, string>) =>
			(await pair.through(undefined, parameters)).close();
		await passes({
			client_encoding: "SQL_ASCII",
			search_path: "pg_catalog",
			options: "-c statement_timeout=5s --work-mem=1MB",
		});
		await passes({ standard_conforming_strings: "on", "sallyport.reason": "INC-1" });
		for (const parameters of [
			{ client_encoding: "LATIN1" },
			{ standard_conforming_strings: "off" },
			{ options: "-c standard_conforming_strings=off" },
			{ options: "--standard-conforming-strings=off" },
			{ options: "-c\\ x -cstandard_conforming_strings=off" },
			{ role: "tricky" },
			{ options: "-c role=tricky" },
			{ options: "-c session_authorization=tricky" },
			{ options: "-c session_preload_libraries=x" },
			{ local_preload_libraries: "x" },
			{ "sallyport.approval": "never" },
			{ "sallyport.nothing": "x" },
			{ replication: "true" },
			{ replication: "database" },
		])
			await assert.rejects(
				passes(parameters as Record<string, string>),
				/E\((55P02|22023|0A000|42704)\)/,
				JSON.stringify(parameters),
			);
	});

	test("the gateway's own settings are read by it, and the server never hears of them", async () => {
		const client = await pair.through();
		const logged = await pair.logged(async () => {
			assert.equal(outline(await client.ask([query("SET sallyport.reason = 'INC-1234'")])), "C(SET) ZI");
			assert.equal(
				outline(await client.ask([...run("SET sallyport.approval = nowait"), SYNC])),
				"1 2 C(SET) ZI",
			);
			assert.equal(outline(await client.ask([query("SET sallyport.approval = sometimes")])), "E(22023) ZI");
			assert.equal(outline(await client.ask([query("SET sallyport.other = 1")])), "E(22023) ZI");
			assert.equal(outline(await client.ask([query("RESET sallyport.reason")])), "C(SET) ZI");
		});
		assert.doesNotMatch(logged, /INC-1234|nowait|sometimes|other/);
		client.close();
	});
});
