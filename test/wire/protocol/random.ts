import assert from "node:assert/strict";
import { outline, type WireClient } from "../../support/wire-client.ts";
import { query } from "../../support/wire-messages.ts";
import { type Pair, policyOf } from "../../support/wire-pair.ts";
import { randomSequence } from "../../support/wire-sequences.ts";
import type { Step } from "./sequences.ts";

export const SCHEMA =
	"CREATE TABLE t (a int); CREATE SCHEMA other; CREATE TABLE other.u (a int); CREATE TABLE public.u (a int)";

/** Texts for random sequences; those that end a block stand alone, since the gateway takes no more behind them there. */
const TEXTS = [
	...[
		"SELECT 1",
		"SELECT $1::int",
		"SELECT generate_series(1, 4)",
		"SELECT 1/0",
		"SELECT count(*) FROM t",
		"",
	],
	...["INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (5); SELECT 1/0", "UPDATE t SET a = a + 1"],
	...[
		"BEGIN",
		"COMMIT",
		"ROLLBACK",
		"SAVEPOINT s",
		"ROLLBACK TO s",
		"RELEASE s",
		"BEGIN; INSERT INTO t VALUES (1)",
	],
	...[
		"SELEC",
		"SELECT nothing FROM t",
		"SELECT * FROM nothing",
		"SELECT * FROM other.u",
		"SELECT 1; SELECT 2",
	],
	...["SET search_path = public", "SET LOCAL search_path = other, public", "SHOW search_path", "RESET ALL"],
	...[
		"SELECT set_config('search_path', 'public', false)",
		"DISCARD ALL",
		"DO $$ BEGIN RAISE NOTICE 'hi'; END $$",
	],
	...["PREPARE p AS SELECT 2", "EXECUTE p", "DEALLOCATE p", "DEALLOCATE ALL"],
	...[
		"DECLARE k CURSOR FOR SELECT generate_series(1, 3)",
		"FETCH 1 FROM k",
		"FETCH ALL FROM k",
		"CLOSE k",
		"CLOSE ALL",
	],
	...["CREATE TEMP TABLE x (a int)", "DROP TABLE x", "SELECT * FROM x", "COPY (SELECT 1) TO STDOUT"],
];
const NAMES = ["", "", "a", "b", "c"];

/**
 * Where the gateway is known to answer otherwise, by the server's answer and its own. In a failed block: a Parse of
 * several statements is refused for the block, and not for their number; the unnamed portal is gone with a Query that is
 * no SQL. And a portal that has ended is not run again.
 */
const KNOWN = new Set(["E(42601) E(25P02)", "n E(34000)", "E(25P02) E(34000)", "C(SELECT 0) E(55000)"]);

function isKnown(direct: string, through: string): boolean {
	const [expected, found] = [direct.split(" "), through.split(" ")];
	return (
		expected.length === found.length &&
		expected.every((answer, at) => answer === found[at] || KNOWN.has(`${answer} ${found[at]}`))
	);
}

/** What a session answers to these steps, with rows, and what is in the table in the end. */
export async function outcome(pair: Pair, client: WireClient, steps: readonly Step[]): Promise<string[]> {
	await pair.postgres.query("TRUNCATE t");
	const answers: string[] = [];
	for (const [messages, ready] of steps) answers.push(outline(await client.ask(messages, ready), true));
	answers.push(
		outline(client.inbox),
		JSON.stringify(await pair.postgres.query("SELECT a FROM t ORDER BY a")),
	);
	client.close();
	return answers;
}

/**
 * SET LOCAL warns where it is the first command of an implicit transaction, which it isn't behind the gateway's own
 * questions.
 */
const withoutWarning = (answer: string): string => answer.replaceAll("N(25P01) C(SET)", "C(SET)");

/** The sequence of a seed is answered through the gateway, which allows everything, as by the server itself. */
export async function sameAnswers(pair: Pair, seed: number): Promise<void> {
	const { messages, ready, script } = randomSequence(seed, { texts: TEXTS, names: NAMES });
	const direct = (await outcome(pair, await pair.direct(), [[messages, ready]])).map(withoutWarning);
	const through = (await outcome(pair, await pair.through(), [[messages, ready]])).map(withoutWarning);
	if (through.every((answer, at) => isKnown(direct[at] ?? "", answer))) return;
	assert.deepEqual(through, direct, `seed ${seed}\n${script}`);
}

/** Lets everything pass but what names `forbidden`, and two rows of what generates them. */
export const PARTLY_DENIED = policyOf(`
	allow contains {"rule": "all"}
	deny contains {"rule": "forbidden"} if input.command.statements[_].relations[_].name == "forbidden"
	deny contains {"rule": "forbidden"} if input.command.writes[_].relation == "public.forbidden"
	limit contains {"rule": "rows", "max_rows": 2} if contains(input.command.text, "generate_series")
`);
export const WITH_FORBIDDEN = `${SCHEMA}; CREATE TABLE forbidden (a int)`;

const DENIED = [
	...["INSERT INTO forbidden VALUES (1)", "SELECT * FROM forbidden", "PREPARE q AS TABLE forbidden"],
	"SELECT 1; DELETE FROM forbidden",
];

/** Each Sync and Query is answered once, and the session is good for more afterwards. */
export async function staysInStep(client: WireClient, seed: number): Promise<void> {
	const texts = [...TEXTS, ...DENIED, ...DENIED, ...DENIED];
	const { messages, ready, script } = randomSequence(seed, { texts, names: NAMES });
	await client.ask(messages, ready).catch((error) => assert.fail(`seed ${seed}: ${error}\n${script}`));
	assert.equal(
		outline(await client.ask([query("SELECT 1")])),
		"T D C(SELECT 1) ZI",
		`seed ${seed}\n${script}`,
	);
	assert.deepEqual(client.inbox, [], `seed ${seed}`);
}
