import { openQueries } from "../../test/attack/masking/random/both-sides.ts";
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

export const MASKING: Readonly<Record<string, Fuzzer>> = {
	"queries-15": queries(15),
	"queries-18": queries(18),
};
