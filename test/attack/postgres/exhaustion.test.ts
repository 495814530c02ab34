import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe as suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startGateway } from "../../support/gateway.ts";
import { errorOf, outline, rows, WireClient } from "../../support/wire-client.ts";
import { bind, execute, parse, query, run, SYNC } from "../../support/wire-messages.ts";
import { type Pair, policyOf, startPair } from "../../support/wire-pair.ts";

const MB = 1 << 20;
const WAITING_BYTES = 16 * MB;
/** What the kernel's buffers between two processes take at most. */
const IN_SOCKETS = 16 * MB;

suite("a client that takes more than its share", () => {
	let pair: Pair;

	before(async () => {
		pair = await startPair({
			schema: "CREATE TABLE secret (a int)",
			postgres: { settings: { log_statement: "none" } }, // a parameter of 100 MB would be logged
			policy: policyOf(`
				allow contains {"rule": "all"}
				record contains {"rule": "commands", "level": "commands"}
				deny contains {"rule": "secret"} if input.command.statements[_].relations[_].name == "secret"
			`),
			merge: {
				limits: {
					...{ drain_timeout: "2s", message_bytes: 134_217_728, sessions: 20 },
					waiting_bytes: WAITING_BYTES,
				},
			},
		});
		await warm();
	});
	after(() => pair.stop());

	/** Resident memory of the gateway's process, in bytes. */
	function memory(): number {
		const status = readFileSync(`/proc/${pair.gateway.pid}/status`, "utf8");
		return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
	}
	/** A WebAssembly module that is new is compiled better in the background, which takes much memory for a moment. */
	async function warm(): Promise<void> {
		const client = await pair.through();
		for (let count = 0; count < 50; count++)
			await client.ask([query(`SELECT repeat('x', ${count}), ${count} + 1`)]);
		client.close();
		for (let last = 0, now = memory(), still = 0; still < 5; last = now, now = memory()) {
			still = Math.abs(now - last) < 2 * MB ? still + 1 : 0;
			await sleep(100);
		}
	}

	/** The most that it grew while `work` was done. */
	async function growth(work: () => Promise<unknown>): Promise<number> {
		const start = memory();
		let most = start;
		const timer = setInterval(() => {
			most = Math.max(most, memory());
		}, 20);
		await work();
		clearInterval(timer);
		return most - start;
	}

	test("a result of 1 GB that nobody reads waits on the server, not in the gateway", async () => {
		const client = await pair.through();
		const grown = await growth(async () => {
			client.socket.pause();
			client.send(query("SELECT repeat('x', 1000000) FROM generate_series(1, 1000)"));
			await sleep(1_500);
		});
		assert.ok(grown < 100 * MB, `${grown} bytes`);
		client.close();
	});

	test("a value of 100 MB passes both ways, and several of them don't pile up", async () => {
		const client = await pair.through();
		const value = Buffer.alloc(100 * MB, "v");
		const text = [parse("SELECT length($1::text)"), bind("", "", [value.toString()]), execute(), SYNC];
		assert.deepEqual(rows(await client.ask(text)), [[String(100 * MB)]]);
		client.socket.removeAllListeners("data");
		let received = 0;
		client.socket.on("data", (chunk: Buffer) => {
			received += chunk.length;
		});
		const grown = await growth(async () => {
			client.send(query(`SELECT repeat('x', ${100 * MB}) FROM generate_series(1, 2)`));
			for (let tries = 0; tries < 1000 && received < 200 * MB; tries++) await sleep(10);
		});
		assert.ok(received >= 200 * MB, `${received} bytes came`);
		assert.ok(grown < 150 * MB, `${grown} bytes`);
		client.close();
	});

	test("a client that asks on and on and reads no answer is not heard any more", async () => {
		for (const batch of [
			[query("SELECT * FROM secret")],
			[parse("SELECT * FROM secret"), SYNC],
			[parse("selec"), SYNC],
			[...run("SELECT 1"), SYNC],
		]) {
			const client = await pair.through();
			client.socket.pause();
			const much = Buffer.concat(Array.from({ length: 2_000 }, () => Buffer.concat(batch)));
			const grown = await growth(async () => {
				for (let count = 0; count < 10; count++) client.send(much);
				await sleep(700);
			});
			assert.ok(grown < 120 * MB, `${grown} bytes`);
			client.socket.resume();
			client.close();
		}
		const next = await pair.through();
		assert.equal(outline(await next.ask([query("SELECT 1")])), "T D C(SELECT 1) ZI");
		next.close();
	});

	test("what is sent ahead of a command that runs is read up to limits.waiting_bytes, and no further", async () => {
		const client = await pair.through();
		client.send(query("DO $$ BEGIN EXECUTE 'SELECT pg_sleep(30)'; END $$")); // it may change what the next one means
		const ahead = query(`SELECT 1 -- ${"x".repeat(MB / 16)}`);
		let taken = 0;
		let enough = false;
		const sendOn = () => {
			if (enough || taken > 60 * MB) return;
			client.socket.write(ahead, () => {
				taken += ahead.length;
				sendOn();
			});
		};
		sendOn();
		for (let last = -1, still = 0; still < 10; last = taken) {
			await sleep(50);
			still = taken === last ? still + 1 : 0;
		}
		enough = true;
		assert.ok(taken >= WAITING_BYTES, `${taken} bytes`);
		assert.ok(taken < WAITING_BYTES + IN_SOCKETS, `${taken} bytes`);
		await client.cancel();
		assert.equal(outline(await client.ready()).slice(0, 11), "E(57014) ZI");
		client.close();
	});

	test("texts that a parser chokes on are refused, and others parsed after them", async () => {
		const client = await pair.through();
		for (const text of [
			`SELECT ${"(".repeat(100_000)}1${")".repeat(100_000)}`,
			`SELECT ${"1+".repeat(20_000)}1`,
			`SELECT ${"/*".repeat(20_000)}${"*/".repeat(20_000)} 1`,
			`SELECT ${"NOT ".repeat(30_000)}true`,
			`SELECT '${"x".repeat(2_000_000)}'`,
			`SELECT ${"-".repeat(30_000)}1`,
			`SELECT 1 WHERE 1 IN (${Array.from({ length: 20_000 }, (_, at) => at).join()})`,
			`SELECT ${"a.".repeat(50_000)}a`,
			`${"SELECT 1;".repeat(5_000)}`,
			`SELECT ${"CASE WHEN true THEN ".repeat(5_000)}1${" END".repeat(5_000)}`,
			`${"WITH a AS (".repeat(2_000)}SELECT 1${") SELECT 1".repeat(2_000)}`,
			`SELECT $x$${"$".repeat(100_000)}`,
		]) {
			const answer = outline(await client.ask([query(text)]));
			assert.match(answer, /ZI$/, text.slice(0, 40));
		}
		assert.equal(outline(await client.ask([query("SELECT 1")])), "T D C(SELECT 1) ZI");
		client.close();
	});

	test("more sessions than there may be are told so; connections without a word don't keep others out", async () => {
		const silent = await Promise.all(Array.from({ length: 100 }, () => WireClient.open(pair.address())));
		const clients: WireClient[] = [];
		for (let tries = 0; tries < 800 && clients.length < 20; tries++) {
			const client = await pair.through().catch(() => null); // sessions of the tests before may still be closing
			if (client === null) await sleep(20);
			else clients.push(client);
		}
		assert.equal(clients.length, 20);
		await assert.rejects(pair.through(), /E\(53300\)/);
		for (const client of clients) client.close();
		let next: WireClient | null = null;
		for (let tries = 0; tries < 100 && next === null; tries++) {
			next = await pair.through().catch(() => null);
			if (next === null) await sleep(20);
		}
		assert.ok(next !== null);
		next.close();
		for (const client of silent) client.close();
	});
});

