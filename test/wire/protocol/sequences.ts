import {
	bind,
	COPY_DONE,
	close,
	copyData,
	copyFail,
	describe,
	execute,
	FLUSH,
	parse,
	query,
	run,
	SYNC,
} from "../../support/wire-messages.ts";

/** Messages that are sent in one write, and how many ReadyForQuery they are answered with. */
export type Step = readonly [messages: readonly Buffer[], ready: number];

const one = (...messages: Buffer[]): Step => [messages, 1];
const simple = (...texts: string[]): Step[] => texts.map((text) => one(query(text)));

/** What a client may send, by what it shows. Tables `t` and `u` have a column `a int` and are empty. */
export const SEQUENCES: Readonly<Record<string, readonly Step[]>> = {
	"a simple query": simple("SELECT 1"),
	"the empty query": [
		one(query("")),
		one(...run(""), SYNC),
		one(parse(""), bind(), describe.portal(), execute(), SYNC),
	],
	"several statements": simple("SELECT 1; SELECT 2; ; INSERT INTO t VALUES (1)"),
	"several statements, one of which fails": simple(
		"INSERT INTO t VALUES (7); SELECT 1/0; SELECT 2",
		"SELECT count(*) FROM t",
	),
	"BEGIN and COMMIT within a text": simple(
		"BEGIN; SELECT 1; COMMIT; SELECT 2; BEGIN",
		"SELECT 1/0",
		"SELECT 1",
		"COMMIT",
	),
	"a failed block": [
		...simple("BEGIN", "SELECT 1/0", "SELECT 1"),
		one(...run("SELECT 1"), SYNC),
		...simple("ROLLBACK", "SELECT 3"),
	],
	"COMMIT of a failed block": [...simple("BEGIN", "SELECT 1/0"), one(...run("COMMIT"), SYNC)],
	"COMMIT AND CHAIN": simple("BEGIN", "COMMIT AND CHAIN", "ROLLBACK AND CHAIN", "ROLLBACK"),
	savepoints: simple(
		"BEGIN",
		"SAVEPOINT a",
		"SELECT 1/0",
		"ROLLBACK TO a",
		"SELECT 1",
		"RELEASE a",
		"COMMIT",
	),
	"savepoints, extended": [
		...simple("BEGIN", "SAVEPOINT a"),
		one(...run("SELECT 1/0"), SYNC),
		one(...run("ROLLBACK TO a"), ...run("SELECT 1"), SYNC),
		...simple("COMMIT"),
	],
	"Parse, Bind, Describe, Execute": [
		one(parse("SELECT $1::int"), bind("", "", ["3"]), describe.portal(), execute(), SYNC),
	],
	"with Flush in between": [
		one(parse("SELECT $1::int"), describe.statement(), FLUSH, bind("", "", ["3"]), execute(), FLUSH, SYNC),
	],
	"FETCH and EXECUTE, prepared before what they run": [
		one(parse("FETCH ALL IN later", "f"), describe.statement("f"), SYNC),
		...simple("BEGIN; DECLARE later CURSOR FOR SELECT 1 AS a, 'x' AS b"),
		one(bind("f"), describe.portal(), execute(), SYNC),
		...simple("CLOSE later; DECLARE later CURSOR FOR SELECT 2 AS c"),
		one(bind("f"), describe.portal(), execute(), SYNC),
		...simple("COMMIT", "PREPARE p AS SELECT 1 AS a"),
		one(parse("EXECUTE p", "e"), describe.statement("e"), bind("e"), execute(), SYNC),
		...simple("DEALLOCATE p; PREPARE p AS SELECT 2 AS b, 3 AS c"),
		one(bind("e"), describe.portal(), execute(), SYNC),
	],
	"portals that are run again when they have come to their end": [
		...simple("BEGIN"),
		one(parse("SELECT g FROM generate_series(1, 3) g"), bind("", "p"), execute("p", 2), SYNC),
		one(execute("p", 2), SYNC),
		one(execute("p", 2), execute("p"), SYNC),
		one(parse("INSERT INTO t VALUES (1) RETURNING a"), bind("", "i"), execute("i"), FLUSH, SYNC),
		one(execute("i"), ...run("SELECT 1"), SYNC),
		one(parse("SHOW search_path"), bind("", "s"), execute("s"), SYNC),
		one(execute("s"), SYNC),
		one(parse("INSERT INTO t VALUES (2)"), bind("", "n"), execute("n"), SYNC),
		one(execute("n"), execute("p"), SYNC),
		one(execute("p"), SYNC),
	],
	"a portal that has failed, in the block that it failed": [
		...simple("BEGIN"),
		one(parse("SELECT 1 / (g - 1) FROM generate_series(1, 2) g"), bind("", "p"), execute("p"), SYNC),
		one(execute("p"), SYNC),
		one(describe.portal("p"), SYNC),
	],
	"unknown names": [
		one(bind("nothing"), execute(), SYNC),
		one(execute("nothing"), SYNC),
		one(describe.statement("nothing"), SYNC),
		one(describe.portal("nothing"), SYNC),
		one(close.statement("nothing"), close.portal("nothing"), SYNC),
	],
	"a name that is taken": [
		one(parse("SELECT 1", "a"), SYNC),
		one(parse("SELECT 2", "a"), SYNC),
		one(bind("a"), execute(), SYNC),
		one(parse("SELECT 2", "a"), parse("SELECT 3", "a"), SYNC),
		one(bind("a"), execute(), SYNC),
	],
	"Close and Parse that are skipped": [
		one(parse("SELECT 1", "a"), SYNC),
		one(...run("SELECT 1/0"), close.statement("a"), parse("SELECT 5", "a"), SYNC),
		one(bind("a"), execute(), SYNC),
	],
	"a portal's name that is taken": [
		...simple("BEGIN"),
		one(parse("SELECT 1"), bind("", "p"), bind("", "p"), SYNC),
		...simple("ROLLBACK"),
	],
	"Execute row by row": [
		one(
			parse("SELECT generate_series(1, 5)"),
			bind("", "p"),
			execute("p", 2),
			execute("p", 2),
			execute("p", 2),
			execute("p", 2),
			SYNC,
		),
	],
	"a portal after its Sync": [one(parse("SELECT 1"), bind("", "p"), SYNC), one(execute("p"), SYNC)],
	"a portal within a block": [
		...simple("BEGIN"),
		one(parse("SELECT generate_series(1, 5)"), bind("", "p"), SYNC),
		one(execute("p", 2), SYNC),
		one(execute("p", 2), SYNC),
		one(close.portal("p"), execute("p"), SYNC),
		...simple("COMMIT"),
	],
	"the unnamed statement after a Parse that fails": [
		one(parse("SELECT 1"), SYNC),
		one(parse("SELEC"), SYNC),
		one(bind(), execute(), SYNC),
	],
	"the unnamed statement after a Query": [
		one(parse("SELECT 1"), SYNC),
		...simple("SELECT 2"),
		one(bind(), execute(), SYNC),
	],
	"the unnamed statement after a Parse that is skipped": [
		one(parse("SELECT 1"), SYNC),
		one(execute("nothing"), parse("SELECT 2"), SYNC),
		one(bind(), execute(), SYNC),
	],
	"an error, and what is skipped up to Sync": [
		[[...run("SELECT 1/0"), ...run("SELECT 1"), SYNC, ...run("SELECT 2"), SYNC], 2],
	],
	"a pipeline of many batches": [
		[[...run("SELECT 1"), SYNC, ...run("SELECT 1/0"), SYNC, ...run("SELECT 3"), SYNC], 3],
	],
	"a transaction in one batch": [
		one(...run("BEGIN"), ...run("INSERT INTO t VALUES (3)"), ...run("COMMIT"), SYNC),
	],
	"SET in one batch with what depends on it": [
		one(...run("SET search_path = public"), ...run("SELECT a FROM t"), SYNC),
	],
	"VACUUM after SET": [
		...simple("SET search_path = public", "VACUUM t"),
		one(...run("SET search_path = public"), SYNC),
		one(...run("VACUUM t"), SYNC),
	],
	"a Query behind unsynced messages": [
		one(...run("INSERT INTO t VALUES (11)"), query("SELECT 1/0")),
		...simple("SELECT count(*) FROM t"),
	],
	"a Query behind unsynced messages that fail": [one(...run("SELECT 1/0"), query("SELECT 1"), SYNC)],
	"PREPARE, EXECUTE, DEALLOCATE": [
		...simple("PREPARE x AS SELECT 1", "EXECUTE x", "EXECUTE nothing"),
		one(parse("EXECUTE x"), bind(), describe.portal(), execute(), SYNC),
		...simple(
			"DEALLOCATE x",
			"EXECUTE x",
			"BEGIN; PREPARE z AS SELECT 1; ROLLBACK",
			"EXECUTE z",
			"DEALLOCATE ALL",
			"EXECUTE z",
		),
	],
	"a statement of the wire that SQL executes": [
		one(parse("SELECT 42", "w"), SYNC),
		...simple("EXECUTE w", "DEALLOCATE w"),
		one(bind("w"), SYNC),
	],
	cursors: simple(
		"BEGIN",
		"DECLARE c CURSOR FOR SELECT generate_series(1, 5)",
		"FETCH 2 FROM c",
		"MOVE 1 IN c",
		"FETCH ALL FROM c",
		"CLOSE c",
		"FETCH 1 FROM c",
		"ROLLBACK",
	),
	"a cursor WITH HOLD": simple(
		"DECLARE c CURSOR WITH HOLD FOR SELECT generate_series(1, 5)",
		"FETCH 2 FROM c",
		"CLOSE ALL",
		"FETCH 1 FROM c",
	),
	"a portal of the wire that SQL fetches from": [
		...simple("BEGIN"),
		one(parse("SELECT generate_series(1, 5)"), bind("", "wp"), SYNC),
		...simple("FETCH 2 FROM wp"),
		one(execute("wp", 1), SYNC),
		...simple("COMMIT"),
	],
	"DISCARD ALL": [one(parse("SELECT 1", "d"), SYNC), ...simple("DISCARD ALL"), one(bind("d"), SYNC)],
	"the unnamed statement after DISCARD ALL": [
		one(...run("DISCARD ALL"), SYNC),
		one(describe.statement(), SYNC),
	],
	"COPY TO STDOUT": [...simple("COPY (SELECT 1) TO STDOUT"), one(...run("COPY (SELECT 1) TO STDOUT"), SYNC)],
	"COPY FROM STDIN": [
		one(query("COPY t FROM STDIN"), copyData("9\n"), COPY_DONE),
		one(query("COPY t FROM STDIN"), copyFail("no")),
	],
	"COPY FROM STDIN twice in one text": [
		one(
			query("COPY t FROM STDIN; COPY t FROM STDIN"),
			copyData("9\n"),
			COPY_DONE,
			copyData("9\n"),
			COPY_DONE,
		),
	],
	"COPY FROM STDIN, extended, with Sync and Flush within": [
		one(...run("COPY t FROM STDIN"), SYNC, FLUSH, copyData("9\n"), COPY_DONE, SYNC),
	],
	"COPY FROM STDIN of what is no number": [
		one(query("COPY t FROM STDIN"), copyData("x\n"), COPY_DONE),
		one(...run("COPY t FROM STDIN"), copyData("x\n"), COPY_DONE, SYNC),
	],
	"COPY FROM STDIN that fails at once": [
		one(...run("COPY nothing FROM STDIN"), SYNC),
		...simple("COPY t FROM STDIN (FORMAT nothing)"),
	],
	"COPY messages with no COPY": [one(COPY_DONE, copyFail("x"), copyData("x"), query("SELECT 1"))],
	"a notice": simple("DO $$ BEGIN RAISE NOTICE 'x'; END $$"),
	"a name of 63 bytes": [one(parse("SELECT 1", "n".repeat(63)), bind("n".repeat(63)), execute(), SYNC)],
	"parameters that are missing or wrong": [
		one(parse("SELECT $1::int"), bind(), execute(), SYNC),
		one(parse("SELECT $1::int"), bind("", "", ["x"]), execute(), SYNC),
	],
	"DDL in a transaction": simple(
		"BEGIN; CREATE TABLE x (a int); INSERT INTO x VALUES (1); SELECT * FROM x; ROLLBACK",
	),
	"a temporary table in one batch": [
		one(
			...run("CREATE TEMP TABLE x (a int)"),
			...run("INSERT INTO x VALUES (1)"),
			parse("SELECT * FROM x"),
			bind(),
			describe.portal(),
			execute(),
			SYNC,
		),
	],
	"results in binary format": [
		one(parse("SELECT 1, 'x'::text"), bind("", "", [], [1]), describe.portal(), execute(), SYNC),
	],
	"a negative number of rows": [one(parse("SELECT generate_series(1, 3)"), bind(), execute("", -1), SYNC)],
	"nothing but Flush and Sync": [
		[[FLUSH, FLUSH, SYNC, FLUSH, SYNC], 2],
		[[SYNC, SYNC, SYNC], 3],
	],
	"LISTEN and NOTIFY": simple("LISTEN x", "NOTIFY x, 'y'"),
	"EXPLAIN and SHOW": [
		...simple("EXPLAIN SELECT 1", "SHOW search_path"),
		one(parse("EXPLAIN SELECT 1"), bind(), describe.portal(), execute(), SYNC),
	],
	"PREPARE TRANSACTION outside of a block": simple("PREPARE TRANSACTION 'x'"),
	"an isolation level behind SET, which takes no snapshot": [
		...simple(
			"BEGIN",
			"SET LOCAL search_path = public",
			"SET TRANSACTION ISOLATION LEVEL SERIALIZABLE",
			"COMMIT",
		),
		...simple("CREATE TEMP TABLE mine (a int)", "BEGIN", "SET LOCAL role = none"),
		...simple(
			"SET TRANSACTION ISOLATION LEVEL SERIALIZABLE",
			"SHOW transaction_isolation",
			"TABLE mine",
			"COMMIT",
		),
		...simple("DROP TABLE mine"),
	],
	"what does not resolve, in a block": [
		...simple("BEGIN", "SELECT * FROM nothing", "ROLLBACK"),
		one(...run("SELECT nothing FROM t"), SYNC),
		one(...run("SELECT nothing(1)"), ...run("SELECT 1"), SYNC),
	],
	"an error in own questions of a failed block": [
		...simple("BEGIN"),
		one(...run("CREATE TEMP TABLE y (a int)"), describe.portal("nothing"), SYNC),
		one(close.portal("b"), ...run("SELECT * FROM y"), SYNC),
		...simple("ROLLBACK"),
	],
};
