import { regoVariant, republish } from "../../policy/build/index.ts";
import { inspectBundle, type PolicyConfig, type Verification, verificationOf } from "../../policy/index.ts";
import type { ShelfOptions } from "./shelf.ts";

/** What the shelf needs of the policy room, by the gateway's own configuration of keys and bundles. */
export function bundleInspector(
	config: Pick<PolicyConfig, "bundles" | "keys">,
): Pick<ShelfOptions, "inspect" | "resequence" | "regoVariant"> {
	return {
		inspect: (name, archive) => inspectBundle(archive, verificationFor(name, config)),
		resequence: async (archive, sequence) => (await republish(archive, { sequence })).archive,
		regoVariant,
	};
}

/**
 * The key that the bundle's own `signing` names, else the only one there is, else the one among `keys` that the
 * signature names: while a key is replaced by another, both are there. Where there are keys, what is published has to
 * be signed; without keys signatures are left to those who poll.
 */
function verificationFor(
	name: string,
	{ bundles, keys }: Pick<PolicyConfig, "bundles" | "keys">,
): Verification | undefined {
	const own = Object.hasOwn(bundles, name) ? bundles[name]?.signing : undefined;
	const any = verificationOf(`bundles.${name}`, own, keys);
	if (any === undefined) return undefined;
	const [only, ...others] = Object.keys(any.keys);
	const keyid = any.signing.keyid ?? (others.length === 0 ? only : undefined);
	return { ...any, signing: { ...any.signing, ...(keyid === undefined ? {} : { keyid }) }, required: true };
}
