import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Arena, openArena } from "./arena.ts";
import { type Attempt, generated, listed } from "./attempts.ts";

/** Seeds that every run tries; `npm run fuzz -- postgres` goes on from any other. */
const SEEDS = { 15: [1, 150], 18: [1_000, 1_150] } as const;

const squeezed = (text: string): string => text.replace(/\s+/g, " ").trim();

/** Past the gateway nothing is read or changed, and of what does so by itself the server never hears. */
async function stopped(arena: Arena, attempt: Attempt): Promise<void> {
	const { harmed, log } = await arena.passes(attempt);
	assert.ok(!harmed, `the server did it:\n${attempt.script}\n${log}`);
	const [only = "", ...more] = attempt.texts;
	if (more.length === 0) assert.ok(!squeezed(log).includes(squeezed(only)), `the server got it:\n${log}`);
}

for (const version of [15, 18] as const) {
	describe(`a forbidden statement in other words, PostgreSQL ${version}`, () => {
		let arena: Arena;
		before(async () => {
			arena = await openArena(version);
		});
		after(() => arena.stop());

		for (const attempt of listed(version))
			it(attempt.script, async () => {
				assert.ok(await arena.harmful(attempt), "it does harm where nothing stands in its way");
				await stopped(arena, attempt);
			});

		const [from, to] = SEEDS[version];
		it(`put together at random (seeds ${from} to ${to})`, async () => {
			let harmful = 0;
			for (let seed = from; seed < to; seed++) {
				const attempt = generated(seed, version);
				if (!(await arena.harmful(attempt))) continue;
				harmful += 1;
				await stopped(arena, attempt);
			}
			assert.ok(harmful > (to - from) * 0.7, `${harmful} of ${to - from} would have done harm`);
		});
	});
}
