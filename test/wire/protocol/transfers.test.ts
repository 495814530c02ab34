import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe as suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { WireClient } from "../../support/wire-client.ts";
import { COPY_DONE, copyData, query } from "../../support/wire-messages.ts";
import { type Pair, startPair } from "../../support/wire-pair.ts";

const ROWS = 60_000;

/** Each row another length and other bytes, so that a byte in the wrong place shows. */
const TEXT = (seed: number) =>
	`SELECT i, md5((i + ${seed})::text), repeat(md5((i * ${seed})::text), i % 9) FROM generate_series(1, ${ROWS}) i`;

suite("what is passed on is what came, byte for byte", () => {
	let pair: Pair;

	before(async () => {
		pair = await startPair({ schema: "CREATE TABLE lines (number int, line text)" });
	});
	after(() => pair.stop());

	/** The digest of an answer up to ReadyForQuery, read as slowly as `pause` says. */
	async function digest(client: WireClient, sql: string, pause: () => Promise<void> | undefined) {
		const hash = createHash("sha256");
		let bytes = 0;
		client.socket.removeAllListeners("data");
		const done = new Promise<void>((resolve) => {
			client.socket.on("data", (chunk: Buffer) => {
				hash.update(chunk);
				bytes += chunk.length;
				if (chunk.subarray(-6).toString("latin1") === "Z\0\0\0\x05I") return resolve();
				const pausing = pause();
				if (pausing === undefined) return;
				client.socket.pause();
				void pausing.then(() => client.socket.resume());
			});
		});
		client.send(query(sql));
		await done;
		client.close();
		return { bytes, hash: hash.digest("hex") };
	}

	/** Stops now and then for long enough that the gateway has to wait with what it holds. */
	function halting(): () => Promise<void> | undefined {
		let count = 0;
		return () => (count++ % 40 === 0 ? sleep(15) : undefined);
	}

	for (const form of ["rows", "copy"] as const) {
		test(`${form}: to clients of different speed at the same time`, async () => {
			const sql = (seed: number) => (form === "rows" ? TEXT(seed) : `COPY (${TEXT(seed)}) TO STDOUT`);
			const never = () => undefined;
			const paces = [never, halting(), halting(), never];
			const through = paces.map(async (pace, at) => digest(await pair.through(), sql(at + 1), pace));
			const direct = paces.map(async (_, at) => digest(await pair.direct(), sql(at + 1), never));
			assert.deepEqual(await Promise.all(through), await Promise.all(direct));
		});
	}

	test("COPY FROM STDIN: while the server reads slowly", async () => {
		const client = await pair.through();
		const lines = Array.from({ length: ROWS }, (_, at) => `${at}\t${`line ${at} `.repeat(at % 23)}\n`);
		const expected = createHash("md5");
		for (const line of lines) expected.update(line);
		await pair.postgres.query(`CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			IF new.number % 6000 = 0 THEN PERFORM pg_sleep(0.03); END IF; RETURN new; END $$`);
		await pair.postgres.query(
			"CREATE TRIGGER slow BEFORE INSERT ON lines FOR EACH ROW EXECUTE FUNCTION slow()",
		);
		client.send(query("COPY lines FROM STDIN"));
		await client.until("G");
		for (let at = 0; at < ROWS; at += 50) {
			const written = client.socket.write(copyData(lines.slice(at, at + 50).join("")));
			if (!written) await new Promise((resolve) => client.socket.once("drain", resolve));
		}
		await client.ask([COPY_DONE]);
		client.close();
		const [[stored] = []] = await pair.postgres.query(
			"SELECT md5(string_agg(number || E'\\t' || line || E'\\n', '' ORDER BY number)) FROM lines",
		);
		assert.equal(stored, expected.digest("hex"));
	});
});
