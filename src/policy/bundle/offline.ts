import { readFile, stat } from "node:fs/promises";
import { describeThrown } from "../../lib/index.ts";
import { PolicyEngine } from "../engine/engine.ts";
import { DEFAULT_LIMITS, type EngineLimits } from "../engine/limits.ts";
import { PolicyError } from "../errors.ts";
import { assemble } from "./activate.ts";
import { readArchive } from "./archive.ts";
import { type Bundle, readBundle } from "./bundle.ts";
import { readDirectory } from "./directory.ts";
import { type BundleLimits, MAX_DEPTH, MAX_ENTRIES } from "./files.ts";
import type { Verification } from "./signature.ts";

const OFFLINE_LIMITS: BundleLimits = { bytes: 256 << 20, entries: MAX_ENTRIES, depth: MAX_DEPTH };

/** Reads a bundle from a tarball or an unpacked directory, verified when a key is given. Throws PolicyError. */
export async function readBundleAt(
	path: string,
	verification?: Verification,
	limits = OFFLINE_LIMITS,
): Promise<Bundle> {
	try {
		const files = (await stat(path)).isDirectory()
			? await readDirectory(path, limits)
			: await readArchive(await readFile(path), limits);
		return readBundle(files, verification);
	} catch (thrown) {
		if (thrown instanceof PolicyError) throw thrown;
		throw new PolicyError("bundle_unreachable", undefined, {
			operator: describeThrown(thrown),
			cause: thrown,
		});
	}
}

/**
 * Reads a bundle's archive to try it, never to put it in force: its signature is not looked at. Throws PolicyError.
 */
export async function readUnverified(archive: Uint8Array, limits = OFFLINE_LIMITS): Promise<Bundle> {
	const files = new Map(await readArchive(archive, limits));
	files.delete(".signatures.json");
	return readBundle(files, undefined);
}

/** What makes a policy of a bundle's path without a gateway. */
export interface OpenOptions {
	/** Further bundles that carry only data, by name. */
	readonly data?: ReadonlyMap<string, Bundle>;
	readonly limits?: EngineLimits;
	/** Milliseconds since the epoch. */
	readonly now?: number;
}

/** Makes the policy of one bundle outside a gateway: what `policy eval` and `explain` ask. Throws PolicyError. */
export async function openPolicy(bundle: Bundle, options: OpenOptions = {}): Promise<PolicyEngine> {
	const bundles = new Map([["bundle", bundle], ...(options.data ?? [])]);
	const limits = options.limits ?? DEFAULT_LIMITS;
	const ready = await assemble(bundles, limits);
	if (ready === undefined) throw new PolicyError("bundle_no_entrypoint");
	return new PolicyEngine(ready, limits, options.now ?? Date.now());
}
