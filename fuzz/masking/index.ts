import fc from "fast-check";
import { openQueries } from "../../test/attack/masking/random/both-sides.ts";
import { REWRITING } from "../../test/unit/protocols/postgres/masking/properties.ts";
import type { Fuzzer } from "../run.ts";

/** Queries of every shape on two databases that differ in their secrets: no secret comes, and both answer alike. */
const queries = (version: 15 | 18): Fuzzer => ({
	turn: 50,
	open: async () => {
		const open = await openQueries(version);
		return {
			attempt: async (seed) => {
				await open.attempt([seed]);
				return 1;
			},
			close: open.close,
		};
	},
});

const RESULTS_A_SEED = 20;

/** Results of any shape in any pieces, against what the server would have written of masked values. */
const results: Fuzzer = {
	turn: 5,
	open: async () => ({
		attempt: async (seed) => {
			const properties = Object.values(REWRITING);
			for (const property of properties) fc.assert(property, { seed, numRuns: RESULTS_A_SEED });
			return properties.length * RESULTS_A_SEED;
		},
		close: async () => {},
	}),
};

export const MASKING: Readonly<Record<string, Fuzzer>> = {
	results,
	"queries-15": queries(15),
	"queries-18": queries(18),
};
