import { openPolicy, readBundleAt } from "../policy/index.ts";
import { CliError } from "./errors.ts";
import { readJson } from "./files.ts";
import { type VerifyOptions, verification } from "./signing.ts";

export interface OfflineAnswer {
	readonly input: unknown;
	readonly decision: object;
	readonly revision: string;
	readonly cost: number;
	readonly micros: number;
}

/**
 * Asks a bundle without a gateway. The input's own form says which entrypoint: with `command` that of commands, with
 * `action` that of the control plane, else that of sessions.
 */
export async function evaluateOffline(
	bundlePath: string,
	inputPath: string,
	options: VerifyOptions,
	env: NodeJS.ProcessEnv,
): Promise<OfflineAnswer> {
	const input = await readJson(inputPath);
	if (typeof input !== "object" || input === null)
		throw new CliError("file_invalid", `${inputPath} is not an object.`);
	const policy = await openPolicy(await readBundleAt(bundlePath, await verification(options, env)));
	const text = JSON.stringify(input);
	const evaluation =
		"command" in input
			? policy.decideCommand(text)
			: "action" in input
				? policy.decideAdmin(text)
				: policy.decideSession(text);
	return { input, ...evaluation };
}
