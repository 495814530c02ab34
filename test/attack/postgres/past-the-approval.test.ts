import assert from "node:assert/strict";
import { after, before, beforeEach, describe as suite, test } from "node:test";
import { errorOf, outline, type WireClient } from "../../support/wire-client.ts";
import { bind, execute, parse, query, SYNC } from "../../support/wire-messages.ts";
import { type Pair, policyOf, startPair } from "../../support/wire-pair.ts";

/**
 * What was approved is what runs: a text that runs something else, which was made before it, is approved together with
 * that, and an approver is shown it.
 */
suite("approved is one thing, run another", () => {
	let pair: Pair;
	let client: WireClient;

	before(async () => {
		pair = await startPair({
			schema: `
				CREATE TABLE orders (id int);
				CREATE TABLE other (id int);
				CREATE FUNCTION slow(int) RETURNS int LANGUAGE sql AS 'SELECT $1';`,
			policy: policyOf(`
				allow contains {"rule": "all"}
				require_approval contains {"rule": "delete", "approvers": ["group:static/approvers"]} if {
					input.command.statements[_].kind in {"execute", "explain", "delete"}
					some write in input.command.writes
					write.relation == "public.orders"
				}
			`),
		});
	});
	after(() => pair.stop());

	beforeEach(async () => {
		await pair.postgres.query("TRUNCATE orders; INSERT INTO orders VALUES (1), (2)");
		client = await pair.through();
		await client.ask([query("SET sallyport.approval = nowait")]);
	});

	/** Asks for it, and has an approver agree to what was asked for. Answers what was shown. */
	async function approved(messages: readonly Buffer[]): Promise<string> {
		const error = errorOf(await client.ask(messages)).get("M") ?? "";
		const id = /approvals\/(\w+)/.exec(error)?.[1] ?? "";
		const shown = await control("GET", id);
		await control("POST", `${id}/approve`);
		return shown;
	}

	async function control(method: "GET" | "POST", path: string): Promise<string> {
		const { controlUrl, tokens } = pair.gateway;
		const answer = await fetch(`${controlUrl}/api/v1/approvals/${path}`, {
			method,
			headers: { authorization: `Bearer ${tokens.approver}`, "content-type": "application/json" },
			...(method === "POST" ? { body: "{}" } : {}),
		});
		const text = await answer.text();
		assert.ok(answer.ok, text);
		return text;
	}

	const left = () => pair.postgres.query("SELECT id FROM orders ORDER BY id");

	test("EXECUTE of what has another text by then needs another approval; of the same it doesn't", async () => {
		await client.ask([query("PREPARE p AS DELETE FROM orders WHERE id = 1")]);
		const shown = await approved([query("EXECUTE p")]);
		assert.match(shown, /DELETE FROM orders WHERE id = 1/);
		await client.ask([query("DEALLOCATE p; PREPARE p AS DELETE FROM orders WHERE id >= 1")]);
		assert.equal(outline(await client.ask([query("EXECUTE p")])), "E(42501) ZI");
		assert.deepEqual(await left(), [["1"], ["2"]]);
		await client.ask([query("DEALLOCATE p; PREPARE p AS DELETE FROM orders WHERE id = 1")]);
		assert.equal(outline(await client.ask([query("EXECUTE p")])), "C(DELETE 1) ZI");
		client.close();
	});

	test("the same for a statement that the wire prepared, and for EXECUTE that the wire runs", async () => {
		await client.ask([parse("DELETE FROM orders WHERE id = 1", "w"), SYNC]);
		await client.ask([parse("EXECUTE w", "e"), SYNC]);
		await approved([bind("e"), execute(), SYNC]);
		await client.ask([query("DEALLOCATE w")]);
		await client.ask([parse("DELETE FROM orders", "w"), SYNC]);
		assert.equal(outline(await client.ask([bind("e"), execute(), SYNC])), "E(42501) ZI");
		assert.equal(outline(await client.ask([query("EXECUTE w")])), "E(42501) ZI");
		assert.deepEqual(await left(), [["1"], ["2"]]);
		client.close();
	});

	test("EXPLAIN ANALYZE of EXECUTE, and CREATE TABLE AS EXECUTE, are of what it holds then", async () => {
		await client.ask([query("PREPARE p AS DELETE FROM orders WHERE id = 1")]);
		const shown = await approved([query("EXPLAIN ANALYZE EXECUTE p")]);
		assert.match(shown, /DELETE FROM orders WHERE id = 1/);
		await client.ask([query("DEALLOCATE p; PREPARE p AS DELETE FROM orders")]);
		assert.equal(outline(await client.ask([query("EXPLAIN ANALYZE EXECUTE p")])), "E(42501) ZI");
		assert.deepEqual(await left(), [["1"], ["2"]]);
		client.close();
	});

	test("a function that was redefined behind the approval voids it", async () => {
		await client.ask([
			query("CREATE FUNCTION clear() RETURNS void LANGUAGE sql AS 'DELETE FROM orders WHERE id = 1'"),
		]);
		await client.ask([query("PREPARE p AS DELETE FROM orders WHERE id = slow(1)")]);
		await approved([query("EXECUTE p")]);
		await pair.postgres.query("CREATE OR REPLACE FUNCTION slow(int) RETURNS int LANGUAGE sql AS 'SELECT 2'");
		await client.ask([query("CREATE TABLE news (a int); DROP TABLE news")]);
		assert.equal(outline(await client.ask([query("EXECUTE p")])), "E(42501) ZI");
		assert.deepEqual(await left(), [["1"], ["2"]]);
		client.close();
	});
});
