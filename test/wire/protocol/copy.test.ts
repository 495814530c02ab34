import assert from "node:assert/strict";
import { after, before, beforeEach, describe as suite, test } from "node:test";
import { outline, type WireClient } from "../../support/wire-client.ts";
import {
	COPY_DONE,
	copyData,
	copyFail,
	execute,
	FLUSH,
	message,
	parse,
	query,
	run,
	SYNC,
} from "../../support/wire-messages.ts";
import { type Pair, policyOf, startPair } from "../../support/wire-pair.ts";

suite("COPY FROM STDIN", () => {
	let pair: Pair;
	let client: WireClient;

	before(async () => {
		pair = await startPair({
			schema: "CREATE TABLE t (a int); CREATE TABLE closed (a int)",
			policy: policyOf(`
				allow contains {"rule": "all"}
				deny contains {"rule": "closed"} if input.command.writes[_].relation == "public.closed"
				limit contains {"rule": "time", "timeout": "1s"} if contains(input.command.text, "/* in a second */")
			`),
		});
	});
	after(() => pair.stop());
	beforeEach(async () => {
		await pair.postgres.query("TRUNCATE t");
		client?.close();
		client = await pair.through();
	});

	const copied = async () => (await pair.postgres.query("SELECT count(*), sum(a) FROM t"))[0];
	const alive = async () =>
		assert.equal(outline(await client.ask([query("SELECT 1")])), "T D C(SELECT 1) ZI");

	test("one text may copy twice, its data all sent beforehand", async () => {
		const both = [query("COPY t FROM STDIN; COPY t FROM STDIN"), copyData("1\n"), COPY_DONE];
		const answer = await client.ask([...both, copyData("2\n"), copyData("3\n"), COPY_DONE]);
		assert.equal(outline(answer), "G C(COPY 1) G C(COPY 2) ZI");
		assert.deepEqual(await copied(), ["3", "6"]);
		await alive();
	});

	test("Sync and Flush within it are swallowed, and what follows it in its batch runs", async () => {
		const sent = [...run("COPY t FROM STDIN"), FLUSH, SYNC, copyData("1\n"), SYNC, FLUSH, copyData("2\n")];
		const answer = await client.ask([...sent, COPY_DONE, ...run("SELECT 7"), SYNC]);
		assert.equal(outline(answer), "1 2 G C(COPY 2) 1 2 D C(SELECT 1) ZI");
		assert.equal(outline(await client.quiet()), "");
		assert.deepEqual(await copied(), ["2", "3"]);
	});

	test("CopyFail undoes it, in either protocol", async () => {
		const simple = await client.ask([query("COPY t FROM STDIN"), copyData("1\n"), copyFail("no more")]);
		assert.equal(outline(simple), "G E(57014) ZI");
		const extended = [...run("COPY t FROM STDIN"), copyData("1\n"), copyFail("no"), ...run("SELECT 1"), SYNC];
		assert.equal(outline(await client.ask(extended)), "1 2 G E(57014) ZI");
		assert.deepEqual(await copied(), ["0", null]);
		await alive();
	});

	test("a row that the server refuses ends it; the data still on its way is dropped", async () => {
		client.send(...run("COPY t FROM STDIN"), copyData("1\n"), copyData("not a number\n"));
		assert.equal(outline(await client.until("E")), "1 2 G E(22P02)");
		client.send(copyData("2\n"), copyData("3\n"), SYNC);
		assert.equal(outline(await client.ready()), "ZI");
		client.send(query("COPY t FROM STDIN"), copyData("not a number\n"));
		assert.equal(outline(await client.ready()), "G E(22P02) ZI");
		client.send(copyData("2\n"), COPY_DONE);
		await alive();
		assert.deepEqual(await copied(), ["0", null]);
	});

	test("another message within it ends it with an error and is not looked at", async () => {
		const answer = await client.ask([
			query("COPY t FROM STDIN"),
			copyData("1\n"),
			query("INSERT INTO t VALUES (9)"),
		]);
		assert.equal(outline(answer), "G E(57014) ZI");
		const extended = [...run("COPY t FROM STDIN"), copyData("1\n"), parse("INSERT INTO t VALUES (9)"), SYNC];
		assert.equal(outline(await client.ask(extended)), "1 2 G E(57014) ZI");
		await alive();
		assert.deepEqual(await copied(), ["0", null]);
	});

	test("a denied one asks for no data, and data that was sent for it goes nowhere", async () => {
		const logged = await pair.logged(async () => {
			const answer = await client.ask([query("COPY closed FROM STDIN"), copyData("1\n"), COPY_DONE]);
			assert.equal(outline(answer), "E(42501) ZI");
			const extended = [...run("COPY closed FROM STDIN"), copyData("1\n"), COPY_DONE, SYNC];
			assert.equal(outline(await client.ask(extended)), "E(42501) ZI");
			await alive();
		});
		assert.doesNotMatch(logged, /closed/);
	});

	test("COPY messages outside of it are dropped", async () => {
		const junk = [copyData("1\n"), COPY_DONE, copyFail("x")];
		const answer = await client.ask(
			[...junk, ...run("SELECT 1"), ...junk, SYNC, ...junk, query("SELECT 2")],
			2,
		);
		assert.equal(outline(answer), "1 2 D C(SELECT 1) ZI T D C(SELECT 1) ZI");
	});

	test("the client's cancel ends it at once, though the client sends nothing more", async () => {
		client.send(query("COPY t FROM STDIN"), copyData("1\n"));
		await client.until("G");
		await client.cancel();
		assert.equal(outline(await client.ready()), "E(57014) ZI");
		client.send(copyData("2\n"), COPY_DONE);
		await alive();
		assert.deepEqual(await copied(), ["0", null]);
	});

	test("a time limit ends it at once, whether or not data comes", async () => {
		client.send(query("COPY t FROM STDIN /* in a second */"), copyData("1\n"));
		assert.equal(outline(await client.ready()), "G E(57014) ZI");
		client.send(...run("COPY t FROM STDIN /* in a second */"));
		await client.until("G");
		const timer = setInterval(() => client.send(copyData("1\n")), 20);
		await client.until("E");
		clearInterval(timer);
		assert.equal(outline(await client.ask([SYNC])), "ZI");
		await alive();
		assert.deepEqual(await copied(), ["0", null]);
	});

	test("a cancel on its way when the server begins to ask for data ends it", async () => {
		// The server is held still with the COPY before it, so that the signal is there first and comes to nothing.
		process.kill(client.key?.processId ?? 0, "SIGSTOP");
		client.send(query("COPY t FROM STDIN"), copyData("1\n"), copyFail("given up"));
		await client.cancel();
		process.kill(client.key?.processId ?? 0, "SIGCONT");
		assert.match(outline(await client.ready()), /^(G )?E\(57014\) ZI$/);
		await alive();
		assert.deepEqual(await copied(), ["0", null]);
	});

	test("a client that goes away in the middle of it leaves nothing behind", async () => {
		client.send(query("COPY t FROM STDIN"), copyData("1\n"));
		await client.until("G");
		client.close();
		const busy = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY t%'";
		for (let tries = 0; tries < 100 && (await pair.postgres.query(busy))[0]?.[0] !== "0"; tries++)
			await new Promise((resolve) => setTimeout(resolve, 20));
		assert.deepEqual(await pair.postgres.query(busy), [["0"]]);
		assert.deepEqual(await copied(), ["0", null]);
	});

	test("bytes that are no message within it end the session, and nothing of it stays", async () => {
		client.send(query("COPY t FROM STDIN"), copyData("1\n"));
		await client.until("G");
		client.send(Buffer.from([0x64, 0, 0, 0, 3]));
		assert.match(outline(await client.end()), /^E\(08P01\)$/);
		assert.deepEqual(await copied(), ["0", null]);
	});

	test("an Execute of a COPY cannot be run again, nor ended twice", async () => {
		const sent = [...run("COPY t FROM STDIN"), copyData("1\n"), COPY_DONE, COPY_DONE, execute(), SYNC];
		assert.equal(outline(await client.ask(sent)), "1 2 G C(COPY 1) E(55000) ZI");
		assert.equal(outline(await client.ask([message("c"), SYNC])), "ZI");
	});
});
