import assert from "node:assert/strict";
import { test } from "node:test";
import { soakPostgres } from "../../soak/postgres/soak.ts";

/** `npm run soak` does the same for as long as one likes. */
test("sessions at work while clients, backends and the server are killed: nothing mixed up, nothing left", async () => {
	const { tally, kills, findings } = await soakPostgres({
		sessions: 40,
		seconds: 10,
		operations: 200,
		pace: { killEveryMs: 150, crashEveryMs: 3_500, restartEveryMs: 6_000 },
		onSample: () => {},
	});
	assert.deepEqual(findings, []);
	assert.ok(tally.operations >= 200, `${tally.operations} operations`);
	assert.ok(tally.cancels > 0 && tally.losses > 0);
	assert.ok(kills.clients > 0 && kills.backends > 0 && kills.crashes > 0 && kills.restarts > 0);
});
