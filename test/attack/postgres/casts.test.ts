import assert from "node:assert/strict";
import { after, before, describe as suite, test } from "node:test";
import { errorOf, outline } from "../../support/wire-client.ts";
import { query } from "../../support/wire-messages.ts";
import { type Pair, policyOf, startPair } from "../../support/wire-pair.ts";

const SCHEMA = `
CREATE TABLE victim (a int);
CREATE TYPE pack AS (a int, b text);
CREATE DOMAIN boxed AS pack;
CREATE DOMAIN crate AS boxed;
CREATE DOMAIN label AS text;
CREATE TYPE holder AS (one text);
CREATE FUNCTION emptied(pack) RETURNS text LANGUAGE plpgsql AS 'BEGIN DELETE FROM victim; RETURN 1; END';
CREATE CAST (pack AS text) WITH FUNCTION emptied(pack) AS ASSIGNMENT;
CREATE FUNCTION counted(pack) RETURNS int LANGUAGE plpgsql AS 'BEGIN DELETE FROM victim; RETURN 1; END';
CREATE CAST (pack AS int) WITH FUNCTION counted(pack) AS IMPLICIT;
CREATE TABLE t (plain pack, one boxed, two crate, many pack[], boxes boxed[]);
INSERT INTO t VALUES ((1, 'x'), (1, 'x'), (1, 'x'), ARRAY[(1, 'x')::pack], ARRAY[(1, 'x')::pack::boxed]);
CREATE TABLE texts (a text, b text[])`;

/** Each runs a user's cast, which empties a table. */
const CASTS = [
	"SELECT plain::text FROM t",
	"SELECT one::text FROM t",
	"SELECT two::text FROM t",
	"SELECT two::label FROM t",
	"SELECT CAST(one AS int) FROM t",
	"SELECT one + 1 FROM t",
	"SELECT abs(two) FROM t",
	"SELECT many::text[] FROM t",
	"SELECT boxes::text[] FROM t",
	"SELECT many::int[] FROM t",
	"SELECT ROW(one)::holder FROM t",
	"SELECT ('(1,x)'::boxed)::text",
	"SELECT (SELECT one FROM t)::text",
	"SELECT x::text FROM unnest((SELECT boxes FROM t)) AS x",
	"SELECT coalesce(one, one)::text FROM t",
	"SELECT 1 FROM t WHERE one = 1",
	"SELECT 1 FROM t ORDER BY two::text",
	"WITH c AS (SELECT two AS it FROM t) SELECT it::text FROM c",
];

for (const version of [15, 18] as const)
	suite(`users' casts from what a type is made of, PostgreSQL ${version}`, () => {
		let pair: Pair;
		before(async () => {
			pair = await startPair({
				postgres: { version },
				schema: SCHEMA,
				policy: policyOf(`
					allow contains {"rule": "reads"} if input.command.statements[_].effect == "read"
					deny contains {"rule": "no-writes"} if count(input.command.writes) > 0
				`),
			});
		});
		after(() => pair.stop());
		const left = async () => (await pair.postgres.query("SELECT count(*) FROM victim"))[0]?.[0];

		for (const text of CASTS)
			test(text, async () => {
				await pair.postgres.query("TRUNCATE victim; INSERT INTO victim VALUES (1)");
				await pair.postgres.query(text);
				assert.equal(await left(), "0", "it does harm where nothing is in the way");
				await pair.postgres.query("INSERT INTO victim VALUES (1)");
				const client = await pair.through();
				const answer = await client.ask([query(text)]);
				client.close();
				assert.equal(outline(answer), "E(42501) ZI");
				assert.match(errorOf(answer).get("M") ?? "", /denied by policy/);
				assert.equal(await left(), "1");
			});
	});
