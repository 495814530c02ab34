import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { writeArchive } from "../../../src/policy/build/archive.ts";
import {
	BuildError,
	buildBundle,
	republish,
	type SigningKeyAlgorithm,
} from "../../../src/policy/build/index.ts";
import { Opa } from "../../../src/policy/build/opa.ts";
import { readArchive } from "../../../src/policy/bundle/archive.ts";
import { directoryOf } from "./support.ts";

const LIMITS = { bytes: 64 << 20, entries: 100, depth: 8 };
const opa = await Opa.find();
// Data that is easily digested differently: text of numbers, keys beyond ASCII, what HTML-escaping encoders change.
const DATA =
	'{"odd": {"n": 1.50, "big": 1e3, "ü\\u2028<&>": ["\\u0001", "\\ud83d\\ude00", true, null], "a": {}}}';

const pem = (
	key: { export(options: { type: "pkcs8" | "spki"; format: "pem" }): string | Buffer },
	type: "pkcs8" | "spki",
) => String(key.export({ type, format: "pem" }));

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = (namedCurve: string) => generateKeyPairSync("ec", { namedCurve });

const KEYS: readonly (readonly [SigningKeyAlgorithm, typeof rsa])[] = [
	["RS256", rsa],
	["PS384", rsa],
	["ES256", ec("prime256v1")],
	["ES384", ec("secp384r1")],
	["ES512", ec("secp521r1")],
];

/** OPA loads a bundle only with the signature's key, so building from it is its verification. */
async function opaVerifies(
	directory: string,
	archive: Buffer,
	key: string,
	algorithm: string,
): Promise<void> {
	await writeFile(join(directory, "signed.tar.gz"), archive);
	await writeFile(join(directory, "key.pem"), key);
	const verification = ["--verification-key", join(directory, "key.pem"), "--signing-alg", algorithm];
	await opa.run([
		"build",
		"-b",
		join(directory, "signed.tar.gz"),
		...verification,
		"-o",
		join(directory, "out.tar.gz"),
	]);
}

for (const [algorithm, keys] of KEYS) {
	test(`OPA itself verifies a bundle signed with ${algorithm}, and finds one that was changed`, async (context) => {
		const directory = await directoryOf(context, { "policy/data.json": DATA });
		const signKey = { pem: pem(keys.privateKey, "pkcs8"), algorithm, keyId: "release", scope: "write" };
		const { archive } = await buildBundle({
			dirs: [join(directory, "policy")],
			sequence: 1,
			signKey: { ...signKey },
		});
		const unscoped = await republish(archive, { sequence: 2, signKey: { pem: signKey.pem, algorithm } });
		await opaVerifies(directory, unscoped.archive, pem(keys.publicKey, "spki"), algorithm);

		const files = new Map(await readArchive(unscoped.archive, LIMITS));
		files.set("data.json", Buffer.from("{}"));
		const changed = await writeArchive(files);
		await assert.rejects(
			opaVerifies(directory, changed, pem(keys.publicKey, "spki"), algorithm),
			/data\.json/,
		);
	});
}

test("the algorithm follows from the key unless it is named", async () => {
	const { archive } = await buildBundle({
		dirs: [],
		sequence: 1,
		signKey: { pem: pem(ec("secp384r1").privateKey, "pkcs8"), keyId: "k1" },
	});
	const { signatures } = JSON.parse(String((await readArchive(archive, LIMITS)).get(".signatures.json")));
	const header = JSON.parse(Buffer.from(signatures[0].split(".")[0], "base64url").toString());
	assert.deepEqual(header, { alg: "ES384", typ: "JWT", kid: "k1" });
});

test("a key that is none, or doesn't fit the algorithm, is refused", async () => {
	const unusable = [
		{ pem: "no key" },
		{ pem: pem(rsa.privateKey, "pkcs8"), algorithm: "ES256" as const },
		{ pem: pem(generateKeyPairSync("ed448").privateKey, "pkcs8") },
	];
	const { archive } = await buildBundle({ dirs: [], sequence: 1 });
	for (const signKey of unusable) {
		await assert.rejects(
			republish(archive, { signKey }),
			(thrown) => thrown instanceof BuildError && thrown.code === "sign_key",
		);
	}
});
