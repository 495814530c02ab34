import { runParts } from "../parts.ts";
import { benchDecisions } from "./decisions.ts";
import { benchLarge } from "./large.ts";
import { benchPush } from "./push.ts";
import { benchReloads } from "./reloads.ts";
import { benchReplay } from "./replay.ts";
import { benchShadow } from "./shadow.ts";
import { benchSwap } from "./swap.ts";

/** `npm run bench -- policy [PART...] [--quick]`: all parts unless some are named. */
export const benchPolicy = (args: readonly string[]): Promise<void> =>
	runParts(
		{
			decisions: benchDecisions,
			large: benchLarge,
			replay: benchReplay,
			shadow: benchShadow,
			swap: benchSwap,
			reloads: benchReloads,
			push: benchPush,
		},
		args,
	);
