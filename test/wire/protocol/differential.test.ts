import assert from "node:assert/strict";
import { after, before, describe as suite, test } from "node:test";
import { type Pair, startPair } from "../../support/wire-pair.ts";
import { outcome, PARTLY_DENIED, SCHEMA, sameAnswers, staysInStep, WITH_FORBIDDEN } from "./random.ts";
import { SEQUENCES } from "./sequences.ts";

for (const version of [15, 18] as const) {
	suite(`a session through the gateway is what it is on PostgreSQL ${version} itself`, () => {
		let pair: Pair;

		before(async () => {
			pair = await startPair({ postgres: { version }, schema: SCHEMA });
		});
		after(() => pair.stop());

		for (const [what, steps] of Object.entries(SEQUENCES))
			test(what, async () => {
				const direct = await outcome(pair, await pair.direct(), steps);
				assert.deepEqual(await outcome(pair, await pair.through(), steps), direct);
			});

		test("random sequences of messages (seeds 1 to 24)", async () => {
			for (let seed = 1; seed <= 24; seed++) await sameAnswers(pair, seed);
		});
	});
}

suite("random sequences of messages, some of whose texts are denied", () => {
	test("each Sync and Query is answered once, and nothing that is denied runs (seeds 1 to 80)", async () => {
		const pair = await startPair({ schema: WITH_FORBIDDEN, policy: PARTLY_DENIED });
		try {
			const logged = await pair.logged(async () => {
				let client = await pair.through();
				for (let seed = 1; seed <= 80; seed++) {
					await staysInStep(client, seed);
					if (seed % 5 !== 0) continue;
					client.close();
					client = await pair.through();
				}
				client.close();
			});
			assert.doesNotMatch(logged, /forbidden/);
		} finally {
			await pair.stop();
		}
	});
});
