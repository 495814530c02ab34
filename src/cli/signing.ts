import { type Command, Option } from "commander";
import { Secret } from "../lib/index.ts";
import { SIGNING_KEY_ALGORITHMS, type SigningKey, type SigningKeyAlgorithm } from "../policy/build/index.ts";
import { SIGNING_ALGORITHMS, type Verification } from "../policy/index.ts";
import { readText } from "./files.ts";

export interface SignOptions {
	readonly signKey?: string;
	readonly signAlgorithm?: SigningKeyAlgorithm;
	readonly keyId?: string;
	readonly scope?: string;
}

/** Adds what a command takes that signs a bundle. */
export function withSigning(command: Command): Command {
	return command
		.option("--sign-key <file>", "PEM file with the private key; else the PEM text in SALLYPORT_SIGN_KEY")
		.addOption(
			new Option("--sign-algorithm <name>", "by the key's kind unless given").choices([
				...SIGNING_KEY_ALGORITHMS,
			]),
		)
		.option("--key-id <name>", "the key's name, for whoever reads the signature")
		.option("--scope <scope>", "the signature's scope, where verifiers ask for one");
}

/** The key of a file or of the environment; undefined when neither names one. */
export async function signingKey(
	options: SignOptions,
	env: NodeJS.ProcessEnv,
): Promise<SigningKey | undefined> {
	const { signKey, signAlgorithm, keyId, scope } = options;
	const pem = signKey === undefined ? env["SALLYPORT_SIGN_KEY"] : await readText(signKey);
	if (pem === undefined || pem === "") return undefined;
	return {
		pem,
		...(signAlgorithm === undefined ? {} : { algorithm: signAlgorithm }),
		...(keyId === undefined ? {} : { keyId }),
		...(scope === undefined ? {} : { scope }),
	};
}

export interface VerifyOptions {
	readonly verifyKey?: readonly string[];
	readonly algorithm: (typeof SIGNING_ALGORITHMS)[number];
	readonly scope?: string;
}

/** Adds what a command takes that verifies a bundle. */
export function withVerification(command: Command): Command {
	return command
		.option(
			"--verify-key <file...>",
			"PEM file with the public key, or with HS* the shared secret; several as NAME=FILE, of which the signature names one; else the text in SALLYPORT_VERIFY_KEY",
		)
		.addOption(
			new Option("--algorithm <name>", "the signature's algorithm")
				.choices([...SIGNING_ALGORITHMS])
				.default("RS256"),
		)
		.option("--scope <scope>", "the scope that the signature has to carry");
}

/** The keys of files or of the environment; undefined when neither names one. */
export async function verification(
	options: VerifyOptions,
	env: NodeJS.ProcessEnv,
): Promise<Verification | undefined> {
	const { verifyKey: given = [], algorithm, scope } = options;
	const named = await Promise.all(
		given.map(async (text): Promise<[string, string]> => {
			const [, name = text, file = text] = /^([^=/]+)=(.+)$/.exec(text) ?? [];
			return [name, await readText(file)];
		}),
	);
	const own = env["SALLYPORT_VERIFY_KEY"];
	if (named.length === 0 && own !== undefined && own !== "") named.push(["SALLYPORT_VERIFY_KEY", own]);
	const [first, ...others] = named;
	if (first === undefined) return undefined;
	const keys = named.map(([name, text]) => {
		const key = new Secret(algorithm.startsWith("HS") ? text.replace(/\r?\n$/, "") : text);
		return [name, { algorithm, key }] as const;
	});
	const signing = {
		allow_unsigned_delta_bundles: false,
		...(others.length === 0 ? { keyid: first[0] } : {}),
		...(scope === undefined ? {} : { scope }),
	};
	return { keys: Object.fromEntries(keys), signing, required: true };
}
