import { DEFAULT_LIMITS } from "../engine/limits.ts";
import { policyThread } from "../thread/policy-thread.ts";
import { type BundleLimits, MAX_DEPTH, MAX_ENTRIES } from "./files.ts";
import type { Verification } from "./signature.ts";

/** What a bundle server knows of a bundle that it was given. */
export interface BundleFacts {
	readonly revision: string;
	/** The manifest's `metadata.sallyport.sequence`; null when it has none. */
	readonly sequence: number | null;
	readonly signed: boolean;
}

const LIMITS: BundleLimits = { bytes: 256 << 20, entries: MAX_ENTRIES, depth: MAX_DEPTH };

/**
 * Reads a bundle before it is published: with `verification` its signature, then manifest, data and module, with a
 * trial run. Without `verification` a signature is left to the gateways that hold the key. Throws PolicyError.
 */
export async function inspectBundle(
	archive: Uint8Array,
	verification: Verification | undefined,
): Promise<BundleFacts> {
	const content = { archive, limits: LIMITS };
	const { bundle, signed } = await policyThread.read(content, verification ?? "unverified");
	if (bundle.wasm !== undefined) await policyThread.assemble(new Map([["bundle", bundle]]), DEFAULT_LIMITS);
	return { revision: bundle.revision, sequence: bundle.manifest.sallyport.sequence ?? null, signed };
}
