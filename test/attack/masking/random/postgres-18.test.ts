import { after, before, test } from "node:test";
import { openQueries, type RandomQueries } from "./both-sides.ts";
import { trySeeds } from "./kept-seeds.ts";

let queries: RandomQueries;
before(async () => {
	queries = await openQueries(18);
});
after(() => queries.close());

/** Kept seeds; `npm run fuzz -- masking` takes any others, for as long as one likes. */
test("ten thousand queries of every shape, PostgreSQL 18", () => trySeeds(queries, 10_001, 20_001));
