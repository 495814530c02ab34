import { isDeepStrictEqual } from "node:util";
import { type Clock, Secret } from "../lib/index.ts";
import { ManagedBundle } from "./bundle/managed.ts";
import { bundleParts } from "./bundle/parts.ts";
import type { PolicyConfig } from "./config.ts";

/** What decides on a set of bundles; the rest of the configuration does not concern them. */
export type BundleSections = Pick<
	PolicyConfig,
	"bundles" | "services" | "keys" | "labels" | "persistence_directory"
>;

/**
 * The bundles of a configuration. Those of `before` whose configuration is the same go on as they are; one that was
 * changed keeps what is in force of it until it has something new. Throws PolicyError bundle_config.
 */
export function bundleSet(
	sections: BundleSections,
	clock: Clock,
	before: { readonly sections: BundleSections; readonly bundles: readonly ManagedBundle[] } | undefined,
): readonly ManagedBundle[] {
	return Object.entries(sections.bundles).map(([name, config]) => {
		const old = before?.bundles.find((bundle) => bundle.name === name);
		if (old !== undefined && before !== undefined && isSame(name, sections, before.sections)) return old;
		const fresh = new ManagedBundle(bundleParts(name, config, sections, clock));
		if (old?.bundle !== undefined) fresh.takeOver(old);
		return fresh;
	});
}

function isSame(name: string, a: BundleSections, b: BundleSections): boolean {
	const concern = ({ bundles, services, keys }: BundleSections) => {
		const bundle = bundles[name];
		return plain([bundle, services[bundle?.service ?? ""], keys]);
	};
	return isDeepStrictEqual(concern(a), concern(b));
}

/** With secrets as what they are now: two that look the same from outside may not be. */
function plain(value: unknown): unknown {
	if (value instanceof Secret) return { secret: value.reveal() };
	if (Array.isArray(value)) return value.map(plain);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}
