import { createHash } from "node:crypto";
import { Value } from "typebox/value";
import { Type } from "../../lib/index.ts";
import type { KeyConfig, SigningConfig } from "../config.ts";
import type { BundleFiles } from "./files.ts";
import { globMatches } from "./glob.ts";
import { goJson, parseExact } from "./json.ts";
import { refused } from "./refused.ts";
import { isValid } from "./verify.ts";

const SIGNATURES = ".signatures.json";

/** What a signature names as its verifier where it means none but the usual one. */
const OWN_VERIFIER: ReadonlySet<string> = new Set(["", "_default"]);

const BASE64URL = /^[\w-]*$/;

const SignaturesFile = Type.Object({
	signatures: Type.Array(Type.String()),
	plugin: Type.Optional(Type.String()),
});
const Claims = Type.Object({
	files: Type.Array(Type.Object({ name: Type.String(), hash: Type.String(), algorithm: Type.String() })),
	scope: Type.Optional(Type.String()),
	/** Where older signers put the key's name. */
	keyid: Type.Optional(Type.String()),
});
const Header = Type.Object({ kid: Type.Optional(Type.String()) });

const DIGESTS: Readonly<Record<string, string>> = {
	"SHA-224": "sha224",
	"SHA-256": "sha256",
	"SHA-384": "sha384",
	"SHA-512": "sha512",
	"SHA-512-224": "sha512-224",
	"SHA-512-256": "sha512-256",
};

/** What a bundle's signature is held against. */
export interface Verification {
	readonly signing: SigningConfig;
	/** The keys that may have made it, by name: the one that `signing.keyid` names, else those it may name itself. */
	readonly keys: Readonly<Record<string, KeyConfig>>;
	/** False where nobody asked for signatures: one that is there is verified all the same. */
	readonly required: boolean;
}

/**
 * Holds a bundle against its signature: exactly one JWT over exactly the bundle's files, made with a configured key
 * and that key's own algorithm, whatever the token's header says of it. Without keys only an unsigned bundle passes.
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
	if (content === undefined) {
		if (verification.required) throw refused("it is not signed");
		return;
	}
	const { claims, key } = readClaims(content, verification);
	if ((claims.scope ?? "") !== (verification.signing.scope || (key.scope ?? ""))) {
		throw refused("its scope is another");
	}
	const signedFiles = new Map(claims.files.map((file) => [file.name, file]));
	if (signedFiles.size !== claims.files.length) throw refused("it names a file twice");
	for (const [path, bytes] of files) {
		if (path === SIGNATURES) continue;
		const file = signedFiles.get(path);
		signedFiles.delete(path);
		if (isExcluded(path, verification.signing)) continue;
		if (file === undefined) throw refused(`it does not name ${path}`);
		if (digest(path, bytes, file.algorithm) !== file.hash.toLowerCase()) throw refused(`${path} was changed`);
	}
	if (signedFiles.size > 0) throw refused(`files are missing: ${[...signedFiles.keys()].join(", ")}`);
}

function isExcluded(path: string, signing: SigningConfig): boolean {
	return (signing.exclude_files ?? []).some((pattern) => globMatches(pattern, path));
}

function readClaims(content: Buffer, { signing, keys }: Verification) {
	const file = readJson(content);
	if (!Value.Check(SignaturesFile, file) || file.signatures.length !== 1)
		throw refused("not exactly one token");
	if (!OWN_VERIFIER.has(file.plugin ?? "")) throw refused(`there is no plugin ${file.plugin} to verify it`);
	const parts = (file.signatures[0] ?? "").split(".");
	const [header, payload, signature] = parts;
	if (parts.length !== 3 || header === undefined || payload === undefined || signature === undefined) {
		throw refused("its token is not a compact JWS");
	}
	if (![header, payload, signature].every((part) => BASE64URL.test(part)))
		throw refused("its token is not base64url without padding");
	const unproven = readJson(Buffer.from(payload, "base64url"));
	const keyid = signing.keyid ?? namedKey(header, unproven);
	const key = Object.hasOwn(keys, keyid) ? keys[keyid] : undefined;
	if (key?.key === undefined) throw refused(`there is no key ${JSON.stringify(keyid)} to verify it with`);
	const valid = isValid(
		key.algorithm,
		key.key,
		Buffer.from(`${header}.${payload}`),
		Buffer.from(signature, "base64url"),
	);
	if (!valid) throw refused(`its token was not made with the key ${keyid}`);
	if (!Value.Check(Claims, unproven)) throw refused("its token does not list files");
	return { claims: unproven, key };
}

/** The name that a token gives its key: it chooses among those configured, and proves nothing by itself. */
function namedKey(header: string, payload: unknown): string {
	const fields = readJson(Buffer.from(header, "base64url"));
	const kid = Value.Check(Header, fields) ? fields.kid : undefined;
	const keyid = kid ?? (Value.Check(Claims, payload) ? payload.keyid : undefined) ?? "";
	if (keyid === "") throw refused("neither the configuration nor its token names the key");
	return keyid;
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
		throw refused(`${SIGNATURES} is malformed`, thrown);
	}
}
