/** What `opa capabilities --current` prints, as far as this cares. */
interface Capabilities {
	readonly builtins: readonly { readonly name: string }[];
}

/**
 * Cuts what `opa capabilities --current` prints down to the offered builtins, so that `opa build` and `opa check`
 * refuse what the gateway can't run. Throws when OPA doesn't know one of them.
 */
export function capabilities(current: string, offered: readonly string[]): string {
	const all = JSON.parse(current) as Capabilities;
	const known = new Set(all.builtins.map(({ name }) => name));
	const missing = offered.filter((name) => !known.has(name));
	if (missing.length > 0) throw new Error(`opa does not know: ${missing.join(", ")}`);
	const builtins = all.builtins.filter(({ name }) => offered.includes(name));
	return `${JSON.stringify({ ...all, builtins }, null, "\t")}\n`;
}
