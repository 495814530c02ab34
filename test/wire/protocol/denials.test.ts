import assert from "node:assert/strict";
import { after, before, beforeEach, describe as suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { errorOf, outline, type WireClient } from "../../support/wire-client.ts";
import {
	bind,
	close,
	copyData,
	describe,
	execute,
	FLUSH,
	message,
	parse,
	query,
	run,
	SYNC,
} from "../../support/wire-messages.ts";
import { type Pair, policyOf, startPair } from "../../support/wire-pair.ts";

suite("a denial leaves client and server in step", () => {
	let pair: Pair;
	let client: WireClient;

	before(async () => {
		pair = await startPair({
			schema: "CREATE TABLE t (a int); CREATE TABLE secret (a int)",
			policy: policyOf(`
				allow contains {"rule": "all"}
				deny contains {"rule": "secret", "message": "no", "remedy": "ask"} if {
					input.command.statements[_].relations[_].name == "secret"
				}
				deny contains {"rule": "commit"} if {
					some statement in input.command.statements
					statement.kind == "commit"
					input.session.reason == "no commit"
				}
			`),
		});
	});
	after(() => pair.stop());
	beforeEach(async () => {
		await pair.postgres.query("TRUNCATE t");
		client?.close();
		client = await pair.through();
	});

	const count = async () => (await pair.postgres.query("SELECT count(*) FROM t"))[0]?.[0];
	const alive = async () =>
		assert.equal(outline(await client.ask([query("SELECT 1")])), "T D C(SELECT 1) ZI");
	/** What the server was given while `work` was done, without the gateway's own questions. */
	const sent = async (work: () => Promise<unknown>) =>
		(await pair.logged(work)).replaceAll(
			/^\[\d+\] LOG: {2}statement: SELECT pg_catalog\.concat\(.*\n(\t.*\n)*/gm,
			"",
		);

	test("idle, in a simple query: the error and ReadyForQuery, and nothing goes up", async () => {
		const logged = await sent(async () => {
			const answer = await client.ask([query("SELECT * FROM secret")]);
			assert.equal(outline(answer), "E(42501) ZI");
			assert.equal(errorOf(answer).get("M"), "denied by policy: no");
			assert.equal(errorOf(answer).get("H"), "ask");
			assert.match(errorOf(answer).get("D") ?? "", /rule secret, decision/);
		});
		assert.equal(logged, "");
		await alive();
	});

	test("idle, in an extended query: what follows is dropped up to Sync", async () => {
		const answer = await client.ask(
			[
				...[parse("SELECT * FROM secret"), bind(), describe.portal(), execute(), FLUSH],
				...[
					...run("INSERT INTO t VALUES (1)"),
					query("INSERT INTO t VALUES (2)"),
					SYNC,
					...run("SELECT 1"),
					SYNC,
				],
			],
			2,
		);
		assert.equal(outline(answer), "E(42501) ZI 1 2 D C(SELECT 1) ZI");
		assert.equal(await count(), "0");
	});

	test("behind work in the same batch: the work is undone, the rest of the batch is skipped", async () => {
		const answer = await client.ask([
			...[
				...run("INSERT INTO t VALUES (1)"),
				parse("SELECT * FROM secret"),
				...run("INSERT INTO t VALUES (2)"),
			],
			...[FLUSH, close.statement("x"), SYNC],
		]);
		assert.equal(outline(answer), "1 2 C(INSERT 0 1) E(42501) ZI");
		assert.equal(errorOf(answer).get("M"), "denied by policy: no");
		assert.equal(await count(), "0");
		await alive();
	});

	test("behind work that the client has flushed and seen", async () => {
		client.send(...run("INSERT INTO t VALUES (1)"), FLUSH);
		await client.until("C");
		assert.equal(outline(await client.ask([parse("SELECT * FROM secret"), SYNC])), "E(42501) ZI");
		assert.equal(await count(), "0");
	});

	test("behind a Sync in flight: what stands before the Sync stands", async () => {
		const answer = await client.ask(
			[
				...run("INSERT INTO t VALUES (1)"),
				SYNC,
				parse("SELECT * FROM secret"),
				SYNC,
				...run("SELECT 1"),
				SYNC,
			],
			3,
		);
		assert.equal(outline(answer), "1 2 C(INSERT 0 1) ZI E(42501) ZI 1 2 D C(SELECT 1) ZI");
		assert.equal(await count(), "1");
	});

	test("behind what the server fails at: the client gets the server's error and no other", async () => {
		const failing = [...run("INSERT INTO t VALUES (1)"), ...run("SELECT 1/0")];
		const answer = await client.ask([...failing, parse("SELECT * FROM secret"), bind(), SYNC]);
		assert.match(outline(answer), /^1 2 C\(INSERT 0 1\) 1 (2 )?E\(22012\) ZI$/);
		const simple = await client.ask([...failing, query("SELECT * FROM secret"), SYNC]);
		assert.match(outline(simple), /^1 2 C\(INSERT 0 1\) 1 (2 )?E\(22012\) ZI$/);
		assert.equal(outline(await client.quiet(50)), "");
		assert.equal(await count(), "0");
		await alive();
	});

	test("in a block, by either protocol: the block is aborted and ends by ROLLBACK or COMMIT", async () => {
		for (const [denied, end] of [
			[[query("SELECT * FROM secret")], "COMMIT"],
			[[parse("SELECT * FROM secret"), bind(), execute(), SYNC], "ROLLBACK"],
			[[...run("INSERT INTO t VALUES (2)"), query("SELECT * FROM secret")], "COMMIT"],
		] as const) {
			await client.ask([query("BEGIN; INSERT INTO t VALUES (1)")]);
			assert.match(outline(await client.ask(denied)), /^(1 2 C\(INSERT 0 1\) )?E\(42501\) ZE$/);
			assert.equal(outline(await client.ask([query("INSERT INTO t VALUES (3)")])), "E(25P02) ZE");
			assert.equal(outline(await client.ask([query("SELECT * FROM secret")])), "E(25P02) ZE");
			assert.equal(outline(await client.ask([...run("SELECT 1"), SYNC])), "E(25P02) ZE");
			assert.equal(outline(await client.ask([query(end)])), "C(ROLLBACK) ZI");
		}
		assert.equal(await count(), "0");
	});

	test("in a block with a savepoint: ROLLBACK TO brings the block back", async () => {
		await client.ask([query("BEGIN; INSERT INTO t VALUES (1); SAVEPOINT s")]);
		assert.equal(outline(await client.ask([query("SELECT * FROM secret")])), "E(42501) ZE");
		assert.equal(outline(await client.ask([query("ROLLBACK TO s")])), "C(ROLLBACK) ZT");
		assert.equal(outline(await client.ask([query("COMMIT")])), "C(COMMIT) ZI");
		assert.equal(await count(), "1");
	});

	test("a simple query behind unsynced messages: one error, one ReadyForQuery, all of it undone", async () => {
		const answer = await client.ask([...run("INSERT INTO t VALUES (1)"), query("SELECT * FROM secret")]);
		assert.equal(outline(answer), "1 2 C(INSERT 0 1) E(42501) ZI");
		const parsed = await client.ask([parse("SELECT 1"), query("SELECT * FROM secret")]);
		assert.equal(outline(parsed), "1 E(42501) ZI");
		assert.equal(await count(), "0");
		await alive();
	});

	test("one statement of several, wherever it stands: none of them runs", async () => {
		for (const text of [
			"INSERT INTO t VALUES (1); SELECT * FROM secret",
			"SELECT * FROM secret; INSERT INTO t VALUES (1)",
			"BEGIN; INSERT INTO t VALUES (1); COMMIT; TABLE secret",
			"INSERT INTO t VALUES (1);;; /* ; */ SELECT 1; SELECT (SELECT count(*) FROM secret);",
		])
			assert.equal(outline(await client.ask([query(text)])), "E(42501) ZI", text);
		assert.equal(await count(), "0");
	});

	test("a denied Parse of the unnamed statement drops the one there was, of a named one it does not", async () => {
		await client.ask([parse("SELECT 1"), parse("SELECT 2", "n"), SYNC]);
		await client.ask([parse("SELECT * FROM secret"), SYNC]);
		assert.equal(outline(await client.ask([bind(), execute(), SYNC])), "E(26000) ZI");
		await client.ask([parse("SELECT * FROM secret", "n"), SYNC]);
		assert.equal(outline(await client.ask([bind("n"), execute(), SYNC])), "2 D C(SELECT 1) ZI");
		await client.ask([parse("SELECT 1"), SYNC]);
		await client.ask([query("SELECT * FROM secret")]);
		assert.equal(outline(await client.ask([bind(), execute(), SYNC])), "E(26000) ZI");
	});

	test("FunctionCall of what there is not is refused in each state, as a Query would be", async () => {
		const call = message("F", Buffer.from([0, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
		assert.equal(outline(await client.ask([call])), "E(42883) ZI");
		assert.equal(
			outline(await client.ask([...run("INSERT INTO t VALUES (1)"), call])),
			"1 2 C(INSERT 0 1) E(42883) ZI",
		);
		await client.ask([query("BEGIN")]);
		assert.equal(outline(await client.ask([call])), "E(42883) ZE");
		assert.equal(outline(await client.ask([call])), "E(25P02) ZE");
		await client.ask([query("ROLLBACK")]);
		assert.equal(await count(), "0");
	});

	test("a COMMIT can be denied, but not that of a failed block, nor a ROLLBACK", async () => {
		await client.ask([query("SET sallyport.reason = 'no commit'")]);
		await client.ask([query("BEGIN; INSERT INTO t VALUES (1)")]);
		assert.equal(outline(await client.ask([query("COMMIT")])), "E(42501) ZE");
		assert.equal(outline(await client.ask([query("COMMIT")])), "C(ROLLBACK) ZI");
		await client.ask([query("BEGIN; INSERT INTO t VALUES (1)")]);
		assert.equal(outline(await client.ask([...run("COMMIT"), SYNC])), "E(42501) ZE");
		assert.equal(outline(await client.ask([...run("END"), SYNC])), "1 2 C(ROLLBACK) ZI");
		assert.equal(await count(), "0");
	});

	test("Terminate: what was sent before it is done, and a batch without its Sync is not", async () => {
		client.send(query("SELECT pg_sleep(0.2)"), query("INSERT INTO t VALUES (1)"), message("X"));
		assert.equal(outline(await client.end()), "T D C(SELECT 1) ZI C(INSERT 0 1) ZI");
		client = await pair.through();
		const last = [...run("SELECT pg_sleep(0.2)"), ...run("INSERT INTO t VALUES (2)"), SYNC, message("X")];
		client.send(...last);
		await client.end();
		client = await pair.through();
		client.send(...run("INSERT INTO t VALUES (3)"), message("X"), query("INSERT INTO t VALUES (4)"));
		await client.end();
		for (let tries = 0; tries < 100 && (await count()) !== "2"; tries++) await sleep(20);
		assert.deepEqual(await pair.postgres.query("SELECT a FROM t ORDER BY a"), [["1"], ["2"]]);
	});

	test("a thousand denials in one pipeline get a thousand answers", async () => {
		const batch = [parse("SELECT * FROM secret"), bind(), execute(), SYNC, ...run("SELECT 1"), SYNC];
		const answer = await client.ask(Array.from({ length: 500 }, () => batch).flat(), 1000);
		assert.equal(outline(answer), Array(500).fill("E(42501) ZI 1 2 D C(SELECT 1) ZI").join(" "));
		assert.equal(outline(await client.quiet(50)), "");
	});

	test("a syntax error is answered as the server would, with its position, in each state", async () => {
		const wrong = await client.ask([query("SELEC 1")]);
		assert.equal(outline(wrong), "E(42601) ZI");
		assert.equal(errorOf(wrong).get("P"), "1");
		await client.ask([query("BEGIN")]);
		assert.equal(outline(await client.ask([query("SELECT 1 +")])), "E(42601) ZE");
		assert.equal(outline(await client.ask([query("SELECT 1 +")])), "E(42601) ZE");
		await client.ask([query("ROLLBACK")]);
		assert.equal(
			outline(await client.ask([...run("INSERT INTO t VALUES (1)"), parse("x"), SYNC])),
			"1 2 C(INSERT 0 1) E(42601) ZI",
		);
		assert.equal(
			outline(await client.ask([copyData("x"), parse("SELECT 1; SELECT 2"), SYNC])),
			"E(42601) ZI",
		);
		assert.equal(await count(), "0");
	});
});

suite("what is never denied", () => {
	let pair: Pair;

	before(async () => {
		pair = await startPair({ policy: policyOf('deny contains {"rule": "everything"}') });
	});
	after(() => pair.stop());

	test("ROLLBACK, Sync, Close, Flush and the empty query pass a policy that denies everything", async () => {
		const client = await pair.through();
		assert.equal(outline(await client.ask([query("SELECT 1")])), "E(42501) ZI");
		assert.equal(outline(await client.ask([query("ROLLBACK")])), "N(25P01) C(ROLLBACK) ZI");
		assert.equal(
			outline(await client.ask([query("ROLLBACK; ROLLBACK")])),
			"N(25P01) C(ROLLBACK) N(25P01) C(ROLLBACK) ZI",
		);
		assert.equal(outline(await client.ask([query("ROLLBACK; SELECT 1")])), "E(42501) ZI");
		assert.equal(outline(await client.ask([query("COMMIT")])), "E(42501) ZI");
		assert.equal(outline(await client.ask([query("BEGIN")])), "E(42501) ZI");
		assert.equal(outline(await client.ask([query("")])), "I ZI");
		assert.equal(outline(await client.ask([...run("ROLLBACK"), SYNC])), "1 2 N(25P01) C(ROLLBACK) ZI");
		assert.equal(outline(await client.ask([close.statement("x"), close.portal("y"), FLUSH, SYNC])), "3 3 ZI");
		client.close();
	});
});

suite("a denial that depends on a parameter", () => {
	let pair: Pair;
	let client: WireClient;

	before(async () => {
		pair = await startPair({
			schema: "CREATE TABLE t (a int)",
			policy: policyOf(`
				allow contains {"rule": "all"}
				deny contains {"rule": "value"} if input.command.parameters[_].value == "13"
			`),
		});
		client = await pair.through();
	});
	after(() => pair.stop());

	const count = async () => (await pair.postgres.query("SELECT count(*) FROM t"))[0]?.[0];

	test("by a parameter's value: Parse passes, Bind does not, in text and in binary format", async () => {
		await client.ask([parse("INSERT INTO t VALUES ($1)", "i"), SYNC]);
		assert.equal(outline(await client.ask([bind("i", "", ["13"]), execute(), SYNC])), "E(42501) ZI");
		const header = Buffer.from([0, 0x69, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 4, 0, 0, 0, 13, 0, 0]);
		assert.equal(outline(await client.ask([message("B", header), execute(), SYNC])), "E(42501) ZI");
		assert.equal(outline(await client.ask([bind("i", "", ["12"]), execute(), SYNC])), "2 C(INSERT 0 1) ZI");
		assert.equal(await count(), "1");
	});

	test("Bind does not reach the server, which would plan with the value already", async () => {
		const text = "SELECT 100 / ($1::int - 13)";
		await client.ask([parse(text, "d"), SYNC]);
		assert.equal(outline(await client.ask([bind("d", "", ["13"]), execute(), SYNC])), "E(42501) ZI");
		const answer = await client.ask([bind("d", "p", ["12"]), bind("d", "p", ["13"]), execute("p"), SYNC]);
		assert.equal(outline(answer), "2 E(42501) ZI");
	});

	test("many values: each of them counts, NULL and others do not", async () => {
		const text = `INSERT INTO t SELECT v::int FROM unnest(ARRAY[${Array.from({ length: 99 }, (_, at) => `$${at + 1}`)}]) v`;
		const values = Array.from({ length: 99 }, (_, at) => (at === 98 ? "13" : at === 50 ? null : "1"));
		assert.equal(outline(await client.ask([...run(text, values), SYNC])), "1 E(42501) ZI");
		const passed = values.map((value) => (value === "13" ? "14" : value));
		assert.equal(outline(await client.ask([...run(text, passed), SYNC])), "1 2 C(INSERT 0 99) ZI");
	});
});
