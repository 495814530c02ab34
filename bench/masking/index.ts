import { runParts } from "../parts.ts";
import { benchDetectors } from "./detectors.ts";
import { benchResults } from "./results.ts";

/** `npm run bench -- masking [PART...] [--quick]`: what masks cost, and how well detectors find. */
export const benchMasking = (args: readonly string[]): Promise<void> =>
	runParts({ detectors: benchDetectors, results: benchResults }, args);
