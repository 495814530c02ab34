import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { errorOf, type Received, type WireClient } from "../../support/wire-client.ts";
import { bind, describe as describing, execute, parse, query, SYNC } from "../../support/wire-messages.ts";
import { policyOf } from "../../support/wire-pair.ts";
import { QueryWriter } from "./queries.ts";
import { comparable, leaked, openWorld, SECRET_COLUMNS, SIDES, type World } from "./world.ts";

const POLICY = policyOf('allow contains {"rule": "all"}', {
	pii: { columns: [{ columns: SECRET_COLUMNS, transform: "redact" }] },
});

/**
 * Two databases that differ in their secrets only have to answer alike, whatever is asked: what an answer does not
 * depend on it does not tell, be it in values, in numbers of rows, or in an error.
 */
for (const [version, from, to] of [
	[15, 1, 700],
	[18, 700, 1_100],
] as const) {
	describe(`queries of every shape, PostgreSQL ${version}`, () => {
		let world: World;
		let clients: readonly WireClient[];
		before(async () => {
			world = await openWorld(version, POLICY);
			clients = await Promise.all(SIDES.map((side) => world.connect(side)));
		});
		after(() => world.stop());

		const ask = async (client: WireClient, sql: string, binary: boolean): Promise<Received[]> => {
			client.everything.length = 0;
			const extended = [parse(sql), bind("", "", [], [1]), describing.portal(), execute(), SYNC];
			return client.ask(binary ? extended : [query(sql)]);
		};

		it(`seeds ${from} to ${to}`, async () => {
			const count = { answered: 0, denied: 0, failed: 0 };
			for (let seed = from; seed < to; seed++) {
				const sql = new QueryWriter(seed).statement();
				const answers = await Promise.all(clients.map((client) => ask(client, sql, seed % 3 === 0)));
				for (const [index, side] of SIDES.entries()) {
					const bytes = Buffer.concat(clients[index]?.everything ?? []);
					assert.equal(leaked(side, bytes), undefined, `seed ${seed}: ${sql}`);
				}
				const [one = [], other = []] = answers;
				assert.equal(comparable(one), comparable(other), `seed ${seed}: ${sql}`);
				const code = errorOf(one).get("C");
				count[code === undefined ? "answered" : code === "42501" ? "denied" : "failed"]++;
			}
			const all = to - from;
			assert.ok(count.answered > all / 2, `${count.answered} of ${all} were answered`);
			assert.ok(count.denied > all / 10, `${count.denied} of ${all} were denied`);
			assert.ok(count.failed < all / 20, `${count.failed} of ${all} made no sense`);
		});
	});
}
