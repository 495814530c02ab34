import { constants, createHash, createHmac, createPublicKey, timingSafeEqual, verify } from "node:crypto";
import { matchesGlob } from "node:path/posix";
import { Value } from "typebox/value";
import { describeThrown, Type } from "../../lib/index.ts";
import type { KeyConfig, SigningConfig } from "../config.ts";
import { PolicyError } from "../errors.ts";
import type { BundleFiles } from "./files.ts";
import { goJson, parseExact } from "./json.ts";

const SIGNATURES = ".signatures.json";

const SignaturesFile = Type.Object({
	signatures: Type.Array(Type.String()),
	plugin: Type.Optional(Type.String()),
});
const Claims = Type.Object({
	files: Type.Array(Type.Object({ name: Type.String(), hash: Type.String(), algorithm: Type.String() })),
	scope: Type.Optional(Type.String()),
});

const DIGESTS: Readonly<Record<string, string>> = {
	"SHA-256": "sha256",
	"SHA-384": "sha384",
	"SHA-512": "sha512",
	"SHA-512-224": "sha512-224",
	"SHA-512-256": "sha512-256",
};

export interface Verification {
	readonly signing: SigningConfig;
	readonly key: KeyConfig;
}

/**
 * Holds a bundle against its signature: exactly one JWT over exactly the bundle's files, made with the configured key
 * and its algorithm, whatever the token's header says. Without a configured key only an unsigned bundle passes.
 * Throws PolicyError bundle_signature.
 */
export function verifySignature(files: BundleFiles, verification: Verification | undefined): void {
	const content = files.get(SIGNATURES);
	const signed = [...files.keys()].filter((path) => path.split("/").at(-1) === SIGNATURES);
	if (signed.length > (content === undefined ? 0 : 1))
		throw refused("a signature that is not at the bundle's root");
	if (verification === undefined) {
		if (content !== undefined) throw refused("it is signed and no key is configured to verify it");
		return;
	}
	if (content === undefined) throw refused("it is not signed");
	const claims = readClaims(content, verification);
	if ((claims.scope ?? "") !== (verification.signing.scope ?? verification.key.scope ?? "")) {
		throw refused("its scope is another");
	}
	const signedFiles = new Map(claims.files.map((file) => [file.name.replace(/^\/+/, ""), file]));
	if (signedFiles.size !== claims.files.length) throw refused("it names a file twice");
	for (const [path, bytes] of files) {
		if (path === SIGNATURES || isExcluded(path, verification.signing)) continue;
		const file = signedFiles.get(path);
		if (file === undefined) throw refused(`it does not name ${path}`);
		if (digest(path, bytes, file.algorithm) !== file.hash.toLowerCase()) throw refused(`${path} was changed`);
		signedFiles.delete(path);
	}
	if (signedFiles.size > 0) throw refused(`files are missing: ${[...signedFiles.keys()].join(", ")}`);
}

function isExcluded(path: string, signing: SigningConfig): boolean {
	return (signing.exclude_files ?? []).some((glob) => matchesGlob(path, glob.replace(/^\/+/, "")));
}

function readClaims(content: Buffer, { key }: Verification) {
	const file = readJson(content);
	if (!Value.Check(SignaturesFile, file) || file.signatures.length !== 1)
		throw refused("not exactly one token");
	const parts = (file.signatures[0] ?? "").split(".");
	const [header, payload, signature] = parts;
	if (parts.length !== 3 || header === undefined || payload === undefined || signature === undefined) {
		throw refused("its token is not a compact JWS");
	}
	const valid = check(key, Buffer.from(`${header}.${payload}`), Buffer.from(signature, "base64url"));
	if (!valid) throw refused("its token was not made with the configured key");
	const claims = readJson(Buffer.from(payload, "base64url"));
	if (!Value.Check(Claims, claims)) throw refused("its token does not list files");
	return claims;
}

/** Verifies with the configured key's own algorithm: the token's header is not asked. */
function check(config: KeyConfig, input: Buffer, signature: Buffer): boolean {
	const family = config.algorithm.slice(0, 2);
	const hash = `sha${config.algorithm.slice(2)}`;
	try {
		const secret = config.key.reveal();
		if (family === "HS") {
			const expected = createHmac(hash, secret).update(input).digest();
			return expected.length === signature.length && timingSafeEqual(expected, signature);
		}
		const key = createPublicKey(secret);
		if (key.asymmetricKeyType !== (family === "ES" ? "ec" : "rsa"))
			throw refused("the key is of another kind");
		if (family === "ES") return verify(hash, input, { key, dsaEncoding: "ieee-p1363" }, signature);
		const padding = family === "PS" ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
		const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
		return verify(hash, input, family === "PS" ? { key, padding, saltLength } : { key, padding }, signature);
	} catch (thrown) {
		if (thrown instanceof PolicyError) throw thrown;
		throw refused(`the configured key can't be used: ${describeThrown(thrown)}`);
	}
}

/** JSON files are hashed by content, whatever their white space; all others by their bytes. */
function digest(path: string, bytes: Buffer, algorithm: string): string {
	const hash = DIGESTS[algorithm];
	if (hash === undefined) throw refused(`an unknown or weak digest of ${path}: ${algorithm}`);
	const name = path.split("/").at(-1);
	const isJson = name === "data.json" || name === ".manifest";
	return createHash(hash)
		.update(isJson ? goJson(parseExact(path, bytes)) : bytes)
		.digest("hex");
}

function readJson(content: Buffer): unknown {
	try {
		return JSON.parse(content.toString("utf8"));
	} catch (thrown) {
		throw new PolicyError("bundle_signature", undefined, {
			operator: `${SIGNATURES} is malformed`,
			cause: thrown,
		});
	}
}

function refused(operator: string): PolicyError {
	return new PolicyError("bundle_signature", undefined, { operator });
}
