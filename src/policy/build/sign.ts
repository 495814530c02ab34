import { constants, createHash, createPrivateKey, type KeyObject, sign as signBytes } from "node:crypto";
import type { BundleFiles } from "../bundle/files.ts";
import { goJson, parseExact } from "../bundle/json.ts";
import { BuildError } from "./errors.ts";

export const SIGNING_KEY_ALGORITHMS = [
	"RS256",
	"RS384",
	"RS512",
	"PS256",
	"PS384",
	"PS512",
	"ES256",
	"ES384",
	"ES512",
	"EdDSA",
] as const;
export type SigningKeyAlgorithm = (typeof SIGNING_KEY_ALGORITHMS)[number];

/** What a bundle is signed with. */
export interface SigningKey {
	/** A private key, as PEM. */
	readonly pem: string;
	/** RS256 for an RSA key, ES256, ES384 or ES512 by an EC key's curve, EdDSA for Ed25519, unless it is set. */
	readonly algorithm?: SigningKeyAlgorithm;
	/** The name of the key that verifies it, for whoever reads the signature; verifiers go by their configuration. */
	readonly keyId?: string;
	readonly scope?: string;
}

export const SIGNATURES = ".signatures.json";
const CURVES: Readonly<Record<string, SigningKeyAlgorithm>> = {
	prime256v1: "ES256",
	secp384r1: "ES384",
	secp521r1: "ES512",
};

/**
 * The bundle with `.signatures.json`, in OPA's form: one JWT that lists every file with its SHA-256, JSON by content.
 * An existing signature is replaced. Throws BuildError `sign_key`.
 */
export function signFiles(files: BundleFiles, signing: SigningKey): BundleFiles {
	const key = readKey(signing.pem);
	const algorithm = signing.algorithm ?? naturalAlgorithm(key);
	const listed = [...files.keys()].filter((name) => name !== SIGNATURES).sort();
	const claims = {
		files: listed.map((name) => ({
			name,
			hash: digest(name, files.get(name) as Buffer),
			algorithm: "SHA-256",
		})),
		...(signing.scope === undefined ? {} : { scope: signing.scope }),
	};
	const header = {
		alg: algorithm,
		typ: "JWT",
		...(signing.keyId === undefined ? {} : { kid: signing.keyId }),
	};
	const input = `${base64url(header)}.${base64url(claims)}`;
	const token = `${input}.${signature(key, algorithm, input)}`;
	const content = Buffer.from(`${JSON.stringify({ signatures: [token] })}\n`);
	return new Map([...files, [SIGNATURES, content]]);
}

function readKey(pem: string): KeyObject {
	try {
		return createPrivateKey(pem);
	} catch (cause) {
		throw new BuildError("sign_key", undefined, { cause });
	}
}

function naturalAlgorithm(key: KeyObject): SigningKeyAlgorithm {
	const curve = key.asymmetricKeyDetails?.namedCurve;
	const kind = key.asymmetricKeyType;
	const algorithm = kind === "rsa" ? "RS256" : kind === "ed25519" ? "EdDSA" : CURVES[curve ?? ""];
	if (algorithm === undefined) throw new BuildError("sign_key", `no algorithm for a key of this kind`);
	return algorithm;
}

function signature(key: KeyObject, algorithm: SigningKeyAlgorithm, input: string): string {
	const family = algorithm.slice(0, 2);
	const isCurve = family === "ES";
	if (key.asymmetricKeyType !== (family === "Ed" ? "ed25519" : isCurve ? "ec" : "rsa")) {
		throw new BuildError("sign_key", `the key does not fit the algorithm ${algorithm}`);
	}
	const padding = family === "PS" ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
	const options = isCurve
		? { key, dsaEncoding: "ieee-p1363" as const }
		: { key, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
	if (family === "Ed") return signBytes(null, Buffer.from(input), key).toString("base64url");
	return signBytes(`sha${algorithm.slice(2)}`, Buffer.from(input), options).toString("base64url");
}

/** As OPA digests them: JSON by content, all else by its bytes. */
function digest(name: string, content: Buffer): string {
	const isJson = name === ".manifest" || name.split("/").at(-1) === "data.json";
	return createHash("sha256")
		.update(isJson ? goJson(parseExact(name, content)) : content)
		.digest("hex");
}

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
