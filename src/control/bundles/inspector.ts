import { republish } from "../../policy/build/index.ts";
import { inspectBundle, type PolicyConfig, PolicyError, type Verification } from "../../policy/index.ts";
import type { ShelfOptions } from "./shelf.ts";

/** What the shelf needs of the policy room, by the gateway's own configuration of keys and bundles. */
export function bundleInspector(
	config: Pick<PolicyConfig, "bundles" | "keys">,
): Pick<ShelfOptions, "inspect" | "resequence"> {
	return {
		inspect: (name, archive) => inspectBundle(archive, verificationFor(name, config)),
		resequence: async (archive, sequence) => (await republish(archive, { sequence })).archive,
	};
}

/**
 * The key that the bundle's own `signing` names, or the only key there is. With several keys and none named nothing
 * can be published; without keys signatures are left to those who poll.
 */
function verificationFor(
	name: string,
	{ bundles, keys }: Pick<PolicyConfig, "bundles" | "keys">,
): Verification | undefined {
	const names = Object.keys(keys);
	const own = Object.hasOwn(bundles, name) ? bundles[name]?.signing : undefined;
	const signing = own ?? (names.length === 1 && names[0] !== undefined ? { keyid: names[0] } : undefined);
	if (signing === undefined) {
		if (names.length === 0) return undefined;
		throw new PolicyError("bundle_signature", `No key is named for the bundle ${name}.`, {
			remedy: `Name one of \`keys\` in bundles.${name}.signing.keyid.`,
		});
	}
	const key = Object.hasOwn(keys, signing.keyid) ? keys[signing.keyid] : undefined;
	if (key === undefined) throw new PolicyError("bundle_config", `There is no key ${signing.keyid}.`);
	return { signing, key };
}
