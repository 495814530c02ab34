import { after, before, describe, it } from "node:test";
import { type BrokenUpstream, openBrokenUpstream } from "./broken.ts";

const SEEDS = [1, 40] as const;

describe("a server that goes wrong in the middle of a session", () => {
	let upstream: BrokenUpstream;
	before(async () => {
		upstream = await openBrokenUpstream();
	});
	after(() => upstream.stop());

	it(`ends that session, and tells nothing and disturbs nobody (seeds ${SEEDS[0]} to ${SEEDS[1]})`, async () => {
		for (let seed = SEEDS[0]; seed < SEEDS[1]; seed++) {
			await upstream.endure(seed).catch((error: unknown) => {
				throw new Error(`seed ${seed}: npm run fuzz -- postgres --only upstream --seed ${seed}`, {
					cause: error,
				});
			});
		}
	});
});
