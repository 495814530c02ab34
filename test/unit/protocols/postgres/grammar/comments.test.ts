import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import pg from "pg";
import { blank, findComments } from "../../../../../src/protocols/postgres/grammar/comments.ts";
import { Grammar } from "../../../../../src/protocols/postgres/grammar/index.ts";
import { type RunningPostgres, startPostgres } from "../../../../support/postgres.ts";

const blanked = (text: string) => blank(text, findComments(text).spans, "character");

test("a comment becomes blanks, one for each character, and its line ends stay", () => {
	assert.equal(blanked("a /* é🎉\nx */ b -- c\r\nd"), "a      \n     b     \r\nd");
	assert.equal(blanked("/* a /* b */ c */1"), `${" ".repeat(17)}1`);
});

test("with a blank for each byte, what follows keeps its place in bytes", () => {
	const text = "a /* é🎉 */ b";
	const bytes = blank(text, findComments(text).spans, "byte");
	assert.equal(Buffer.byteLength(bytes), Buffer.byteLength(text));
	assert.equal(Buffer.from(bytes).indexOf("b"), Buffer.from(text).indexOf("b"));
});

const UNTOUCHED = [
	"SELECT '--' , '/* */' , '''--'",
	"SELECT E'\\'--' , e'\\\\'",
	'SELECT "--" , "a""/*"',
	"SELECT $$ -- $$ , $a$ /* $$ $a$",
	"SELECT a$b$ , U&'\\' , N'--'",
	"SELECT 1E'\\'--'",
	"SELECT é$$",
];
for (const text of UNTOUCHED) {
	test(`what looks like a comment within quotes is none: ${text}`, () => assert.equal(blanked(text), text));
}

test("a dollar within a name begins no quote, and a minus after an operator begins a comment", () => {
	assert.equal(blanked("SELECT a$$ --x"), "SELECT a$$    ");
	assert.equal(blanked("SELECT 1 +--x\n2 */* c */3"), "SELECT 1 +   \n2 *       3");
});

test("a block comment between two strings stays, for blanks with a line end would make them one", () => {
	assert.equal(blanked("SELECT 'a' /*c*/\n'b' --d"), "SELECT 'a' /*c*/\n'b'    ");
	assert.equal(blanked("SELECT 'a' --c\n'b'"), "SELECT 'a'    \n'b'");
});

/** Each is taken by the server; the second is what must be forwarded, where it isn't the text itself. */
const TAKEN: readonly (readonly [string, string?])[] = [
	["SELECT 1 WHERE 1 NOT /*c*/ IN (2)", "SELECT 1 WHERE 1 NOT       IN (2)"],
	["SELECT 1 NOT /*c*/ BETWEEN 2 AND 3", "SELECT 1 NOT       BETWEEN 2 AND 3"],
	["SELECT 'a' NOT -- c\n LIKE 'b'", "SELECT 'a' NOT     \n LIKE 'b'"],
	["SELECT 'a' NOT /* é */ ILIKE 'b'", "SELECT 'a' NOT          ILIKE 'b'"],
	["SELECT 'a' NOT /**/ SIMILAR TO 'b'", "SELECT 'a' NOT      SIMILAR TO 'b'"],
	["SELECT 1 AS a ORDER BY a NULLS /*c*/ FIRST", "SELECT 1 AS a ORDER BY a NULLS       FIRST"],
	["SELECT '1'::time WITH /*c*/ TIME ZONE", "SELECT '1'::time WITH       TIME ZONE"],
	[
		"SELECT * FROM generate_series(1,1) WITH /*c*/ ORDINALITY",
		"SELECT * FROM generate_series(1,1) WITH       ORDINALITY",
	],
	["SELECT U&'d!0061' /*c*/ UESCAPE '!'", "SELECT U&'d!0061'       UESCAPE '!'"],
	["SELECT 'a' -- c\n'b'", "SELECT 'a'     \n'b'"],
	["SELECT E'a' -- c\n'\\'' AS x"],
	["/* app */ SELECT 1 -- tail"],
	["SELECT /*+ hint(a) */ 1 /* é */ , 2"],
	["SELECT 1; /* a */ SELECT 2 -- b"],
	["SELECT '-- no', $$/* no $$ /* yes */"],
	["-- only this"],
];

for (const version of [15, 18] as const) {
	describe(`comments on PostgreSQL ${version}`, () => {
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
		for (const [text, forwarded] of TAKEN) {
			test(`is taken as the server takes it: ${JSON.stringify(text)}`, async () => {
				const answer = async (sql: string) =>
					[await client.query({ text: sql, rowMode: "array" })].flat().map((result) => result.rows);
				// The server's errors about types are as good an answer as rows: it has parsed the text.
				const said = (sql: string) =>
					answer(sql).catch((error: pg.DatabaseError) => [error.code, error.message]);
				const direct = await said(text);
				assert.notEqual(direct[0], "42601");
				const parsed = await grammar.parse(text);
				if (forwarded !== undefined) assert.equal(parsed.text, forwarded);
				assert.deepEqual(await said(parsed.text), direct);
			});
		}
		test("comments that change nothing are forwarded", async () => {
			for (const text of ["/* app */ SELECT 1 -- tail", "SELECT /*+ hint(a) */ 1 /* é */ , 2"]) {
				assert.equal((await grammar.parse(text)).text, text);
			}
		});
		test("a statement can't hide behind a comment within a string that goes on", async () => {
			await client.query("CREATE TABLE IF NOT EXISTS victim (a int)");
			// To libpg_query alone this is one statement: it takes everything from `-- '` on for a comment.
			const text = "DO E'begin null; end -- x' -- c\n'\\\\ b\\' -- ' ; DROP TABLE victim; --'";
			await client.query(text);
			const gone = await client.query("SELECT to_regclass('victim') IS NULL AS gone");
			assert.equal(gone.rows[0].gone, true, "the server drops the table");
			const parsed = await grammar.parse(text);
			assert.deepEqual(
				parsed.tree.stmts?.map((raw) => Object.keys(raw.stmt ?? {})[0]),
				["DoStmt", "DropStmt"],
			);
			await client.query("CREATE TABLE victim (a int)");
			await client.query(parsed.text);
			const again = await client.query("SELECT to_regclass('victim') IS NULL AS gone");
			assert.equal(again.rows[0].gone, true, "and does the same with what is forwarded");
		});
	});
}
