import { benchDetectors } from "./detectors.ts";

/** What masks cost, and how well detectors find. */
export async function benchMasking(_args: readonly string[]): Promise<void> {
	benchDetectors();
}
