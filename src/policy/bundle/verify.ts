import { constants, createHmac, createPublicKey, timingSafeEqual, verify } from "node:crypto";
import { describeThrown, type Secret } from "../../lib/index.ts";
import { PolicyError } from "../errors.ts";
import { refused } from "./refused.ts";

/** The kind of key that a family of algorithms takes. */
const KEY_TYPES: Readonly<Record<string, string>> = { ES: "ec", Ed: "ed25519", PS: "rsa", RS: "rsa" };

/** The curve that each algorithm on elliptic curves is defined for (RFC 7518, 3.4). */
const CURVES: Readonly<Record<string, string>> = {
	ES256: "prime256v1",
	ES384: "secp384r1",
	ES512: "secp521r1",
};

/**
 * Whether a JWS signature was made with this key by this algorithm. A key that doesn't fit the algorithm, or that can't
 * be read, is a PolicyError bundle_signature.
 */
export function isValid(algorithm: string, secret: Secret, input: Buffer, signature: Buffer): boolean {
	const family = algorithm.slice(0, 2);
	const hash = `sha${algorithm.slice(2)}`;
	try {
		if (family === "HS") {
			const expected = createHmac(hash, secret.reveal()).update(input).digest();
			return expected.length === signature.length && timingSafeEqual(expected, signature);
		}
		const key = createPublicKey(secret.reveal());
		const curve = key.asymmetricKeyDetails?.namedCurve;
		if (key.asymmetricKeyType !== KEY_TYPES[family] || curve !== CURVES[algorithm])
			throw refused("the configured key is of another kind than its algorithm");
		if (family === "Ed") return verify(null, input, key, signature);
		if (family === "ES") return verify(hash, input, { key, dsaEncoding: "ieee-p1363" }, signature);
		const padding = family === "PS" ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
		const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
		return verify(hash, input, family === "PS" ? { key, padding, saltLength } : { key, padding }, signature);
	} catch (thrown) {
		if (thrown instanceof PolicyError) throw thrown;
		throw refused(`the configured key can't be used: ${describeThrown(thrown)}`, thrown);
	}
}
