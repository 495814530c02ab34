import type { Clock } from "../../lib/index.ts";
import type { BundleConfig, PolicyConfig } from "../config.ts";
import { PolicyError } from "../errors.ts";
import type { SigningConfig } from "../fetching.ts";
import { ServiceClient } from "../services/client.ts";
import { takesDeltas } from "./delta.ts";
import { FileSource } from "./file-source.ts";
import { type BundleLimits, MAX_DEPTH, MAX_ENTRIES } from "./files.ts";
import { HttpSource } from "./http-source.ts";
import type { BundleParts } from "./managed.ts";
import { BundleStore } from "./persist.ts";
import type { Verification } from "./signature.ts";
import type { BundleSource } from "./source.ts";

type Surroundings = Pick<PolicyConfig, "services" | "keys" | "labels" | "persistence_directory">;

/**
 * What one configured bundle is made of. Throws PolicyError bundle_config when it names a service or a key that isn't
 * there.
 */
export function bundleParts(
	name: string,
	config: BundleConfig,
	around: Surroundings,
	clock: Clock,
	section = `bundles.${name}`,
): BundleParts {
	const limits = { bytes: config.size_limit_bytes, entries: MAX_ENTRIES, depth: MAX_DEPTH };
	const verification = verificationOf(section, config.signing, around.keys);
	const source = config.resource.startsWith("file://")
		? new FileSource(config.resource, limits)
		: httpSource(section, config, around, limits, takesDeltas(verification, config.persist));
	const store = new BundleStore(around.persistence_directory, section.startsWith("bundles.") ? name : null);
	return { name, config, source, verification, limits, store, clock };
}

/** A bundle's server, by the names that the configuration gives. Throws PolicyError bundle_config. */
export function httpSource(
	path: string,
	{ service: name, resource, polling }: Pick<BundleConfig, "service" | "resource" | "polling">,
	{ services, keys, labels }: Surroundings,
	limits: BundleLimits,
	deltas: boolean,
): BundleSource {
	const service = name === undefined ? undefined : services[name];
	if (service === undefined) throw misconfigured(path, `the service ${name ?? ""} is not configured`);
	return new HttpSource({
		client: new ServiceClient(service, keys),
		resource,
		polling,
		limits,
		deltas,
		labels,
	});
}

/**
 * Which keys a bundle's signature is held against: the one that `signing.keyid` names, else all of them. Without
 * `signing` a signature need not be there. Throws PolicyError bundle_config.
 */
export function verificationOf(
	path: string,
	signing: SigningConfig | undefined,
	keys: PolicyConfig["keys"],
): Verification | undefined {
	const verifying = Object.entries(keys).filter(([, { key }]) => key !== undefined);
	if (signing === undefined) {
		if (verifying.length === 0) return undefined;
		const none: SigningConfig = { allow_unsigned_delta_bundles: false };
		return { signing: none, keys: Object.fromEntries(verifying), required: false };
	}
	const named = verifying.filter(([name]) => signing.keyid === undefined || name === signing.keyid);
	if (named.length === 0)
		throw misconfigured(path, `the key ${signing.keyid ?? "to verify it with"} is not configured`);
	return { signing, keys: Object.fromEntries(named), required: true };
}

export function misconfigured(path: string, operator: string): PolicyError {
	return new PolicyError("bundle_config", undefined, { operator: `${path}: ${operator}` });
}
