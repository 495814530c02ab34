import type { DependsOnParameters } from "../active.ts";
import type { SallyportMetadata } from "./manifest.ts";

/**
 * Whether rules that read this can't be judged before a statement is executed: its parameters and its stage are only
 * known then, and whoever reads the whole command or the whole input reads these as well.
 */
function knownAtExecutionOnly(input: string): boolean {
	if (input === "input" || input === "input.command") return true;
	return ["input.command.parameters", "input.command.stage"].some(
		(part) => input === part || input.startsWith(`${part}.`) || input.startsWith(`${part}[`),
	);
}

/** From the manifest's dependencies of the package `sallyport.command`; a rule set that it doesn't name depends. */
export function dependsOnParameters(metadata: SallyportMetadata): DependsOnParameters {
	const sets = metadata.depends?.["sallyport/command"];
	const depends = (set: string): boolean => sets?.[set]?.input.some(knownAtExecutionOnly) ?? true;
	return {
		allow: depends("allow"),
		deny: depends("deny"),
		require_approval: depends("require_approval"),
	};
}
