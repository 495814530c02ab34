import { benchDetectors } from "./detectors.ts";
import { benchResults } from "./results.ts";

type Part = (quick: boolean) => void | Promise<void>;

const PARTS: Readonly<Record<string, Part>> = { detectors: benchDetectors, results: benchResults };

/** `npm run bench -- masking [PART...] [--quick]`: what masks cost, and how well detectors find. */
export async function benchMasking(args: readonly string[]): Promise<void> {
	const named = args.filter((arg) => !arg.startsWith("--"));
	const unknown = named.find((name) => PARTS[name] === undefined);
	if (unknown !== undefined)
		throw new Error(`there is no part ${unknown}; there are ${Object.keys(PARTS).join(", ")}`);
	for (const [name, part] of Object.entries(PARTS))
		if (named.length === 0 || named.includes(name)) await part(args.includes("--quick"));
}
