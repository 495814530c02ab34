import assert from "node:assert/strict";
import { chmodSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe as suite, test } from "node:test";
import { MaskKeys } from "../../../src/masking/index.ts";
import { readEvents } from "../../../src/recording/index.ts";
import { rows, type WireClient } from "../../support/wire-client.ts";
import { query } from "../../support/wire-messages.ts";
import { type Pair, policyOf, startPair } from "../../support/wire-pair.ts";

suite("tokens that stand for masked values", () => {
	let pair: Pair;
	let client: WireClient;
	before(async () => {
		pair = await startPair({
			schema:
				"CREATE TABLE people (id int, email text); INSERT INTO people VALUES (1, 'ada@example.com'), (2, 'ada@example.com')",
			policy: policyOf(
				`allow contains {"rule": "all"}
				mask contains {"rule": "m", "columns": ["public.people.email"], "transform": "tokenise"}`,
				{ admin: { roles: { workers: { principals: ["user:static/ana"], actions: ["values:reveal"] } } } },
			),
		});
		client = await pair.through();
	});
	after(async () => {
		client.close();
		await pair.stop();
	});

	const reveal = async (token: string, by: string, connection = "orders") => {
		const response = await fetch(`${pair.gateway.controlUrl}/api/v1/values/reveal`, {
			method: "POST",
			headers: { authorization: `Bearer ${by}`, "content-type": "application/json" },
			body: JSON.stringify({ connection, token }),
		});
		return { status: response.status, body: (await response.json()) as Record<string, unknown> };
	};

	test("are the same for the same value, and given back to whom the policy names, recorded", async () => {
		const [one, other] = rows(await client.ask([query("SELECT email FROM people")]));
		const token = one?.[0] ?? "";
		assert.match(token, /^tok_/);
		assert.deepEqual(one, other);
		const { tokens } = pair.gateway;
		assert.deepEqual(await reveal(token, tokens.approver), {
			status: 200,
			body: { value: "ada@example.com" },
		});
		for (const by of [tokens.agent, tokens.otherAgent, tokens.admin])
			assert.equal((await reveal(token, by)).status, 403);
		assert.equal((await reveal(`${token.slice(0, -2)}AA`, tokens.approver)).status, 404);
		assert.equal((await reveal(token, tokens.approver, "elsewhere")).status, 404);
		assert.equal((await reveal("ada@example.com", tokens.approver)).status, 400);
		const asked: unknown[] = [];
		for await (const { type, fields } of readEvents(pair.gateway.recordDir))
			if (type === "admin" && fields["action"] === "values:reveal") asked.push(fields["decision"]);
		assert.ok(asked.length >= 6, `${asked.length} requests are in the record`);
	});

	test("are made with a key that stays with the gateway, and that nobody else may read", () => {
		const keys = join(pair.gateway.recordDir, "..", "keys");
		const path = join(keys, "mask.key");
		assert.equal(statSync(path).mode & 0o777, 0o600);
		assert.deepEqual(MaskKeys.open(keys).of("orders"), MaskKeys.open(keys).of("orders"));
		assert.notDeepEqual(MaskKeys.open(keys).of("orders"), MaskKeys.open(keys).of("other"));
		for (const [content, mode] of [
			["", 0o600],
			["AAAA", 0o600],
			[Buffer.alloc(32, 1).toString("base64"), 0o644],
		] as const) {
			const other = join(pair.gateway.directory, `keys-${content.length}`);
			MaskKeys.open(other);
			writeFileSync(join(other, "mask.key"), content);
			if (mode === 0o644) chmodSync(join(other, "mask.key"), mode);
			assert.throws(() => MaskKeys.open(other), { code: "mask_key_unusable" });
		}
	});
});
