import { resolve } from "node:path";
import type { PolicyConfig } from "../policy/index.ts";

type Sections = Omit<PolicyConfig, "persistence_directory">;

/**
 * Fills in what OPA takes for granted where nothing is named, the first service and a bundle's name as its resource,
 * and makes bundles' files absolute.
 */
export function finishPolicy(sections: Sections, directory: string): void {
	const { services, bundles, discovery, status, decision_logs: logs } = sections;
	const [first, ...others] = Object.keys(services);
	for (const [name, bundle] of Object.entries(bundles)) {
		if (bundle.resource === "") bundle.resource = `bundles/${name}`;
		if (bundle.resource.startsWith("file://")) bundle.resource = absoluteFileUrl(bundle.resource, directory);
		else setService(bundle, first);
	}
	if (discovery !== undefined && others.length === 0) setService(discovery, first);
	if (status !== undefined && !status.console && !status.prometheus) setService(status, first);
	if (logs !== undefined && !logs.console) setService(logs, first);
}

/** Public keys are no secrets: only shared and private ones are. @param path of a value in the configuration */
export function isPublicKey(keys: Sections["keys"], path: string): boolean {
	return Object.entries(keys).some(
		([name, key]) => path === `keys.${name}.key` && !key.algorithm.startsWith("HS"),
	);
}

function setService(of: { service?: string }, name: string | undefined): void {
	if (name !== undefined) of.service ??= name;
}

function absoluteFileUrl(url: string, directory: string): string {
	return `file://${resolve(directory, url.slice("file://".length))}`;
}
