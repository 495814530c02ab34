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
		.option("--sign-key <file>", "PEM file with the private key (RSA or EC)")
		.addOption(
			new Option("--sign-algorithm <name>", "by the key's kind unless given").choices([
				...SIGNING_KEY_ALGORITHMS,
			]),
		)
		.option("--key-id <name>", "the key's name, for whoever reads the signature")
		.option("--scope <scope>", "the signature's scope, where verifiers ask for one");
}

export async function signingKey(options: SignOptions): Promise<SigningKey | undefined> {
	const { signKey, signAlgorithm, keyId, scope } = options;
	if (signKey === undefined) return undefined;
	return {
		pem: await readText(signKey),
		...(signAlgorithm === undefined ? {} : { algorithm: signAlgorithm }),
		...(keyId === undefined ? {} : { keyId }),
		...(scope === undefined ? {} : { scope }),
	};
}

export interface VerifyOptions {
	readonly verifyKey?: string;
	readonly algorithm: (typeof SIGNING_ALGORITHMS)[number];
	readonly scope?: string;
}

/** Adds what a command takes that verifies a bundle. */
export function withVerification(command: Command): Command {
	return command
		.option("--verify-key <file>", "PEM file with the public key, or with HS* the shared secret")
		.addOption(
			new Option("--algorithm <name>", "the signature's algorithm")
				.choices([...SIGNING_ALGORITHMS])
				.default("RS256"),
		)
		.option("--scope <scope>", "the scope that the signature has to carry");
}

export async function verification(options: VerifyOptions): Promise<Verification | undefined> {
	const { verifyKey, algorithm, scope } = options;
	if (verifyKey === undefined) return undefined;
	const text = await readText(verifyKey);
	const key = { algorithm, key: new Secret(algorithm.startsWith("HS") ? text.replace(/\r?\n$/, "") : text) };
	const signing = {
		keyid: verifyKey,
		allow_unsigned_delta_bundles: false,
		...(scope === undefined ? {} : { scope }),
	};
	return { keys: { [verifyKey]: key }, signing, required: true };
}
