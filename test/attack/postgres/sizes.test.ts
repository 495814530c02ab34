import assert from "node:assert/strict";
import { after, before, describe as suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { encodeStartup } from "../../../src/protocols/postgres/codec/index.ts";
import { slowestAnswerDuring } from "../../support/bystander.ts";
import { errorOf, outline, rows, WireClient } from "../../support/wire-client.ts";
import { bind, close, execute, parse, query, run, SYNC } from "../../support/wire-messages.ts";
import { type Pair, policyOf, startPair } from "../../support/wire-pair.ts";

/** The most columns that a table may have. */
const COLUMNS = 1_600;
/** The most parameters that a Bind can name. */
const PARAMETERS = 65_535;
const STATEMENTS = 50_000;
/** What others may have to wait at most, on a machine that is busy with other tests besides. */
const UNDISTURBED_MS = 3_000;

suite("sizes at the edge of what the protocol allows", () => {
	let pair: Pair;
	let bystander: WireClient;

	before(async () => {
		const columns = Array.from({ length: COLUMNS }, (_, at) => `c${at} ${at % 7 === 0 ? "text" : "int"}`);
		const values = Array.from({ length: COLUMNS }, (_, at) => (at % 7 === 0 ? "'v' || i" : "i"));
		pair = await startPair({
			postgres: { settings: { log_statement: "none" } },
			schema: `CREATE TABLE wide (${columns.join()});
				INSERT INTO wide SELECT ${values.join()} FROM generate_series(1, 50) i;
				CREATE TABLE masked AS SELECT * FROM wide`,
			policy: policyOf(`
				allow contains {"rule": "all"}
				record contains {"rule": "commands", "level": "commands"}
				mask contains {"rule": "pii", "columns": ["public.masked.c7"], "transform": "redact"}
			`),
			merge: { limits: { statements_per_session: STATEMENTS, handshake_timeout: "2s" } },
		});
		bystander = await pair.through();
	});
	after(() => pair.stop());

	async function undisturbed(work: () => Promise<unknown>): Promise<void> {
		const slowest = await slowestAnswerDuring(bystander, work);
		assert.ok(slowest < UNDISTURBED_MS, `another session waited ${slowest.toFixed(0)} ms`);
	}

	test("rows of 1,600 columns, in both protocols, masked too", async () => {
		const [direct, client] = await Promise.all([pair.direct(), pair.through()]);
		await undisturbed(async () => {
			for (const messages of [[query("SELECT * FROM wide")], [...run("SELECT * FROM wide"), SYNC]])
				assert.deepEqual(
					Buffer.concat((await client.ask(messages)).map(({ bytes }) => bytes)),
					Buffer.concat((await direct.ask(messages)).map(({ bytes }) => bytes)),
				);
			const [first = []] = rows(await client.ask([query("SELECT * FROM masked")]));
			assert.equal(first.length, COLUMNS);
			assert.deepEqual(first.slice(6, 9), ["1", "[redacted]", "1"]);
		});
		for (const each of [direct, client]) each.close();
	});

	test("65,535 parameters", async () => {
		const client = await pair.through();
		const names = Array.from({ length: PARAMETERS }, (_, at) => `$${at + 1}`);
		const values = names.map((_, at) => String(at));
		await undisturbed(async () => {
			const text = `SELECT 60000 IN (${names.join()})`;
			assert.deepEqual(rows(await client.ask([...run(text, values), SYNC])), [["t"]]);
		});
		client.close();
	});

	test("50,000 prepared statements, and not one more", async () => {
		const client = await pair.through();
		await undisturbed(async () => {
			for (let at = 0; at < STATEMENTS; at += 1_000) {
				const batch = Array.from({ length: 1_000 }, (_, next) => parse("SELECT $1::int", `s${at + next}`));
				const answer = await client.ask([...batch, SYNC]);
				assert.ok(
					answer.every(({ type }) => type === "1" || type === "Z"),
					outline(answer).slice(0, 300),
				);
			}
		});
		const refused = await client.ask([parse("SELECT 1", "more"), SYNC]);
		assert.equal(errorOf(refused).get("C"), "53400");
		const last = [bind(`s${STATEMENTS - 1}`, "", ["7"]), execute(), close.statement("s0"), SYNC];
		assert.deepEqual(rows(await client.ask(last)), [["7"]]);
		assert.equal(outline(await client.ask([parse("SELECT 1", "more"), SYNC])), "1 ZI");
		client.close();
	});

	test("a value of 300 MB, which is more than may be held, passes where nobody has to look at it", async () => {
		const client = await pair.through();
		client.socket.removeAllListeners("data");
		let received = 0;
		await undisturbed(async () => {
			client.socket.on("data", (chunk: Buffer) => {
				received += chunk.length;
			});
			client.send(query(`SELECT repeat('x', ${300 << 20})`));
			for (let tries = 0; tries < 2_000 && received <= 300 << 20; tries++) await sleep(10);
		});
		assert.ok(received > 300 << 20, `${received} bytes came`);
		client.close();
	});

	test("a byte at a time: no session takes longer than it may to begin, and each is served when it has asked", async () => {
		const slowStart = await Promise.all(
			Array.from({ length: 20 }, () => WireClient.open({ ...pair.address(), password: "" })),
		);
		const slowAsk = await Promise.all(Array.from({ length: 20 }, () => pair.through()));
		const startup = encodeStartup({
			user: "agent",
			database: pair.gateway.database,
			application_name: "slow",
		});
		const asked = query("SELECT 'asked slowly'");
		await undisturbed(async () => {
			for (let at = 0; at < startup.length; at++) {
				for (const client of slowStart) if (!client.ended) client.send(startup.subarray(at, at + 1));
				for (const client of slowAsk) client.send(asked.subarray(at, at + 1));
				await sleep(50);
			}
			for (const client of slowStart) {
				await client.end();
				assert.ok(client.ended);
			}
		});
		for (const client of slowAsk) {
			client.send(asked.subarray(startup.length));
			assert.deepEqual(rows(await client.ready()), [["asked slowly"]]);
			client.close();
		}
	});
});
