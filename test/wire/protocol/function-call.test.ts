import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe as suite, test } from "node:test";
import { findProgram } from "../../support/clients/programs.ts";
import { psqlProgram } from "../../support/clients/psql.ts";
import { errorOf, outline, type Received, type WireClient } from "../../support/wire-client.ts";
import {
	bind,
	execute,
	functionCall,
	message,
	parse,
	query,
	run,
	SYNC,
} from "../../support/wire-messages.ts";
import { type Pair, policyOf, startPair } from "../../support/wire-pair.ts";
import { run as runProgram } from "../run.ts";

const SCHEMA = `
	CREATE TABLE people (id int, email text);
	INSERT INTO people VALUES (1, 'ada@example.com');
	CREATE TABLE log (at int);
	CREATE FUNCTION first_email() RETURNS text LANGUAGE sql STABLE AS 'SELECT email FROM public.people LIMIT 1';
	CREATE FUNCTION note(n int) RETURNS text LANGUAGE sql
		AS 'INSERT INTO public.log VALUES (n); SELECT repeat(''x'', 100)';
	CREATE FUNCTION note(n text) RETURNS text LANGUAGE sql AS 'SELECT n';
	CREATE FUNCTION everybody() RETURNS SETOF int LANGUAGE sql AS 'SELECT id FROM public.people';
	CREATE FUNCTION added(VARIADIC n int[]) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT sum(x) FROM unnest(n) x';
	CREATE PROCEDURE nothing() LANGUAGE sql AS '';
	CREATE DOMAIN small AS int CHECK (VALUE < 10);
	CREATE FUNCTION halved(n small) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n / 2';
`;

/** The types and values of a session's answers, FunctionCallResponse with what it holds. */
function told(messages: readonly Received[]): string {
	return messages
		.filter(({ type }) => type !== "S")
		.map((received) => {
			const { type, bytes } = received;
			if (type === "E") return `E(${errorOf([received]).get("C")} ${errorOf([received]).get("M")})`;
			if (type === "V")
				return `V(${bytes.readInt32BE(5) === -1 ? "null" : bytes.subarray(9).toString("latin1")})`;
			return outline([received]);
		})
		.join(" ");
}

async function oidsOf(pair: Pair): Promise<(signature: string) => number> {
	const rows = await pair.postgres.query(
		"SELECT oid::text, oid::regprocedure::text FROM pg_proc WHERE pronamespace IN ('pg_catalog'::regnamespace, 'public'::regnamespace)",
	);
	const oids = new Map(rows.map(([oid, signature]) => [signature, Number(oid)]));
	return (signature) => {
		const oid = oids.get(signature);
		if (oid === undefined) throw new Error(`no function ${signature}`);
		return oid;
	};
}

