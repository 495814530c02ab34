import { type Bundle, readBundle } from "./bundle.ts";
import { isDelta, readDelta, withDelta } from "./delta.ts";
import type { BundleFiles } from "./files.ts";
import type { Verification } from "./signature.ts";

/** A bundle that was read and verified, and that may come into force. */
export interface Candidate {
	readonly bundle: Bundle;
	readonly type: "snapshot" | "delta";
	/** Whether a signature came with it, whoever looked at that. */
	readonly signed: boolean;
}

/** What is in force of a bundle when another comes, and whether it is kept for a restart. */
export interface InForce {
	readonly bundle: Bundle | undefined;
	readonly persist: boolean;
}

/** Makes a bundle of files, or of the bundle in force and the changes that they hold. Throws PolicyError. */
export function readCandidate(
	files: BundleFiles,
	verification: Verification | undefined,
	over: InForce,
): Omit<Candidate, "signed"> {
	if (!isDelta(files)) return { bundle: readBundle(files, verification), type: "snapshot" };
	const delta = readDelta(files, verification, over.persist);
	return { bundle: withDelta(over.bundle, delta), type: "delta" };
}
