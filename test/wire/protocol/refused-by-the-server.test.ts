import assert from "node:assert/strict";
import { after, before, describe as suite, test } from "node:test";
import { errorOf, outline } from "../../support/wire-client.ts";
import { parse, query, SYNC } from "../../support/wire-messages.ts";
import { type Pair, policyOf, startPair } from "../../support/wire-pair.ts";

/** Wrong in ways that the server's parser has a hint for, and the gateway's has not. */
const WRONG = ["SELECT U&'wrong: \\061'", "SELECT 1.0e+a", "SELECT * FROM (SELECT 1)", "SELEC 1"];

suite("a text that is wrong, where policy allows what can't be judged", () => {
	let pair: Pair;
	before(async () => {
		pair = await startPair();
	});
	after(() => pair.stop());

	test("gets the server's own answer, to the last field, in each state", async () => {
		const [direct, through] = [await pair.direct(), await pair.through()];
		for (const begin of ["SELECT 1", "BEGIN", "SELECT 1/0"]) {
			for (const client of [direct, through]) await client.ask([query(begin)]);
			for (const text of WRONG) {
				for (const messages of [[query(text)], [parse(text), SYNC]]) {
					const [expected, answer] = [await direct.ask(messages), await through.ask(messages)];
					assert.deepEqual(answer, expected, `${text} after ${begin}`);
					if (text.includes("U&")) assert.match(errorOf(answer).get("H") ?? "", /Unicode escapes/);
				}
			}
		}
		for (const client of [direct, through]) client.close();
	});

	test("PREPARE TRANSACTION ends a block that has failed, as ROLLBACK would", async () => {
		const client = await pair.through();
		await client.ask([query("BEGIN")]);
		await client.ask([query("SELECT 1/0")]);
		assert.equal(outline(await client.ask([query("PREPARE TRANSACTION 'x'")])), "C(ROLLBACK) ZI");
		assert.equal(outline(await client.ask([query("SELECT 1")])), "T D C(SELECT 1) ZI");
		client.close();
	});
});

suite("a text that is wrong, elsewhere", () => {
	let pair: Pair;
	before(async () => {
		pair = await startPair({
			policy: policyOf(`
				allow contains {"rule": "all"} if not opaque
				opaque if {
					some statement in input.command.statements
					statement.opaque
				}
				deny contains {"rule": "opaque"} if {
					opaque
					input.session.reason != "ask"
				}
				require_approval contains {"rule": "opaque", "approvers": ["group:static/approvers"]} if {
					opaque
					input.session.reason == "ask"
				}
			`),
		});
	});
	after(() => pair.stop());

	test("is answered by the gateway, and never sent", async () => {
		const client = await pair.through();
		const logged = await pair.logged(async () => {
			for (const text of ["SELEC 1", "SELECT 1 FROM nowhere"]) {
				const answer = await client.ask([query(text)]);
				assert.match(outline(answer), /^E\(42(601|P01)\) ZI$/, text);
			}
			assert.equal(outline(await client.ask([parse("SELEC 1"), SYNC])), "E(42601) ZI");
		});
		assert.doesNotMatch(logged, /SELEC 1|nowhere/);
		client.close();
	});

	test("is answered at once where people would have to be asked", async () => {
		const client = await pair.through();
		await client.ask([query("SET sallyport.reason = 'ask'")]);
		assert.equal(outline(await client.ask([query("SELEC 1")])), "E(42601) ZI");
		assert.equal(outline(await client.ask([query("SELECT 1 FROM nowhere")])), "E(42P01) ZI");
		client.close();
	});
});
