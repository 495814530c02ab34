import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import pg from "pg";
import { Grammar, GrammarError } from "../../../../../src/protocols/postgres/grammar/index.ts";
import { type RunningPostgres, startPostgres } from "../../../../support/postgres.ts";

/** Texts that the server's scanner and grammar refuse: each must get from us what it gets from the server. */
const REFUSED = [
	"SELEC 1",
	"SELECT FROM FROM",
	"SELECT (1",
	"SELECT 1)",
	"SELECT 'abc",
	'SELECT "abc',
	'SELECT ""',
	"SELECT $tag$ abc",
	"SELECT /* never closed",
	"SELECT E'\\u12'",
	"SELECT E'\\xff'",
	"SELECT U&'\\00zz'",
	"SELECT U&'\\d800'",
	"SELECT U&'d!0061' UESCAPE '+'",
	"SELECT U&'d!0061' UESCAPE",
	"SELECT B'12a' FROM",
	"SELECT 'é' , é é é",
	"SELECT '日本語' FROM FROM x",
	"SELECT '🎉🎉' FROM WHERE",
	"/* 🎉 é */ SELECT 1 +",
	"-- é\nSELECT 'ß', ,",
	"SELECT 1; SELECT 2; SELEC 3",
	"INSERT INTO t VALUES (1,)",
	"UPDATE t SET WHERE a = 1",
	"DELETE t WHERE a = 1",
	"CREATE TABLE t (a int,)",
	"CREATE TABLE t (a int NOT NULL NULL b)",
	"ALTER TABLE t ADD COLUMN",
	"SELECT * FROM t ORDER",
	"SELECT a FROM t GROUP BY HAVING a",
	"SELECT a b c d",
	"SELECT 1 = 2 = 3",
	"SELECT interval(1) '1 day' second(2) x y",
	"SELECT CAST(1 AS)",
	"SELECT CASE WHEN 1 THEN 2",
	"WITH a AS (SELECT 1",
	"WITH a SELECT 1",
	"COPY t FROM STDIN WITH (FORMAT",
	"GRANT SELECT ON t",
	"EXPLAIN EXPLAIN SELECT 1",
	"PREPARE p AS PREPARE q AS SELECT 1",
	"CREATE ASSERTION a CHECK (true)",
	"CREATE TABLE t (a int REFERENCES b MATCH PARTIAL)",
	"SELECT 1 LIMIT 1, 2",
	"SELECT * FROM a LEFT b",
	"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ select 1",
	"SELECT 'a' 'b'",
	"SELECT 'a' /* c */ 'b'",
	"SELECT 'a' /* c */\n 'b'",
	"SELECT a NOT /* c */ IN",
	"SELECT :name",
	"SELECT @@",
	"SELECT 1 !",
	"LISTEN 'a'",
	"SET a TO",
	"VALUES",
	"TABLE",
	"SELECT x.* y FROM t x y z",
	"SELECT a.*.b FROM t",
	"SELECT a[1:2:3]",
	"DROP TABLE",
	"TRUNCATE",
	"VACUUM (FULL",
	"LOCK TABLE t IN EXTREME MODE",
	"DECLARE c CURSOR SCROLL NO SCROLL FOR SELECT 1",
	"CREATE VIEW v AS SELECT 1 WITH CHECK",
	"MERGE INTO t USING s WHEN MATCHED",
	"SELECT f(a => 1, 2",
	"SELECT f(VARIADIC a, b)",
	"SELECT count(*) FILTER (WHERE)",
	"SELECT E'\\U00110000'",
	"SELECT E'\\ud800'",
	"SELECT U&'\\+110000'",
	"SELECT E'abc",
	"SELECT /* a /* b */",
	"SELECT 'é' /* é /*",
	"SELECT row_number() OVER (ROWS BETWEEN 1 AND)",
	"SELECT 1 FROM generate_series(1,2) WITH ORDINALITY AS",
	"CREATE INDEX ON t (a NULLS LEAST)",
];

for (const version of [15, 18] as const) {
	describe(`what PostgreSQL ${version} refuses`, () => {
		let server: RunningPostgres;
		let client: pg.Client;
		let grammar: Grammar;
		before(async () => {
			server = await startPostgres({ version });
			client = new pg.Client({
				host: server.socketDir,
				port: server.port,
				user: server.user,
				database: "postgres",
			});
			await client.connect();
			grammar = await Grammar.load(version * 10_000);
		});
		after(async () => {
			await client.end();
			await grammar.close();
			await server.stop();
		});
		for (const text of REFUSED) {
			test(`is refused with the same words at the same place: ${JSON.stringify(text)}`, async () => {
				// The server parses the whole text before it runs anything, so nothing of it runs.
				const server = await client.query(text).then(
					() => null,
					(error: pg.DatabaseError) => ({
						sqlstate: error.code,
						message: error.message,
						position: error.position === undefined ? null : Number(error.position),
					}),
				);
				assert.ok(server !== null, "the server took it");
				const ours = await refusal(grammar, text);
				assert.deepEqual(ours, server);
			});
		}
	});
}

async function refusal(grammar: Grammar, text: string) {
	try {
		await grammar.parse(text);
	} catch (error) {
		assert.ok(error instanceof GrammarError);
		assert.equal(error.code, "sql_syntax");
		return { sqlstate: error.sqlstate, message: error.message, position: error.position };
	}
	return null;
}
