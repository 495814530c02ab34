import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { openQueries, type RandomQueries } from "./random-queries.ts";

/** Kept seeds; `npm run fuzz -- masking` takes any others, for as long as one likes. */
for (const [version, from, to] of [
	[15, 1, 700],
	[18, 700, 1_100],
] as const) {
	describe(`queries of every shape, PostgreSQL ${version}`, () => {
		let queries: RandomQueries;
		before(async () => {
			queries = await openQueries(version);
		});
		after(() => queries.close());

		it(`seeds ${from} to ${to}`, async () => {
			const count = { answered: 0, denied: 0, failed: 0 };
			for (let seed = from; seed < to; seed++) count[await queries.attempt(seed)]++;
			const all = to - from;
			assert.ok(count.answered > all / 2, `${count.answered} of ${all} were answered`);
			assert.ok(count.denied > all / 10, `${count.denied} of ${all} were denied`);
			assert.ok(count.failed < all / 20, `${count.failed} of ${all} made no sense`);
		});
	});
}
