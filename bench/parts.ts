/** One part of a bench. */
export type Part = (quick: boolean) => void | Promise<void>;

/** Runs the parts that the arguments name, all of them without any, in their own order. */
export async function runParts(
	parts: Readonly<Record<string, Part>>,
	args: readonly string[],
): Promise<void> {
	const named = args.filter((arg) => !arg.startsWith("--"));
	const unknown = named.find((name) => parts[name] === undefined);
	if (unknown !== undefined)
		throw new Error(`there is no part ${unknown}; there are ${Object.keys(parts).join(", ")}`);
	for (const [name, part] of Object.entries(parts))
		if (named.length === 0 || named.includes(name)) await part(args.includes("--quick"));
}
