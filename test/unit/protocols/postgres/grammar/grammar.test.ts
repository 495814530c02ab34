import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
	characterPosition,
	DEFAULT_LIMITS,
	Grammar,
	GrammarError,
	type GrammarErrorCode,
	type ParsedSql,
	sliceBytes,
} from "../../../../../src/protocols/postgres/grammar/index.ts";

const MAJORS = [14, 15, 16, 17, 18] as const;

const refusedWith = (code: GrammarErrorCode) => (error: unknown) =>
	error instanceof GrammarError && error.code === code;

/** `parse` throws at once or rejects later; the callers take both. */
const parse = async (grammar: Grammar, text: string) => grammar.parse(text);

for (const major of MAJORS) {
	describe(`the grammar of PostgreSQL ${major}`, () => {
		let grammar: Grammar;
		before(async () => {
			grammar = await Grammar.load(major * 10_000 + 3);
		});
		after(() => grammar.close());

		test("parses several statements with their places in bytes", async () => {
			const text = "SELECT 'é'; DROP TABLE t";
			const { tree } = await grammar.parse(text);
			const places = tree.stmts?.map((raw) => sliceBytes(text, raw.stmt_location ?? 0, raw.stmt_len).trim());
			assert.deepEqual(places, ["SELECT 'é'", "DROP TABLE t"]);
			assert.equal(tree.version && Math.floor(tree.version / 10_000), major);
		});

		test("takes an empty text and one of nothing but blanks and semicolons", async () => {
			for (const text of ["", " ", ";;", "\n; ;"])
				assert.deepEqual((await grammar.parse(text)).tree.stmts ?? [], []);
		});

		test("gives the same object for the same text", async () => {
			const text = "SELECT a FROM t WHERE b = 1";
			assert.equal(await grammar.parse(text), await grammar.parse(`${text}`));
		});

		test("gives fingerprints that are equal for other constants and layout only", async () => {
			const of = async (text: string) => (await grammar.parse(text)).fingerprint;
			const one = await of("SELECT a FROM t WHERE b = 1");
			assert.match(one, /^[0-9a-f]{16}$/);
			assert.equal(await of("select a\nfrom t /* c */ where b = 22"), one);
			assert.notEqual(await of("SELECT a FROM u WHERE b = 1"), one);
		});

		test("goes on after texts that overflow its stack", async () => {
			for (const [open, shut] of [
				["(SELECT ", ")"],
				["CASE WHEN 1 THEN ", " END"],
				["f(", ")"],
				["NOT ", ""],
				["ARRAY[", "]"],
			] as const) {
				for (const depth of [800, 4_000, 100_000]) {
					const text = `SELECT ${open.repeat(depth)}1${shut.repeat(depth)}`;
					const code = Buffer.byteLength(text) > DEFAULT_LIMITS.maxBytes ? "sql_too_large" : "sql_too_deep";
					if (depth === 800 && open !== "(SELECT " && open !== "CASE WHEN 1 THEN ") continue;
					await assert.rejects(parse(grammar, text), refusedWith(code), `${open} ${depth}`);
				}
				assert.equal((await grammar.parse(`SELECT 2, '${open}'`)).tree.stmts?.length, 1);
			}
		});

		test("goes on after the stack ended within a parse in line", async () => {
			const results: (ParsedSql | Promise<ParsedSql>)[] = [];
			const down = (levels: number): void => {
				if (levels > 0) down(levels - 1);
				else results.push(grammar.parse(`SELECT ${results.length}, ${"f(".repeat(240)}1${")".repeat(240)}`));
			};
			let broken = 0;
			for (let levels = 500; broken < 3; levels += 100) {
				try {
					down(levels);
				} catch (error) {
					assert.ok(error instanceof RangeError, "only the caller's own stack may end outside the parse");
					break;
				}
				// A promise: the parse in line failed, and the thread does it.
				const result = results.at(-1);
				if (result instanceof Promise) broken++;
				await result;
			}
			assert.ok(broken > 0, "the stack never ended within the parser");
			for (const result of results) assert.equal((await result).tree.stmts?.length, 1);
			assert.equal((await grammar.parse("SELECT 3")).tree.stmts?.length, 1);
		});

		test("parses large and moderately deep texts in its thread", async () => {
			const wide = await grammar.parse(`SELECT ${"a, ".repeat(50_000)}b`);
			assert.equal(wide.tree.stmts?.length, 1);
			const deep = await grammar.parse(`SELECT ${"f(".repeat(500)}1${")".repeat(500)}`);
			assert.equal(deep.tree.stmts?.length, 1);
			await assert.rejects(parse(grammar, `SELECT ${"a, ".repeat(50_000)}b FROM FROM`), (error: unknown) => {
				assert.ok(error instanceof GrammarError);
				assert.deepEqual([error.code, error.sqlstate, error.position], ["sql_syntax", "42601", 150_015]);
				return true;
			});
		});
	});
}

describe("what is refused before it is parsed", () => {
	let grammar: Grammar;
	before(async () => {
		grammar = await Grammar.load(180_000, { ...DEFAULT_LIMITS, maxBytes: 1_000, maxCommentDepth: 4 });
	});
	after(() => grammar.close());

	for (const [what, text, code] of [
		["NUL", "SELECT 1\0; DROP TABLE t", "sql_invalid_text"],
		["a lone high surrogate", "SELECT '\ud800'", "sql_invalid_text"],
		["a lone low surrogate", "SELECT '\udc00 '", "sql_invalid_text"],
		["too many bytes", "x".repeat(1_001), "sql_too_large"],
		["too many bytes in few characters", "é".repeat(501), "sql_too_large"],
	] as const) {
		test(what, () => assert.rejects(parse(grammar, text), refusedWith(code)));
	}

	test("nested comments", async () => {
		const nested = await Grammar.load(180_000);
		const text = `SELECT 1 ${"/*".repeat(100)}${" ".repeat(2_000)}${"*/".repeat(100)}`;
		await assert.rejects(parse(nested, text), refusedWith("sql_too_deep"));
		await assert.rejects(parse(nested, "/*".repeat(200_000)), refusedWith("sql_too_deep"));
		await nested.close();
	});

	for (const version of [130_014, 190_000, 0, Number.NaN]) {
		test(`server version ${version}`, () =>
			assert.rejects(Grammar.load(version), refusedWith("unsupported_server")));
	}
});

