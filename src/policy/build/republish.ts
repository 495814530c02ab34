import { readArchive } from "../bundle/archive.ts";
import { type BuiltBundle, defaultSequence, publish } from "./publish.ts";
import { SIGNATURES, type SigningKey } from "./sign.ts";

export interface RepublishOptions {
	/** Default: `defaultSequence()`. */
	readonly sequence?: number;
	readonly signKey?: SigningKey;
}

const LIMITS = { bytes: 256 << 20, entries: 10_000, depth: 32 };

/**
 * An unsigned bundle under a sequence of this moment; undefined for a signed one, whose signature would be lost.
 * Throws PolicyError.
 */
export async function renumber(archive: Uint8Array): Promise<BuiltBundle | undefined> {
	const files = await readArchive(archive, LIMITS);
	return files.has(SIGNATURES) ? undefined : publish(files, Date.now());
}

/**
 * The content of a bundle under a new sequence, signed anew: a roll back publishes an old bundle so. Throws
 * PolicyError (bundle_truncated, bundle_too_large, bundle_invalid) and BuildError `sign_key`.
 */
export async function republish(archive: Uint8Array, options: RepublishOptions = {}): Promise<BuiltBundle> {
	const files = await readArchive(archive, LIMITS);
	return publish(files, options.sequence ?? defaultSequence(), options.signKey);
}
