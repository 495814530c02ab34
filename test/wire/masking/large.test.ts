import assert from "node:assert/strict";
import { after, before, describe as suite, test } from "node:test";
import { outline, rows, type WireClient } from "../../support/wire-client.ts";
import { query } from "../../support/wire-messages.ts";
import { type Pair, policyOf, startPair } from "../../support/wire-pair.ts";

const BYTES = 100_000_000;
/** How much of one row or message the gateway may hold: what it holds of a larger one is only what it does not mask. */
const HELD_BYTES = 4 << 20;

suite("a masked value of 100 MB", () => {
	let pair: Pair;
	let client: WireClient;
	before(async () => {
		const masks = ["redact", "hash"].map(
			(way) => `mask contains {"rule": "${way}", "columns": ["public.large.${way}"], "transform": "${way}"}`,
		);
		pair = await startPair({
			schema: `CREATE TABLE large (id int, redact text, hash text);
				INSERT INTO large (id, redact) VALUES (1, repeat('x', ${BYTES}));
				INSERT INTO large (id, hash) VALUES (2, repeat('x', ${BYTES}))`,
			merge: { limits: { server_message_bytes: HELD_BYTES } },
			policy: policyOf(`allow contains {"rule": "all"}\n${masks.join("\n")}`),
		});
		client = await pair.through();
		await client.ask([query("SELECT * FROM large WHERE false")]);
	});
	after(async () => {
		client.close();
		await pair.stop();
	});
	test("is masked as it comes, in rows and in COPY, and never held", async () => {
		for (const [id, column, expected] of [
			[1, "redact", /^\[redacted\]$/],
			[2, "hash", /^[0-9a-f]{32}$/],
		] as const) {
			const answer = await client.ask([query(`SELECT ${column}, id FROM large WHERE id = ${id}`)]);
			assert.match(rows(answer)[0]?.[0] ?? "", expected, outline(answer));
			assert.equal(rows(answer)[0]?.[1], String(id));
			const copied = await client.ask([
				query(`COPY (SELECT ${column}, id FROM large WHERE id = ${id}) TO STDOUT`),
			]);
			const data = copied.filter(({ type }) => type === "d").map(({ bytes }) => bytes.subarray(5).toString());
			const [value = "", rest] = data.join("").split("\t");
			assert.match(value, expected);
			assert.equal(rest, `${id}\n`);
		}
	});

	test("one that is not masked beside one that is does not fit", async () => {
		const answer = await client
			.ask([query("SELECT redact, repeat('y', 8000000) FROM large WHERE id = 1")])
			.catch(String);
		assert.match(typeof answer === "string" ? answer : outline(answer), /ended|E\(/);
	});
});