suite("a gateway that has lost something", () => {
	let pair: Pair;

	before(async () => {
		pair = await startPair({
			schema: "CREATE TABLE t (a int)",
			policy: policyOf(`
				allow contains {"rule": "all"}
				deny contains {"rule": "loop"} if {
					contains(input.command.text, "/* loop */")
					count({x | some a in numbers.range(1, 3000); some b in numbers.range(1, 3000); x := a * b}) == 1
				}
				deny contains {"rule": "trap"} if {
					contains(input.command.text, "/* trap */")
					to_number(input.command.text) > 1
				}
				limit contains {"rule": "odd", "timeout": "a fortnight"} if contains(input.command.text, "/* odd */")
			`),
		});
	});
	after(() => pair.stop());

	test("a policy that takes too long, that traps, or that says what nobody understands, denies", async () => {
		const client = await pair.through();
		const logged = await pair.logged(async () => {
			for (const what of ["loop", "trap", "odd"]) {
				const text = `INSERT INTO t VALUES (1) /* ${what} */`;
				assert.equal(outline(await client.ask([query(text)])), "E(42501) ZI", what);
				assert.match(outline(await client.ask([...run(text), SYNC])), /^(1 )?E\(42501\) ZI$/, what);
			}
		});
		assert.doesNotMatch(logged, /INSERT/);
		assert.equal(outline(await client.ask([query("SELECT 1")])), "T D C(SELECT 1) ZI");
		client.close();
	});

	test("a record that can't be written lets nothing pass, says so, and recovers", async () => {
		const client = await pair.through();
		await client.ask([query("BEGIN; INSERT INTO t VALUES (1)")]);
		// Whatever the gateway appends from now on is beyond the largest size that its files may have.
		execFileSync("prlimit", ["--pid", String(pair.gateway.pid), "--fsize=0:unlimited"]);
		const logged = await pair.logged(async () => {
			const refused = await client.ask([query("INSERT INTO t VALUES (2)")]);
			assert.equal(outline(refused), "E(58030) ZE");
			assert.ok((errorOf(refused).get("H") ?? "") !== "");
			assert.equal(outline(await client.ask([query("SELECT 1")])), "E(25P02) ZE");
		});
		assert.doesNotMatch(logged, /VALUES \(2\)/);
		await assert.rejects(pair.through(), /E\(58030\)/);
		client.close();
		assert.match(pair.gateway.log(), /record_unwritable/);
		execFileSync("prlimit", ["--pid", String(pair.gateway.pid), "--fsize=unlimited:unlimited"]);
		let next: WireClient | null = null;
		for (let tries = 0; tries < 200 && next === null; tries++) {
			next = await pair.through().catch(() => null);
			if (next === null) await sleep(50);
		}
		assert.ok(next !== null, "it serves again once there is room");
		assert.equal(outline(await next.ask([query("INSERT INTO t VALUES (3)")])), "C(INSERT 0 1) ZI");
		next.close();
		assert.deepEqual(await pair.postgres.query("SELECT a FROM t"), [["3"]]);
	});

	test("killed, it has recorded whatever it let pass", async () => {
		await pair.postgres.query("TRUNCATE t");
		const client = await pair.through();
		for (let value = 1; value <= 50; value++) client.send(query(`INSERT INTO t VALUES (${value})`));
		client.send(query("SELECT pg_sleep(30), count(*) FROM generate_series(1, 1000000)"));
		await client.ready(20);
		await pair.gateway.kill();
		await client.end();
		const done = (await pair.postgres.query("SELECT a FROM t ORDER BY a")).flat();
		assert.ok(done.length >= 20);
		const record = readdirSync(pair.gateway.recordDir, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
			.join("");
		for (const value of done) assert.ok(record.includes(`INSERT INTO t VALUES (${value})`), `${value}`);
	});

	test("a text that takes longer to analyse than it may can't be judged", async () => {
		const hurried = await startGateway({
			upstream: pair.postgres,
			merge: { limits: { analysis_timeout: "1ms" } },
		});
		try {
			const client = await WireClient.connect({
				...pair.address(hurried.tokens.agent),
				port: hurried.pgPort,
			});
			const items = Array.from({ length: 2_000 }, (_, at) => `(SELECT ${at} AS c${at}) t${at}`);
			const answer = await client.ask([query(`SELECT * FROM ${items.join()}`)]);
			assert.equal(outline(answer), "E(42501) ZI");
			assert.match(errorOf(answer).get("M") ?? "", /longer to analyse than limits.analysis_timeout/);
			client.close();
		} finally {
			await hurried.stop();
		}
	});

	test("without a bundle it lets nobody in", async () => {
		const without = await startGateway({ upstream: pair.postgres, config: { bundles: {} } });
		try {
			const address = { ...pair.address(without.tokens.agent), port: without.pgPort };
			await assert.rejects(WireClient.connect(address), /E\(42501\)/);
		} finally {
			await without.stop();
		}
	});
});
