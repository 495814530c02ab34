import { completeInput, openPolicy, readBundleAt, SOMEBODY } from "../policy/index.ts";
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
	options: VerifyOptions & { readonly principal?: string },
	env: NodeJS.ProcessEnv,
): Promise<OfflineAnswer> {
	const principal = options.principal === undefined ? SOMEBODY : await readJson(options.principal);
	const input = await readInput(inputPath, principal);
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

/** An input by hand; what a command's leaves out is filled in. Throws `file_invalid`. */
async function readInput(path: string, principal: unknown): Promise<Readonly<Record<string, unknown>>> {
	const given = await readJson(path);
	if (typeof given !== "object" || given === null || Array.isArray(given)) {
		throw new CliError("file_invalid", `${path} is not an object.`);
	}
	const fields = given as Readonly<Record<string, unknown>>;
	return "command" in fields ? completeInput(fields, principal as object, Date.now()) : fields;
}
