import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CODEC_PROPERTIES } from "./properties.ts";

/** Each property gets inputs from seeds 1, 2, 3 ... until it has had so many; the fuzzer goes on behind them. */
const INPUTS = 30_000;
/** What may stay allocated behind all of them: lengths up to 2 GB were promised to it. */
const MOST_MEMORY = 64 << 20;

describe("the codec in both directions", () => {
	for (const [what, property] of Object.entries(CODEC_PROPERTIES))
		it(`${what} (${INPUTS} inputs)`, () => {
			const before = process.memoryUsage().arrayBuffers;
			for (let seed = 1, tried = 0; tried < INPUTS; seed++) {
				try {
					tried += property(seed);
				} catch (error) {
					throw new Error(`seed ${seed}: npm run fuzz -- postgres --only codec --seed ${seed}`, {
						cause: error,
					});
				}
			}
			assert.ok(process.memoryUsage().arrayBuffers - before < MOST_MEMORY);
		});
});
