import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { errorOf, notices, outline, rows } from "../../support/wire-client.ts";
import { bind, execute, parse, query, SYNC } from "../../support/wire-messages.ts";
import { type Pair, packsOf, startPair } from "../../support/wire-pair.ts";

describe("types that Parse declares", () => {
	let pair: Pair;
	before(async () => {
		pair = await startPair({
			policy: packsOf({}),
			schema: `
				CREATE FUNCTION told(text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE NOTICE ''ran''; RETURN true; END';
				CREATE DOMAIN checked AS text CHECK (told(VALUE));
				CREATE DOMAIN free AS text;
				CREATE TYPE holder AS (x checked);
				CREATE TYPE mood AS ENUM ('sad', 'happy');
				CREATE TABLE secrets (v text);
				CREATE FUNCTION shown(text, int) RETURNS boolean LANGUAGE plpgsql AS
					'BEGIN EXECUTE ''SELECT v FROM secrets''; RAISE NOTICE ''ran''; RETURN true; END';
				CREATE OPERATOR = (LEFTARG = text, RIGHTARG = int, FUNCTION = shown);
				CREATE TABLE t (v text);
				INSERT INTO t VALUES ('1');`,
		});
	});
	after(() => pair.stop());

	const ask = async (type: string, value: string) => {
		const [row] = await pair.postgres.query(`SELECT '${type}'::regtype::oid`);
		const client = await pair.through();
		const messages = [parse("SELECT $1", "", [Number(row?.[0])]), bind("", "", [value]), execute(), SYNC];
		const answer = await client.ask(messages);
		client.close();
		return answer;
	};

	for (const [type, value] of [
		["checked", "x"],
		["checked[]", "{x}"],
		["holder", "(x)"],
	] as const) {
		it(`${type}: Bind would run a function that no text names, and it is refused`, async () => {
			const answer = await ask(type, value);
			assert.equal(outline(answer), "E(0A000) ZI");
			assert.match(errorOf(answer).get("M") ?? "", /domain with checks/);
			assert.deepEqual(notices(answer), []);
		});
	}

	for (const [type, allowed] of [
		["int", false],
		["text", true],
	] as const) {
		it(`${type}: an operator is that for the declared type`, async () => {
			const oid = Number((await pair.postgres.query(`SELECT '${type}'::regtype::oid`))[0]?.[0]);
			const client = await pair.through();
			const wire = await client.ask([
				parse("SELECT v FROM t WHERE v = $1", "", [oid]),
				bind("", "", ["1"]),
				execute(),
				SYNC,
			]);
			await client.ask([query(`PREPARE p (${type}) AS SELECT v FROM t WHERE v = $1`)]);
			const prepared = await client.ask([query("EXECUTE p ('1')")]);
			client.close();
			for (const answer of [wire, prepared]) {
				assert.deepEqual(notices(answer), []);
				assert.equal(rows(answer).length, allowed ? 1 : 0, outline(answer));
			}
		});
	}

	for (const [type, value] of [
		["free", "x"],
		["mood", "sad"],
		["int", "1"],
	] as const) {
		it(`${type} is taken`, async () => assert.deepEqual(rows(await ask(type, value)), [[value]]));
	}
});
