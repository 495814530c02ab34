import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { errorOf, type WireClient } from "../../support/wire-client.ts";
import { query } from "../../support/wire-messages.ts";
import { packsOf } from "../../support/wire-pair.ts";
import { ANALYSTS } from "./analysts.ts";
import { openWorld, SECRET_COLUMNS, type World } from "./world.ts";

/** Of what harmless queries ask for so few may be refused. */
const MOST_REFUSED = 0.02;

describe("under the default policy with masked columns, those who ask for figures", () => {
	let world: World;
	let client: WireClient;
	before(async () => {
		world = await openWorld(
			18,
			packsOf({ pii: { columns: [{ columns: SECRET_COLUMNS, transform: "redact" }] } }),
		);
		client = await world.connect("east");
	});
	after(async () => {
		client.close();
		await world.stop();
	});

	it(`get them, of ${ANALYSTS.length} queries`, async () => {
		assert.ok(ANALYSTS.length >= 300);
		const refused: string[] = [];
		for (const sql of ANALYSTS) {
			const error = errorOf(await client.ask([query(sql)]));
			const code = error.get("C");
			assert.ok(code === undefined || code === "42501", `${sql}: ${code} ${error.get("M")}`);
			if (code !== undefined) refused.push(`${error.get("M")}: ${sql}`);
		}
		const share = refused.length / ANALYSTS.length;
		assert.ok(share < MOST_REFUSED, `${(share * 100).toFixed(1)} % are refused:\n${refused.join("\n")}`);
	});
});
