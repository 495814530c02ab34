import { type Entry, type SigningOptions, signatures, token } from "./archive.ts";
import { at, type Case, data, entries, manifest, REQUIRED } from "./case.ts";

const signed = (
	root: string,
	options: SigningOptions = {},
	more: readonly Entry[] = [],
): readonly Entry[] => {
	const files = [sortedManifest(root), data(root), ...more];
	return [...files, signatures(token(files, options))];
};
/** As its digest is of: keys sorted, without spaces. */
const sortedManifest = (root: string): Entry => [
	{ name: ".manifest" },
	`{"revision":"r1","roots":["${root}"]}`,
];

/** What is wrong, or odd, with a signature. */
export const SIGNATURES: readonly Case[] = [
	entries("signed by the key", "taken", (root) => signed(root), { config: REQUIRED }),
	entries("not signed", "refused", (root) => [manifest(root), data(root)], { config: REQUIRED }),
	entries("signed by another key", "refused", (root) => signed(root, { by: "stranger" }), {
		config: REQUIRED,
	}),
	entries(
		"data that was changed",
		"refused",
		(root) =>
			signed(root).map((entry) =>
				entry[0].name === `${root}/data.json` ? ([entry[0], '{"a":2}'] as const) : entry,
			),
		{ config: REQUIRED },
	),
	entries(
		"a manifest that was changed",
		"refused",
		(root) => [manifest(root, { revision: "r2" }), ...signed(root).slice(1)],
		{ config: REQUIRED },
	),
	entries(
		"a file more than was signed",
		"refused",
		(root) => [...signed(root), [{ name: "more.txt" }, "x"]],
		{ config: REQUIRED },
	),
	entries(
		"a data file more than was signed",
		"refused",
		(root) => [...signed(root), [{ name: `${root}/x/data.json` }, "{}"]],
		{ config: REQUIRED },
	),
	entries(
		"a file less than was signed",
		"refused",
		(root) => signed(root).filter(([{ name }]) => name !== `${root}/data.json`),
		{ config: REQUIRED },
	),
	entries(
		"a file that is left out of the signature",
		"taken",
		(root) => [...signed(root), [{ name: "docs/x.txt" }, "x"]],
		{ config: { signing: { keyid: "rs", exclude_files: ["docs/*"] } } },
	),
	entries(
		"a file that is left out, and signed all the same",
		"taken",
		(root) => signed(root, {}, [[{ name: "docs/x.txt" }, "x"]]),
		{ config: { signing: { keyid: "rs", exclude_files: ["docs/*"] } } },
	),
	entries(
		"a file too deep to be left out",
		"refused",
		(root) => [...signed(root), [{ name: "docs/deep/x.txt" }, "x"]],
		{ config: { signing: { keyid: "rs", exclude_files: ["docs/*"] } } },
	),
	entries("the algorithm none", "refused", (root) => signed(root, { by: "none", header: { alg: "none" } }), {
		config: REQUIRED,
	}),
	entries(
		"the public key as a shared secret",
		"refused",
		(root) => signed(root, { by: "publicKeyAsSecret", header: { alg: "HS256" } }),
		{ config: REQUIRED },
	),
	entries(
		"another algorithm in the header alone",
		"taken",
		(root) => signed(root, { header: { alg: "HS512" } }),
		{ config: REQUIRED },
	),
	entries("the scope that is asked for", "taken", (root) => signed(root, { claims: { scope: "write" } }), {
		config: { signing: { keyid: "rs", scope: "write" } },
	}),
	entries("another scope", "refused", (root) => signed(root, { claims: { scope: "read" } }), {
		config: { signing: { keyid: "rs", scope: "write" } },
	}),
	entries("no scope where one is asked for", "refused", (root) => signed(root), {
		config: { signing: { keyid: "rs", scope: "write" } },
	}),
	entries(
		"a scope where none is asked for",
		"refused",
		(root) => signed(root, { claims: { scope: "write" } }),
		{ config: REQUIRED },
	),
	entries(
		"the scope that the key asks for",
		"taken",
		(root) => signed(root, { claims: { scope: "write" } }),
		{ config: { signing: { keyid: "scoped" } } },
	),
	entries(
		"two tokens",
		"refused",
		(root) => {
			const files = [sortedManifest(root), data(root)];
			return [...files, signatures(token(files), token(files))];
		},
		{ config: REQUIRED },
	),
	entries("no token", "refused", (root) => [manifest(root), data(root), signatures()], { config: REQUIRED }),
	entries("a token in two parts", "refused", (root) => [manifest(root), data(root), signatures("a.b")], {
		config: REQUIRED,
	}),
	entries(
		"a token with padding",
		"refused",
		(root) => {
			const files = [sortedManifest(root), data(root)];
			return [...files, signatures(`${token(files)}==`)];
		},
		{ config: REQUIRED },
	),
	entries(
		"a plugin that nobody has",
		"refused",
		(root) => {
			const files = [sortedManifest(root), data(root)];
			return [
				...files,
				[{ name: ".signatures.json" }, JSON.stringify({ signatures: [token(files)], plugin: "mine" })],
			];
		},
		{ config: REQUIRED },
	),
	entries(
		"digests by SHA-512/256",
		"taken",
		(root) => signed(root, { digest: { name: "SHA-512-256", hash: "sha512-256" } }),
		{ config: REQUIRED },
	),
	entries(
		"digests by SHA-224",
		"taken",
		(root) => signed(root, { digest: { name: "SHA-224", hash: "sha224" } }),
		{ config: REQUIRED },
	),
	entries("digests by MD5", "taken", (root) => signed(root, { digest: { name: "MD5", hash: "md5" } }), {
		config: REQUIRED,
		differs: "two files with one MD5 are made in seconds",
	}),
	entries("digests by SHA-1", "taken", (root) => signed(root, { digest: { name: "SHA-1", hash: "sha1" } }), {
		config: REQUIRED,
		differs: "two files with one SHA-1 have been made",
	}),
	entries(
		"digests by something unknown",
		"refused",
		(root) => signed(root, { digest: { name: "CRC-32", hash: "sha256" } }),
		{ config: REQUIRED },
	),
	entries(
		"digests in capitals",
		"taken",
		(root) =>
			signed(root, { list: (files) => files.map((file) => ({ ...file, hash: file.hash.toUpperCase() })) }),
		{ config: REQUIRED },
	),
	entries(
		"names that lead with a slash",
		"refused",
		(root) => signed(root, { list: (files) => files.map((file) => ({ ...file, name: `/${file.name}` })) }),
		{ config: REQUIRED },
	),
	entries(
		"a file that is listed twice",
		"taken",
		(root) =>
			signed(root, { list: (files) => [...files.map((file) => ({ ...file, hash: "00" })), ...files] }),
		{ config: REQUIRED, differs: "a list that contradicts itself is somebody's trick: OPA takes the last" },
	),
	entries(
		"JSON with other white space",
		"taken",
		(root) =>
			signed(root).map((entry) =>
				entry[0].name === `${root}/data.json` ? ([entry[0], '{ "a" : 1 }\n'] as const) : entry,
			),
		{ config: REQUIRED },
	),
	entries(
		"a number in another spelling",
		"refused",
		(root) =>
			signed(root).map((entry) =>
				entry[0].name === `${root}/data.json` ? ([entry[0], '{"a":1.0}'] as const) : entry,
			),
		{ config: REQUIRED },
	),
	entries(
		"the signature in a folder",
		"taken",
		(root) =>
			signed(root).map((entry) =>
				entry[0].name === ".signatures.json" ? at(entry, `${root}/.signatures.json`) : entry,
			),
		{ config: REQUIRED, differs: "a signature anywhere but at the root is somebody's mistake" },
	),
	entries(
		"two signature files",
		"refused",
		(root) => [...signed(root), at(signatures("a.b.c"), "x/.signatures.json")],
		{ config: REQUIRED },
	),
	entries(
		"a key named by the token alone",
		"taken",
		(root) => signed(root, { by: "es", header: { alg: "ES256", kid: "es" } }),
		{ config: { signing: {} } },
	),
	entries("an older token's name of its key", "taken", (root) => signed(root, { claims: { keyid: "rs" } }), {
		config: { signing: {} },
	}),
	entries(
		"a key that nobody has",
		"refused",
		(root) => signed(root, { header: { alg: "RS256", kid: "other" } }),
		{ config: { signing: {} } },
	),
	entries("no name of the key anywhere", "refused", (root) => signed(root), { config: { signing: {} } }),
	entries(
		"another key than its name says",
		"refused",
		(root) => signed(root, { by: "es", header: { alg: "ES256", kid: "rs" } }),
		{ config: { signing: {} } },
	),
	entries(
		"the configured key, whatever the token names",
		"taken",
		(root) => signed(root, { header: { alg: "RS256", kid: "es" } }),
		{ config: REQUIRED },
	),
	entries("RSA-PSS", "taken", (root) => signed(root, { by: "ps" }), { config: { signing: { keyid: "ps" } } }),
	entries("ECDSA", "taken", (root) => signed(root, { by: "es" }), { config: { signing: { keyid: "es" } } }),
	entries("HMAC", "taken", (root) => signed(root, { by: "hs" }), { config: { signing: { keyid: "hs" } } }),
	entries("signed where nobody asks for it", "taken", (root) =>
		signed(root, { header: { alg: "RS256", kid: "rs" } }),
	),
	entries("signed wrongly where nobody asks for it", "refused", (root) =>
		signed(root, { by: "stranger", header: { alg: "RS256", kid: "rs" } }),
	),
];