describe("the thread", () => {
	test("ends a text that takes too long, and serves the next", async () => {
		const grammar = await Grammar.load(180_000, { ...DEFAULT_LIMITS, timeoutMs: 250 });
		const large = (name: string) => `SELECT ${`${name}, `.repeat(340_000)}b`;
		await assert.rejects(parse(grammar, large("a")), refusedWith("sql_parse_timeout"));
		// The thread is started anew; the time that takes is not the next text's.
		assert.equal((await grammar.parse(`SELECT ${"a, ".repeat(6_000)}b`)).tree.stmts?.length, 1);
		await grammar.close();
	});

	test("refuses a crowd and what waits when it is closed", async () => {
		const grammar = await Grammar.load(180_000);
		const texts = Array.from({ length: 60 }, (_, index) => `SELECT ${index}, ${"a, ".repeat(20_000)}b`);
		const settled = Promise.allSettled(texts.map((text) => parse(grammar, text)));
		await grammar.close();
		const reasons = (await settled).map((one) => (one.status === "rejected" ? one.reason : null));
		assert.ok(reasons.every((reason) => reason instanceof GrammarError));
		assert.ok(reasons.some((reason) => reason.code === "sql_parse_timeout"));
		await assert.rejects(parse(grammar, "SELECT 1"), refusedWith("sql_parser_failed"));
	});
});

describe("older grammars", () => {
	test("take what has become syntax since for a user's function, and have a fingerprint for it", async () => {
		const grammar = await Grammar.load(150_000);
		const { tree, fingerprint } = await grammar.parse("SELECT json_scalar(a, 1) FROM t");
		assert.match(JSON.stringify(tree), /"FuncCall":\{"funcname":\[\{"String":\{"sval":"json_scalar"\}\}\]/);
		assert.match(fingerprint, /^[0-9a-f]{16}$/);
		assert.equal((await grammar.parse("SELECT json_scalar(a, 7)  FROM t")).fingerprint, fingerprint);
		assert.notEqual((await grammar.parse("SELECT json_scalar(b, 7) FROM t")).fingerprint, fingerprint);
		await grammar.close();
	});
});

describe("PL/pgSQL", () => {
	let grammar: Grammar;
	before(async () => {
		grammar = await Grammar.load(150_000);
	});
	after(() => grammar.close());

	test("a block's statements are in its tree", () => {
		const tree = grammar.plpgsqlNow(
			"BEGIN PERFORM 1; DELETE FROM x WHERE a = 1; EXECUTE 'DROP ' || y; END",
			"DO",
		);
		const json = JSON.stringify(tree);
		for (const part of ["PLpgSQL_stmt_perform", "DELETE FROM x WHERE a = 1", "PLpgSQL_stmt_dynexecute"]) {
			assert.ok(json.includes(part), part);
		}
	});

	test("a function's body is read with its header", () => {
		const header = "CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS";
		assert.ok(JSON.stringify(grammar.plpgsqlNow("BEGIN RETURN a + 1; END", header)).includes("a + 1"));
		assert.equal(grammar.plpgsqlNow("BEGIN RETURN 1; END", "DO"), null);
	});

	test("a body may hold dollar quotes, and nothing hides behind its comments", () => {
		const body = "BEGIN PERFORM $body$x$body$; PERFORM E'a' -- c\n'\\' -- '; DELETE FROM t; --';\nEND";
		assert.ok(JSON.stringify(grammar.plpgsqlNow(body, "DO")).includes("DELETE FROM t"));
	});

	test("what can't be read is nothing, and the grammar goes on", () => {
		const nested = (levels: number) => `${"BEGIN ".repeat(levels)}NULL; ${"END;".repeat(levels)}`;
		for (const body of ["BEGN; END", "BEGIN \0 END", nested(5_000), `BEGIN x := ${"(".repeat(4_000)}; END`])
			assert.equal(grammar.plpgsqlNow(body, "DO"), null);
		assert.doesNotThrow(() => grammar.plpgsqlNow(nested(1_400), "DO"));
		assert.equal(grammar.plpgsqlNow("BEGIN NULL; END", "DO")?.length, 1);
	});
});

describe("offsets", () => {
	test("bytes are counted in characters, from 1", () => {
		assert.equal(characterPosition("abc", 0), 1);
		assert.equal(characterPosition("abc", 3), 4);
		assert.equal(characterPosition("é🎉x", 0), 1);
		assert.equal(characterPosition("é🎉x", 2), 2);
		assert.equal(characterPosition("é🎉x", 6), 3);
		assert.equal(characterPosition("é🎉x", 7), 4);
	});

	test("a slice is of bytes, and without a length goes to the end", () => {
		assert.equal(sliceBytes("é🎉x", 2, 4), "🎉");
		assert.equal(sliceBytes("é🎉x", 6), "x");
		assert.equal(sliceBytes("abc", 1, 1), "b");
		assert.equal(sliceBytes("abc", 1, 0), "bc");
	});
});
