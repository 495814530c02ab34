import assert from "node:assert/strict";
import { after, before, beforeEach, describe as suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { errorOf, outline, type WireClient } from "../../support/wire-client.ts";
import { bind, describe, execute, parse, query, run, SYNC } from "../../support/wire-messages.ts";
import { type Pair, policyOf, startPair } from "../../support/wire-pair.ts";

suite("limits that a policy sets", () => {
	let pair: Pair;
	let client: WireClient;

	before(async () => {
		pair = await startPair({
			schema: "CREATE TABLE t (a int); CREATE SEQUENCE s",
			policy: policyOf(`
				allow contains {"rule": "all"}
				limit contains {"rule": "rows", "max_rows": 3} if contains(input.command.text, "/* 3 rows */")
				limit contains {"rule": "bytes", "max_bytes": 2000} if contains(input.command.text, "/* 2 kB */")
				limit contains {"rule": "time", "timeout": "300ms"} if contains(input.command.text, "/* 300 ms */")
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

	test("as many rows as are allowed come, and not one more", async () => {
		const three = await client.ask([query("SELECT generate_series(1, 3) /* 3 rows */")]);
		assert.equal(outline(three), "T D D D C(SELECT 3) ZI");
		const four = await client.ask([query("SELECT generate_series(1, 4) /* 3 rows */")]);
		assert.equal(outline(four), "T D D D E(54000) ZI");
		assert.match(errorOf(four).get("M") ?? "", /more than the 3 rows/);
		const extended = await client.ask([...run("SELECT generate_series(1, 1000000) /* 3 rows */"), SYNC]);
		assert.equal(outline(extended), "1 2 D D D E(54000) ZI");
		await alive();
	});

	test("an allowed number of rows counts over all Executes of a portal", async () => {
		const text = "SELECT generate_series(1, 9) /* 3 rows */";
		const sent = [parse(text), bind(), describe.portal(), execute("", 2), execute("", 2), execute("", 2)];
		assert.equal(outline(await client.ask([...sent, SYNC])), "1 2 T D D s D E(54000) ZI");
	});

	test("bytes are counted as well", async () => {
		const little = await client.ask([query("SELECT repeat('x', 1000) /* 2 kB */")]);
		assert.equal(outline(little), "T D C(SELECT 1) ZI");
		const much = "SELECT repeat('x', 1000) FROM generate_series(1, 5) /* 2 kB */";
		assert.match(outline(await client.ask([query(much)])), /^T (D )?E\(54000\) ZI$/);
		assert.match(outline(await client.ask([...run(much), SYNC])), /^1 2 (D )?E\(54000\) ZI$/);
		assert.equal(outline(await client.ask([query("SELECT repeat('x', 5000) /* 2 kB */")])), "T E(54000) ZI");
	});

	test("a limit within a block aborts the block", async () => {
		await client.ask([query("BEGIN")]);
		const cut = await client.ask([query("SELECT generate_series(1, 9) /* 3 rows */")]);
		assert.equal(outline(cut), "T D D D E(54000) ZE");
		assert.equal(outline(await client.ask([query("ROLLBACK")])), "C(ROLLBACK) ZI");
		await client.ask([query("BEGIN")]);
		const several = await client.ask([query("SELECT 1; SELECT generate_series(1, 9) /* 3 rows */")]);
		assert.match(outline(several), /^T D C\(SELECT 1\) T D D E\(54000\) ZE$/);
		assert.equal(outline(await client.ask([query("COMMIT")])), "C(ROLLBACK) ZI");
	});

	test("a change whose rows pass the limit is not made, and one that stays below it is", async () => {
		const insert = (rows: number) =>
			`INSERT INTO t SELECT generate_series(1, ${rows}) RETURNING a /* 3 rows */`;
		assert.equal(outline(await client.ask([query(insert(3))])), "T D D D C(INSERT 0 3) ZI");
		assert.equal(await count(), "3");
		assert.equal(outline(await client.ask([query(insert(4))])), "T D D D E(54000) ZI");
		assert.equal(outline(await client.ask([...run(insert(4)), SYNC])), "1 2 D D D E(54000) ZI");
		const wide = "INSERT INTO t SELECT generate_series(1, 500) RETURNING a, repeat('x', 100) /* 2 kB */";
		assert.match(outline(await client.ask([query(wide)])), /^T (D )*E\(54000\) ZI$/);
		assert.match(outline(await client.ask([...run(wide), SYNC])), /^1 2 (D )*E\(54000\) ZI$/);
		assert.equal(await count(), "3");
		await alive();
	});

	test("a change is not sent where a limit could only be found passed when it stands", async () => {
		const texts = [
			"INSERT INTO t VALUES (1); SELECT generate_series(1, 100000) /* 3 rows */",
			"SELECT generate_series(1, 9) /* 3 rows */; INSERT INTO t VALUES (1)",
			"SELECT 1; INSERT INTO t SELECT generate_series(1, 9) RETURNING a /* 3 rows */",
			"BEGIN; INSERT INTO t VALUES (1); SELECT 1 /* 3 rows */; COMMIT",
			"COPY (INSERT INTO t SELECT generate_series(1, 9) RETURNING a) TO STDOUT /* 3 rows */",
			"COPY (SELECT nextval('s') FROM generate_series(1, 9)) TO STDOUT /* 3 rows */",
		];
		for (const text of texts) {
			const logged = await pair.logged(async () => {
				assert.equal(outline(await client.ask([query(text)])), "E(42501) ZI", text);
			});
			assert.doesNotMatch(logged, /3 rows/);
		}
		assert.equal(await count(), "0");
	});

	test("a COPY to the client that passes a limit is cut", async () => {
		const text = "COPY (SELECT generate_series(1, 100000)) TO STDOUT /* 3 rows */";
		assert.match(outline(await client.ask([query(text)])), /^H d d d E\(54000\) ZI$/);
		assert.match(outline(await client.ask([...run(text), SYNC])), /^1 2 H d d d E\(54000\) ZI$/);
		const wide = "COPY (SELECT repeat('x', 900) FROM generate_series(1, 9)) TO STDOUT /* 2 kB */";
		assert.match(outline(await client.ask([query(wide)])), /^H (d ){0,2}E\(54000\) ZI$/);
		await alive();
	});

	test("rows of a cursor are counted by the FETCH", async () => {
		await client.ask([query("BEGIN; DECLARE c CURSOR FOR SELECT generate_series(1, 100)")]);
		assert.equal(outline(await client.ask([query("FETCH 3 FROM c /* 3 rows */")])), "T D D D C(FETCH 3) ZT");
		const all = outline(await client.ask([query("FETCH ALL FROM c /* 3 rows */")]));
		assert.equal(all, "T D D D E(54000) ZE");
	});

	test("what takes too long is cancelled, and says so; the next command is not hit by the cancel", async () => {
		const slow = await client.ask([query("SELECT pg_sleep(10) /* 300 ms */")]);
		assert.equal(outline(slow), "T E(57014) ZI");
		assert.match(errorOf(slow).get("M") ?? "", /policy gives it 300 ms/);
		for (let round = 0; round < 5; round++) {
			const sent = [...run("SELECT pg_sleep(0.3) /* 300 ms */"), SYNC, ...run("SELECT pg_sleep(0.02)"), SYNC];
			assert.match(
				outline(await client.ask(sent, 2)),
				/^1 2 (D C\(SELECT 1\)|E\(57014\)) ZI 1 2 D C\(SELECT 1\) ZI$/,
			);
		}
		await alive();
	});

	test("a change that is cancelled for time is not made", async () => {
		const text = "INSERT INTO t SELECT 1 FROM pg_sleep(10) /* 300 ms */";
		assert.equal(outline(await client.ask([query(text)])), "E(57014) ZI");
		assert.equal(outline(await client.ask([...run(text), SYNC])), "1 2 E(57014) ZI");
		assert.equal(await count(), "0");
	});
});

suite("the client's own cancel", () => {
	let pair: Pair;

	before(async () => {
		pair = await startPair({ schema: "CREATE TABLE t (a int)" });
	});
	after(() => pair.stop());

	/** Answers when the server is at it. */
	async function running(text: string): Promise<void> {
		const asked = `SELECT 1 FROM pg_stat_activity WHERE query = '${text}' AND wait_event = 'PgSleep'`;
		for (let tries = 0; tries < 500; tries++) {
			if ((await pair.postgres.query(asked)).length > 0) return;
			await sleep(10);
		}
		assert.fail(`${text} does not run`);
	}

	test("ends what runs, and nothing that comes after it", async () => {
		const client = await pair.through();
		for (let round = 0; round < 10; round++) {
			client.send(...run("SELECT pg_sleep(10)"), SYNC);
			await running("SELECT pg_sleep(10)");
			await client.cancel();
			client.send(...run("SELECT pg_sleep(0.01)"), SYNC, query("SELECT pg_sleep(0.01)"));
			const answer = outline(await client.ready(3));
			assert.equal(answer, "1 2 E(57014) ZI 1 2 D C(SELECT 1) ZI T D C(SELECT 1) ZI");
		}
		client.close();
	});

	test("does nothing to a session that is idle, nor with a wrong key, nor with another session's", async () => {
		const [client, other] = [await pair.through(), await pair.through()];
		await client.cancel();
		assert.equal(outline(await client.ask([query("SELECT pg_sleep(0.05)")])), "T D C(SELECT 1) ZI");
		client.send(query("SELECT pg_sleep(0.5)"));
		const { processId, secret } = client.key ?? assert.fail();
		const wrong = Buffer.from(secret.map((byte) => byte ^ 1));
		await client.cancel({ processId, secret: wrong });
		await client.cancel({ processId, secret: Buffer.alloc(4) });
		await client.cancel({ processId, secret: other.key?.secret ?? assert.fail() });
		await client.cancel({ processId: processId + 1, secret });
		await client.cancel(other.key);
		assert.equal(outline(await client.ready()), "T D C(SELECT 1) ZI");
		client.close();
		other.close();
	});

	test("of a session that has ended is of no use to anybody", async () => {
		const client = await pair.through();
		const { key } = client;
		client.close();
		const next = await pair.through();
		next.send(query("SELECT pg_sleep(0.2)"));
		await next.cancel(key);
		assert.equal(outline(await next.ready()), "T D C(SELECT 1) ZI");
		next.close();
	});
});
