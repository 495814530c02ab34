import { readArchive } from "../bundle/archive.ts";
import { type BuiltBundle, defaultSequence, publish } from "./publish.ts";
import type { SigningKey } from "./sign.ts";

export interface RepublishOptions {
	/** Default: `defaultSequence()`. */
	readonly sequence?: number;
	readonly signKey?: SigningKey;
}

const LIMITS = { bytes: 256 << 20, entries: 10_000, depth: 32 };

/**
 * The content of a bundle under a new sequence, signed anew: a roll back publishes an old bundle so. Throws
 * PolicyError (bundle_truncated, bundle_too_large, bundle_invalid) and BuildError `sign_key`.
 */
export async function republish(archive: Uint8Array, options: RepublishOptions = {}): Promise<BuiltBundle> {
	const files = await readArchive(archive, LIMITS);
	return publish(files, options.sequence ?? defaultSequence(), options.signKey);
}
