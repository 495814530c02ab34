import assert from "node:assert/strict";
import type { RandomQueries } from "./both-sides.ts";
import { CONSTRUCTS } from "./statements.ts";

/** Seeds that are asked at once: the gateway and the server work on some while the client looks at others. */
const AT_ONCE = 10;
/** Each construct is in so many queries that are answered. */
const LEAST_ANSWERED = 20;

/** Tries these seeds: none tells anything, most are answered, and hardly any makes no sense. */
export async function trySeeds(queries: RandomQueries, from: number, to: number): Promise<void> {
	const count = { answered: 0, denied: 0, failed: 0 };
	const answered = new Map<string, number>();
	for (let seed = from; seed < to; seed += AT_ONCE) {
		const seeds = Array.from({ length: Math.min(AT_ONCE, to - seed) }, (_, index) => seed + index);
		for (const { outcome, uses } of await queries.attempt(seeds)) {
			count[outcome]++;
			if (outcome !== "answered") continue;
			for (const construct of uses) answered.set(construct, (answered.get(construct) ?? 0) + 1);
		}
	}
	const all = to - from;
	assert.ok(count.answered > all * 0.6, `${count.answered} of ${all} were answered`);
	assert.ok(count.denied > all / 10, `${count.denied} of ${all} were denied`);
	assert.ok(count.failed < all / 50, `${count.failed} of ${all} made no sense`);
	const rare = CONSTRUCTS.filter((construct) => (answered.get(construct) ?? 0) < LEAST_ANSWERED);
	assert.deepEqual(rare, [], "constructs that are hardly ever in a query that is answered");
}