suite("the fast path answers as the server does", () => {
	let pair: Pair;
	let oid: (signature: string) => number;
	before(async () => {
		pair = await startPair({ schema: SCHEMA });
		oid = await oidsOf(pair);
	});
	after(() => pair.stop());

	/** The same on both roads. */
	const same = async (times: number, ...messages: readonly Buffer[]): Promise<string> => {
		const answers: string[] = [];
		for (const client of [await pair.direct(), await pair.through()]) {
			answers.push(told(await client.ask(messages, times)));
			client.close();
		}
		assert.equal(answers[1], answers[0]);
		return answers[1] ?? "";
	};

	const four = Buffer.from([0, 0, 0, 4]);

	test("text and binary, null, a strict function with null", async () => {
		assert.equal(await same(1, functionCall(oid("reverse(text)"), ["abc"])), "V(cba) ZI");
		await same(1, functionCall(oid("int4pl(integer,integer)"), [four, four], 1));
		assert.match(await same(1, functionCall(oid("reverse(text)"), [null])), /V\(null\) ZI/);
		assert.match(await same(1, functionCall(oid("version()"), [])), /^V\(PostgreSQL/);
		assert.match(await same(1, functionCall(oid("added(integer[])"), ["{1,2,3}"])), /^V\(6\)/);
		assert.match(await same(1, functionCall(oid("halved(small)"), ["8"])), /^V\(4\)/);
	});

	test("what the server refuses, in its own words", async () => {
		const refused = [
			functionCall(4_000_000_000, []),
			functionCall(oid("reverse(text)"), []),
			functionCall(oid("reverse(text)"), ["a", "b"]),
			functionCall(oid("sum(bigint)"), []),
			functionCall(oid("everybody()"), []),
			functionCall(oid("nothing()"), []),
			functionCall(oid("int4in(cstring)"), ["x"]),
			functionCall(oid("int4pl(integer,integer)"), ["1", "x"]),
			functionCall(oid("int4pl(integer,integer)"), [Buffer.from([1]), four], 1),
			functionCall(oid("int4div(integer,integer)"), ["1", "0"]),
			functionCall(oid("halved(small)"), ["80"]),
			functionCall(oid("array_append(anycompatiblearray,anycompatible)"), ["{1}", "1"]),
		];
		for (const call of refused) assert.match(await same(1, call), /^E\(\w{5} .*\) ZI$/);
	});

	test("in a transaction, in a failed one, and behind what nobody has synced", async () => {
		const call = functionCall(oid("note(integer)"), ["1"]);
		await same(3, query("BEGIN"), call, query("ROLLBACK"));
		const failed = await same(4, query("BEGIN"), query("SELECT 1/0"), call, query("ROLLBACK"));
		assert.match(failed, /E\(25P02 .*\) ZE/);
		await same(2, parse("SELECT 1", "s"), bind("s"), execute(), call, bind("s"), execute(), SYNC);
		await same(1, parse("SELEKT"), call, call, SYNC);
		await same(2, ...run("SELECT 1/0"), call, SYNC, query("SELECT 1"));
		// A Query would drop the unnamed statement; a function call does not.
		await same(2, parse("SELECT 7"), call, bind(), execute(), SYNC);
		assert.equal(
			await same(3, call, call, call),
			"V(".concat("x".repeat(100), ") ZI V(", "x".repeat(100), ") ZI V(", "x".repeat(100), ") ZI"),
		);
	});

	test("a function that changes settings is followed", async () => {
		const client = await pair.through();
		const set = functionCall(oid("set_config(text,text,boolean)"), ["search_path", "pg_catalog", "f"]);
		assert.equal(told(await client.ask([set])), "V(pg_catalog) ZI");
		assert.equal(errorOf(await client.ask([query("SELECT * FROM people")])).get("C"), "42P01");
		client.close();
	});

	test("a malformed message ends the session with an error, and only that one", async () => {
		const client = await pair.through();
		client.send(message("F", Buffer.from([0, 0, 0, 1, 0, 9])));
		assert.match(outline(await client.end()), /^E\(08P01\)$/);
		const other = await pair.through();
		assert.equal(outline(await other.ask([query("SELECT 1")])), "T D C(SELECT 1) ZI");
		other.close();
	});

	test("a function that was made or renamed a moment ago is what it is now", async () => {
		const client = await pair.through();
		await client.ask([query("CREATE FUNCTION late() RETURNS int LANGUAGE sql AS 'SELECT 5'")]);
		const [[late]] = (await pair.postgres.query("SELECT 'public.late()'::regprocedure::oid::text")) as [
			[string],
		];
		assert.equal(told(await client.ask([functionCall(Number(late), [])])), "V(5) ZI");
		await pair.postgres.query("DROP FUNCTION late()");
		assert.match(told(await client.ask([functionCall(Number(late), [])])), /^E\(42883 .* ZI$/);
		client.close();
	});

	test("psql stores and fetches large objects, and pg_dump saves them as it does directly", async () => {
		const directory = mkdtempSync(join(tmpdir(), "sallyport-lo-"));
		try {
			const bytes = Buffer.alloc(100_000, "large object\n");
			writeFileSync(join(directory, "in"), bytes);
			const { host, port, user, database, password } = pair.address();
			const url = `postgresql://${user}:${password}@${host}:${port}/${database}`;
			const script = `\\lo_import ${directory}/in 'mine'\n\\lo_export :LASTOID ${directory}/out\n\\lo_list\n`;
			const args = [url, "-XAt", "-v", "ON_ERROR_STOP=1"];
			const { code, stderr, stdout } = await runProgram(await psqlProgram(), args, { input: script });
			assert.equal(code, 0, stderr);
			assert.match(stdout, /mine/);
			assert.ok(readFileSync(join(directory, "out")).equals(bytes));
			const dump = async (from: string) => {
				const dumped = await runProgram(findProgram("pg_dump") ?? "pg_dump", [
					"-d",
					from,
					"--blobs",
					"--enable-row-security",
				]);
				assert.equal(dumped.code, 0, dumped.stderr);
				return dumped.stdout.replaceAll(/^\\(un)?restrict .*$/gm, "");
			};
			const { postgres } = pair;
			const direct = await dump(`postgresql://postgres@${postgres.host}:${postgres.port}/postgres`);
			assert.match(direct, /lo_open/);
			assert.equal(await dump(url), direct);
		} finally {
			rmSync(directory, { recursive: true, force: true });
		}
	});
});

suite("the fast path is decided, limited and recorded as a call", () => {
	let pair: Pair;
	let client: WireClient;
	let oid: (signature: string) => number;
	before(async () => {
		pair = await startPair({
			schema: SCHEMA,
			policy: policyOf(`
				allow contains {"rule": "all"}
				deny contains {"rule": "no-files", "message": "no files", "remedy": "ask"} if {
					some statement in input.command.statements
					statement.kind == "call"
					some called in statement.functions
					called.schema == "pg_catalog"
					called.name in {"lo_import", "pg_read_file"}
					"execute" in statement.effects
				}
				deny contains {"rule": "not-thirteen"} if {
					input.command.statements[_].kind == "call"
					some parameter in input.command.parameters
					parameter.type == "int4"
					parameter.value == "13"
				}
				mask contains {"rule": "pii", "columns": ["public.people.email"], "transform": "redact"} if {
					input.session.reason == "masked"
				}
				limit contains {"rule": "short", "max_bytes": 80} if input.session.reason == "limited"
			`),
		});
		oid = await oidsOf(pair);
	});
	after(() => pair.stop());
	beforeEach(async () => {
		await pair.postgres.query("TRUNCATE log");
		client?.close();
		client = await pair.through();
	});
	const logged = async () => (await pair.postgres.query("SELECT count(*)::text FROM log"))[0]?.[0];

	test("a denial is an error and ReadyForQuery, and nothing goes up", async () => {
		const sent = await pair.logged(async () => {
			const answer = await client.ask([functionCall(oid("pg_read_file(text)"), ["/etc/passwd"])]);
			assert.equal(outline(answer), "E(42501) ZI");
			assert.equal(errorOf(answer).get("M"), "denied by policy: no files");
		});
		assert.doesNotMatch(sent, /fastpath|pg_read_file/);
		assert.equal(
			outline(await client.ask([functionCall(oid("lo_import(text)"), ["/etc/passwd"])])),
			"E(42501) ZI",
		);
		assert.equal(outline(await client.ask([query("SELECT 1")])), "T D C(SELECT 1) ZI");
	});

	test("the parameters are in the decision, in whichever format they come", async () => {
		const thirteen = Buffer.from([0, 0, 0, 13]);
		assert.equal(
			outline(await client.ask([functionCall(oid("note(integer)"), [thirteen], 1)])),
			"E(42501) ZI",
		);
		assert.equal(outline(await client.ask([functionCall(oid("note(integer)"), ["13"])])), "E(42501) ZI");
		assert.equal(outline(await client.ask([functionCall(oid("note(integer)"), ["12"])])), "V ZI");
		assert.equal(await logged(), "1");
	});

	test("in a block a denial aborts it, as any error does", async () => {
		const answer = await client.ask(
			[
				...[
					query("BEGIN"),
					functionCall(oid("note(integer)"), ["1"]),
					functionCall(oid("note(integer)"), ["13"]),
				],
				...[functionCall(oid("note(integer)"), ["2"]), query("COMMIT")],
			],
			5,
		);
		assert.equal(outline(answer), "C(BEGIN) ZT V ZT E(42501) ZE E(25P02) ZE C(ROLLBACK) ZI");
		assert.equal(await logged(), "0");
	});

	test("behind unsynced work a denial undoes it; behind a failure it is passed over", async () => {
		const denied = functionCall(oid("note(integer)"), ["13"]);
		const answer = await client.ask([...run("INSERT INTO log VALUES (5)"), denied, query("SELECT 1")], 2);
		assert.equal(outline(answer), "1 2 C(INSERT 0 1) E(42501) ZI T D C(SELECT 1) ZI");
		assert.equal(await logged(), "0");
		const failed = await client.ask([...run("SELECT 1/0"), denied, SYNC]);
		assert.equal(outline(failed), "1 E(22012) ZI");
	});

	test("a result that a mask could reach is denied, and texts of the server's are hidden", async () => {
		client.close();
		client = await pair.through(undefined, { "sallyport.reason": "masked" });
		const answer = await client.ask([functionCall(oid("first_email()"), [])]);
		assert.equal(outline(answer), "E(42501) ZI");
		assert.ok(!Buffer.concat(client.everything).includes("ada@"));
		const opaque = await client.ask([functionCall(oid("lo_get(oid)"), ["1"])]);
		assert.equal(outline(opaque), "E(42501) ZI");
		assert.equal(outline(await client.ask([functionCall(oid("reverse(text)"), ["a"])])), "V ZI");
	});

	test("a limit: nothing of what is too long, and no error over a change that stands", async () => {
		client.close();
		client = await pair.through(undefined, { "sallyport.reason": "limited" });
		const long = functionCall(oid("repeat(text,integer)"), ["x", "100"]);
		assert.equal(outline(await client.ask([long])), "E(54000) ZI");
		assert.equal(
			outline(await client.ask([query("BEGIN"), long, query("COMMIT")], 3)),
			"C(BEGIN) ZT E(54000) ZE C(ROLLBACK) ZI",
		);
		assert.equal(outline(await client.ask([functionCall(oid("note(integer)"), ["1"])])), "E(42501) ZI");
		assert.equal(await logged(), "0");
		assert.equal(outline(await client.ask([functionCall(oid("repeat(text,integer)"), ["x", "10"])])), "V ZI");
	});

	test("the record has the call, its arguments, its value and its end", async () => {
		await client.ask([functionCall(oid("repeat(text,integer)"), ["ab", "3"])]);
		await client.ask([functionCall(oid("pg_read_file(text)"), ["/etc/passwd"])]);
		client.close();
		const { stdout } = await pair.gateway.cli(["audit", "search", "--json"]);
		assert.match(stdout, /SELECT pg_catalog\.repeat\(\$1::pg_catalog\.text, \$2::pg_catalog\.int4\)/);
		assert.match(stdout, /SELECT pg_catalog\.pg_read_file\(\$1::pg_catalog\.text\)/);
		assert.match(stdout, /ababab/);
	});
});
