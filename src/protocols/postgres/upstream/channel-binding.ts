import { createHash } from "node:crypto";

/** Object identifiers (DER, hexadecimal) of certificate signatures, with the hash in each. */
const SIGNATURE_HASHES: Readonly<Record<string, string>> = {
	"2a864886f70d010104": "md5", // md5WithRSAEncryption
	"2a864886f70d010105": "sha1", // sha1WithRSAEncryption
	"2a864886f70d01010b": "sha256",
	"2a864886f70d01010c": "sha384",
	"2a864886f70d01010d": "sha512",
	"2a864886f70d01010e": "sha224",
	"2a8648ce3d0401": "sha1", // ecdsa-with-SHA1
	"2a8648ce3d040301": "sha224",
	"2a8648ce3d040302": "sha256",
	"2a8648ce3d040303": "sha384",
	"2a8648ce3d040304": "sha512",
};
const RSASSA_PSS = "2a864886f70d01010a";
const PSS_HASHES: Readonly<Record<string, string>> = {
	"2b0e03021a": "sha1",
	"608648016503040201": "sha256",
	"608648016503040202": "sha384",
	"608648016503040203": "sha512",
	"608648016503040204": "sha224",
};

const SEQUENCE = 0x30;
const OBJECT_IDENTIFIER = 0x06;
const PSS_HASH_TAG = 0xa0;

/**
 * The channel binding data `tls-server-end-point` (RFC 5929): the hash of the server's certificate by the hash of its
 * own signature, SHA-256 in place of MD5 and SHA-1.
 *
 * @param certificate DER
 * @returns undefined where the signature has no such hash (Ed25519) or is not known
 */
export function serverEndPoint(certificate: Buffer): Buffer | undefined {
	const hash = signatureHash(certificate);
	if (hash === undefined) return undefined;
	return createHash(hash === "md5" || hash === "sha1" ? "sha256" : hash)
		.update(certificate)
		.digest();
}

/** Certificate ::= SEQUENCE { tbsCertificate SEQUENCE, signatureAlgorithm SEQUENCE { OID, parameters }, ... } */
function signatureHash(certificate: Buffer): string | undefined {
	const outer = element(certificate, 0, SEQUENCE);
	if (outer === undefined) return undefined;
	const body = element(certificate, outer.start, SEQUENCE);
	const algorithm = body && element(certificate, body.end, SEQUENCE);
	const identifier = algorithm && element(certificate, algorithm.start, OBJECT_IDENTIFIER);
	if (identifier === undefined) return undefined;
	const name = certificate.toString("hex", identifier.start, identifier.end);
	return name === RSASSA_PSS ? pssHash(certificate, identifier.end) : SIGNATURE_HASHES[name];
}

/** RSASSA-PSS-params ::= SEQUENCE { hashAlgorithm [0] SEQUENCE { OID, ... } DEFAULT sha1, ... } */
function pssHash(certificate: Buffer, at: number): string | undefined {
	const parameters = element(certificate, at, SEQUENCE);
	if (parameters === undefined) return undefined;
	const tagged = element(certificate, parameters.start, PSS_HASH_TAG);
	if (tagged === undefined) return "sha1";
	const algorithm = element(certificate, tagged.start, SEQUENCE);
	const identifier = algorithm && element(certificate, algorithm.start, OBJECT_IDENTIFIER);
	return identifier && PSS_HASHES[certificate.toString("hex", identifier.start, identifier.end)];
}

/** The contents of the DER element at `at`; undefined when it has another tag or does not fit. */
function element(der: Buffer, at: number, tag: number): { start: number; end: number } | undefined {
	if (der[at] !== tag) return undefined;
	const first = der[at + 1];
	if (first === undefined) return undefined;
	const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
	const start = at + 2 + lengthBytes;
	if (lengthBytes > 4 || start > der.length) return undefined;
	const length = lengthBytes === 0 ? first : der.readUIntBE(at + 2, lengthBytes);
	return start + length > der.length ? undefined : { start, end: start + length };
}
