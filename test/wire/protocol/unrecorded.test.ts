import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, afterEach, before, beforeEach, describe as suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { errorOf, outline, type WireClient } from "../../support/wire-client.ts";
import { bind, describe, execute, parse, query, run, SYNC } from "../../support/wire-messages.ts";
import { type Pair, policyOf, startPair } from "../../support/wire-pair.ts";

suite("what the record can't hold does not leave, and client and server stay in step", () => {
	let pair: Pair;
	let client: WireClient;
	let other: WireClient;

	before(async () => {
		pair = await startPair({
			schema: "CREATE TABLE t (a int)",
			policy: policyOf(`allow contains {"rule": "all"}`),
		});
	});
	after(() => pair.stop());
	beforeEach(async () => {
		await pair.postgres.query("TRUNCATE t");
		client = await pair.through();
		other = await pair.through();
	});
	afterEach(() => {
		recordCanGrow("unlimited");
		client.close();
		other.close();
	});

	/** A limit on the size of files: the next write to the record fails. */
	const recordCanGrow = (bytes: "0" | "unlimited") =>
		execFileSync("prlimit", ["--pid", String(pair.gateway.pid), `--fsize=${bytes}:unlimited`]);

	/** What the client gets when the record fails under these messages, the first of all that wait for it. */
	async function unrecorded(messages: readonly Buffer[], times = 1): Promise<string> {
		recordCanGrow("0");
		const answer = await client.ask(messages, times);
		assert.match(errorOf(answer).get("M") ?? "", /record/);
		recordCanGrow("unlimited");
		while (outline(await other.ask([query("SELECT 1")])) !== "T D C(SELECT 1) ZI") await sleep(50);
		return outline(answer);
	}
	const rows = async () => (await pair.postgres.query("SELECT a FROM t ORDER BY a")).flat();

	test("a simple query, and the next one passes", async () => {
		assert.equal(
			await unrecorded([query("INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)")]),
			"E(58030) ZI",
		);
		assert.equal(outline(await client.ask([query("INSERT INTO t VALUES (3)")])), "C(INSERT 0 1) ZI");
		assert.deepEqual(await rows(), ["3"]);
	});

	test("in a transaction it fails as any error does", async () => {
		await client.ask([query("BEGIN; INSERT INTO t VALUES (1)")]);
		assert.equal(await unrecorded([query("INSERT INTO t VALUES (2)")]), "E(58030) ZE");
		assert.equal(outline(await client.ask([query("SELECT 1")])), "E(25P02) ZE");
		assert.equal(outline(await client.ask([query("COMMIT")])), "C(ROLLBACK) ZI");
		assert.deepEqual(await rows(), []);
	});

	test("in a pipeline each batch fails once, and none of its messages runs", async () => {
		const insert = (value: number) => [...run(`INSERT INTO t VALUES (${value})`), SYNC];
		await client.ask([parse("INSERT INTO t VALUES ($1)", "s"), describe.statement("s"), SYNC]);
		const prepared = (value: string) => [bind("s", "", [value]), describe.portal(), execute(), SYNC];
		assert.equal(
			await unrecorded([...prepared("1"), ...prepared("2"), ...prepared("3")], 3),
			"E(58030) ZI E(58030) ZI E(58030) ZI",
		);
		assert.equal(
			outline(await client.ask([...insert(4), ...prepared("5")], 2)),
			"1 2 C(INSERT 0 1) ZI 2 n C(INSERT 0 1) ZI",
		);
		assert.deepEqual(await rows(), ["4", "5"]);
	});

	test("a portal that was never bound is not there afterwards", async () => {
		await client.ask([parse("SELECT 1", "s"), describe.statement("s"), SYNC]);
		await client.ask([query("BEGIN")]);
		const answer = await unrecorded([bind("s", "p"), SYNC]);
		assert.equal(answer, "E(58030) ZE");
		await client.ask([query("ROLLBACK")]);
		assert.equal(outline(await client.ask([execute("p"), SYNC])), "E(34000) ZI");
		assert.equal(outline(await client.ask([bind("s"), execute(), SYNC])), "2 D C(SELECT 1) ZI");
	});

	test("what others of the same turn sent is theirs: each gets its own answer", async () => {
		const clients = await Promise.all(Array.from({ length: 8 }, () => pair.through()));
		recordCanGrow("0");
		const answers = await Promise.all(
			clients.map((one, index) => one.ask([query(`INSERT INTO t VALUES (${index})`)])),
		);
		recordCanGrow("unlimited");
		for (const answer of answers) assert.equal(outline(answer), "E(58030) ZI");
		while (outline(await other.ask([query("SELECT 1")])) !== "T D C(SELECT 1) ZI") await sleep(50);
		for (const one of clients) {
			assert.equal(outline(await one.ask([query("SELECT 1")])), "T D C(SELECT 1) ZI");
			one.close();
		}
		assert.deepEqual(await rows(), []);
	});
});
