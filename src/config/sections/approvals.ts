import { Closed, Duration, later, type Static, Type } from "../../lib/index.ts";

const properties = Closed({
	max_hold_in_transaction: Duration(
		"How long a command may be held for an approval inside a transaction that already has work on the target.",
		"30s",
	),
});

/** Just-in-time approval. */
export const ApprovalsConfig = Type.Unsafe<Static<typeof properties>>({
	...properties,
	...later("notify"),
	default: {},
});
export type ApprovalsConfig = Static<typeof ApprovalsConfig>;
