import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import pg from "pg";
import { Grammar, GrammarError } from "../../../../../src/protocols/postgres/grammar/index.ts";
import { type RunningPostgres, startPostgres } from "../../../../support/postgres.ts";

/**
 * Pieces that are awkward for a scanner. Not among them: digits that a letter follows at once, which libpg_query takes
 * as 14 did ("1a" is `1 AS a`) where later servers refuse them; they are forwarded, and refused there.
 */
const PIECES = [
	...["/*", "*/", "/* c */", "--", "-- x\n", "\n", "\r", "\t", " ", " "],
	...["'", "''", '"', "$$", "$a$", "E'", "e'", "U&'", 'U&"', "B'", "N'", "\\"],
	...["a", " 1 ", "_x", ";", "+", "-", "*", "/", "@", "é", "🎉", "(", ")", ","],
	...[
		"NOT ",
		"IN (1)",
		"UESCAPE '!'",
		"UESCAPE",
		"NULLS",
		"FIRST",
		"::int",
		"select 1 ",
		"AS x",
		"'a'",
		"|| 'b'",
	],
];
const texts = fc
	.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 10 })
	.map((pieces) => `SELECT ${pieces.join("")}`);
/** Where the server's scanner, grammar and encoding checks live: an error from elsewhere means that it parsed. */
const PARSER_FILES = /^(scan\.l|gram\.y|parser\.c|scansup\.c|mbutils\.c)$/;

for (const version of [15, 18] as const) {
	describe(`random texts on PostgreSQL ${version}`, () => {
		let server: RunningPostgres;
		let client: pg.Client;
		let grammar: Grammar;
		before(async () => {
			server = await startPostgres({
				version,
				settings: { log_statement: "none", log_min_error_statement: "panic" },
			});
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
		test("are taken exactly when the server takes them, as the same number of statements", async () => {
			const property = fc.asyncProperty(texts, async (text) => {
				const theirs = await client.query(text).then(
					(result: pg.QueryResult | pg.QueryResult[]) => [result].flat(),
					(error: pg.DatabaseError) => (PARSER_FILES.test(error.file ?? "") ? "refused" : "taken"),
				);
				const ours = await parsed(grammar, text);
				assert.equal(ours === "refused", theirs === "refused", JSON.stringify(text));
				// An empty text has one empty result.
				if (Array.isArray(theirs) && Array.isArray(ours))
					assert.equal(Math.max(ours.length, 1), theirs.length);
			});
			await fc.assert(property, { numRuns: 3_000, seed: 20_261_126 });
		});
	});
}

async function parsed(grammar: Grammar, text: string): Promise<readonly unknown[] | "refused"> {
	try {
		return (await grammar.parse(text)).tree.stmts ?? [];
	} catch (error) {
		assert.ok(error instanceof GrammarError && error.code === "sql_syntax");
		return "refused";
	}
}
