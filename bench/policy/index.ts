import { benchDecisions } from "./decisions.ts";
import { benchLarge } from "./large.ts";
import { benchPush } from "./push.ts";
import { benchReloads } from "./reloads.ts";
import { benchReplay } from "./replay.ts";
import { benchSwap } from "./swap.ts";

const PARTS: Readonly<Record<string, (quick: boolean) => Promise<void>>> = {
	decisions: benchDecisions,
	large: benchLarge,
	replay: benchReplay,
	swap: benchSwap,
	reloads: benchReloads,
	push: benchPush,
};

/** `npm run bench -- policy [PART...] [--quick]`: all parts unless some are named. */
export async function benchPolicy(args: readonly string[]): Promise<void> {
	const named = args.filter((arg) => !arg.startsWith("--"));
	const unknown = named.find((name) => PARTS[name] === undefined);
	if (unknown !== undefined)
		throw new Error(`there is no part ${unknown}; there are ${Object.keys(PARTS).join(", ")}`);
	for (const [name, part] of Object.entries(PARTS))
		if (named.length === 0 || named.includes(name)) await part(args.includes("--quick"));
}
