import assert from "node:assert/strict";
import { createHash, createHmac, generateKeyPairSync, type KeyObject } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Secret } from "../../../src/lib/index.ts";
import { signFiles } from "../../../src/policy/build/sign.ts";
import { readArchive } from "../../../src/policy/bundle/archive.ts";
import { verifySignature } from "../../../src/policy/bundle/signature.ts";
import { SIGNING_ALGORITHMS, type Verification } from "../../../src/policy/index.ts";
import { build, changed, LIMITS, policyError, sources, temporaryFolder } from "./support.ts";

type Algorithm = (typeof SIGNING_ALGORITHMS)[number];

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pairs: Record<string, { publicKey: KeyObject; privateKey: KeyObject }> = {
	RS: rsa,
	PS: rsa,
	ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
	ES384: generateKeyPairSync("ec", { namedCurve: "P-384" }),
	ES512: generateKeyPairSync("ec", { namedCurve: "P-521" }),
	EdDSA: generateKeyPairSync("ed25519"),
};
const SECRET = "correct horse battery staple";
const pem = (key: KeyObject, type: "spki" | "pkcs8") => String(key.export({ type, format: "pem" }));

function pairFor(algorithm: string) {
	return pairs[algorithm] ?? pairs[algorithm.slice(0, 2)];
}

function publicKey(algorithm: string): string {
	const pair = pairFor(algorithm);
	return pair === undefined ? SECRET : pem(pair.publicKey, "spki");
}

function verification(
	algorithm: Algorithm,
	change: { key?: string; scope?: string; keyScope?: string; exclude?: string[] } = {},
): Verification {
	return {
		keys: {
			main: {
				algorithm,
				key: new Secret(change.key ?? publicKey(algorithm)),
				...(change.keyScope === undefined ? {} : { scope: change.keyScope }),
			},
		},
		required: true,
		signing: {
			keyid: "main",
			allow_unsigned_delta_bundles: false,
			...(change.scope === undefined ? {} : { scope: change.scope }),
			...(change.exclude === undefined ? {} : { exclude_files: change.exclude }),
		},
	};
}

/** Signed by `opa build` itself: an independent writer. */
async function signed(algorithm: Algorithm, scope?: string): Promise<Buffer> {
	const folder = await temporaryFolder();
	try {
		const pair = pairFor(algorithm);
		const keyFile = join(folder.path, "key");
		await writeFile(keyFile, pair === undefined ? SECRET : pem(pair.privateKey, "pkcs8"));
		const claims = join(folder.path, "claims.json");
		await writeFile(claims, JSON.stringify(scope === undefined ? {} : { scope }));
		const data =
			'{"z": {"n": 1.50, "e": 1e3}, "a": ["<&>", "é\\u2028", "\\u0008\\u0001"], "big": 12345678901234567890, "～": 1, "😀": 2}';
		return await build({ ...sources(), "data.json": data }, [
			"--signing-key",
			keyFile,
			"--signing-alg",
			algorithm,
			"--claims-file",
			claims,
		]);
	} finally {
		await folder.remove();
	}
}

const check = async (archive: Buffer, by: Verification | undefined) =>
	verifySignature(await readArchive(archive, LIMITS), by);
const refused = policyError("bundle_signature");

for (const algorithm of SIGNING_ALGORITHMS) {
	test(`a bundle that opa signed with ${algorithm} verifies, and with another key does not`, async () => {
		const archive = await signed(algorithm);
		await check(archive, verification(algorithm));
		const pair = pairFor(algorithm);
		const another = pair === undefined ? "another secret" : pem(freshLike(algorithm), "spki");
		await assert.rejects(check(archive, verification(algorithm, { key: another })), refused);
	});
}

function freshLike(algorithm: string): KeyObject {
	const curves: Record<string, string> = { ES256: "P-256", ES384: "P-384", ES512: "P-521" };
	const namedCurve = curves[algorithm];
	if (algorithm === "EdDSA") return generateKeyPairSync("ed25519").publicKey;
	if (namedCurve !== undefined) return generateKeyPairSync("ec", { namedCurve }).publicKey;
	return generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;
}

test("what is signed here with Ed25519 verifies, and needs no algorithm named", async () => {
	const files = signFiles(new Map([["data.json", Buffer.from('{"a": 1}')]]), {
		pem: pem(pairs["EdDSA"]?.privateKey as KeyObject, "pkcs8"),
	});
	verifySignature(files, verification("EdDSA"));
	assert.throws(() => verifySignature(files, verification("EdDSA", { key: publicKey("ES256") })), refused);
});

const archive = await signed("RS256");

test("the configured algorithm decides, whatever the token's header says", async () => {
	for (const algorithm of ["RS384", "PS256", "ES256", "HS256"] as const) {
		await assert.rejects(
			check(archive, verification(algorithm, { key: publicKey("RS256") })),
			refused,
			algorithm,
		);
	}
	// The old trick: the public key, which everybody has, taken for an HMAC's secret.
	const forged = await resigned("HS256", (text) =>
		createHmac("sha256", publicKey("RS256")).update(text).digest("base64url"),
	);
	await assert.rejects(check(forged, verification("RS256")), refused);
	const unsigned = await resigned("none", () => "");
	await assert.rejects(check(unsigned, verification("RS256")), refused);
});

async function resigned(alg: string, sign: (text: string) => string, claims?: object): Promise<Buffer> {
	const files = await readArchive(archive, LIMITS);
	const [token = ""] = JSON.parse(files.get(".signatures.json")?.toString() ?? "").signatures;
	const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
	const payload = claims === undefined ? token.split(".")[1] : encode(claims);
	const text = `${encode({ alg, typ: "JWT" })}.${payload}`;
	return await changed(archive, {
		".signatures.json": JSON.stringify({ signatures: [`${text}.${sign(text)}`] }),
	});
}

test("signed without a key configured is refused, and so is unsigned with one", async () => {
	await assert.rejects(check(archive, undefined), refused);
	const unsigned = await changed(archive, { ".signatures.json": undefined });
	await assert.rejects(check(unsigned, verification("RS256")), refused);
	await check(unsigned, undefined);
});

test("a file that was changed, added or taken away is refused", async () => {
	const by = verification("RS256");
	const wasm = Buffer.from((await readArchive(archive, LIMITS)).get("policy.wasm") ?? "");
	wasm.writeUInt8(wasm.readUInt8(wasm.length - 1) ^ 1, wasm.length - 1);
	await assert.rejects(
		check(await changed(archive, { "policy.wasm": wasm }), by),
		policyError("bundle_signature", /policy\.wasm was changed/),
	);
	await assert.rejects(check(await changed(archive, { "data.json": '{"other": 1}' }), by), refused);
	await assert.rejects(
		check(await changed(archive, { "more/data.json": "{}" }), by),
		policyError("bundle_signature", /does not name more/),
	);
	await assert.rejects(
		check(await changed(archive, { "policy.wasm": undefined }), by),
		policyError("bundle_signature", /missing/),
	);
	const second = await changed(archive, { "x/.signatures.json": "{}" });
	await assert.rejects(check(second, by), refused);
});

test("white space in JSON files does not matter, a number's text does", async () => {
	const by = verification("RS256");
	const data = (await readArchive(archive, LIMITS)).get("data.json")?.toString() ?? "";
	await check(await changed(archive, { "data.json": data.replaceAll(",", " ,\n") }), by);
	await assert.rejects(
		check(await changed(archive, { "data.json": data.replace("1.50", "1.5") }), by),
		refused,
	);
});

test("files that the configuration excludes need not be signed", async () => {
	const more = await changed(archive, { "docs/readme.txt": "hello" });
	await assert.rejects(check(more, verification("RS256")), refused);
	await check(more, verification("RS256", { exclude: ["docs/*"] }));
});

test("the scope must be exactly the configured one", async () => {
	const scoped = await signed("RS256", "write");
	await check(scoped, verification("RS256", { scope: "write" }));
	await check(scoped, verification("RS256", { keyScope: "write" }));
	for (const scope of ["read", "writ", ""])
		await assert.rejects(check(scoped, verification("RS256", { scope })), refused);
	await assert.rejects(check(scoped, verification("RS256")), refused);
	await assert.rejects(check(archive, verification("RS256", { scope: "write" })), refused);
});

test("signatures that are malformed, missing or several are refused", async () => {
	const by = verification("RS256");
	const token = "a.b.c";
	for (const content of [
		"",
		"{",
		"{}",
		'{"signatures": []}',
		JSON.stringify({ signatures: [token, token] }),
		'{"signatures": ["a.b"]}',
		'{"signatures": [5]}',
	]) {
		await assert.rejects(
			check(await changed(archive, { ".signatures.json": content }), by),
			refused,
			content,
		);
	}
});

test("a weak or unknown digest is refused, even when it is signed", async () => {
	const files = await readArchive(await changed(archive, { ".signatures.json": undefined }), LIMITS);
	const claims = {
		files: [...files].map(([name, content]) => ({
			name,
			hash: createHash("md5").update(content).digest("hex"),
			algorithm: "MD5",
		})),
	};
	const sign = (text: string) => createHmac("sha256", SECRET).update(text).digest("base64url");
	await assert.rejects(
		check(await resigned("HS256", sign, claims), verification("HS256")),
		policyError("bundle_signature", /weak/),
	);
});

test("a key that can't be used is a refusal and no crash", async () => {
	await assert.rejects(check(archive, verification("RS256", { key: "no key at all" })), refused);
	await assert.rejects(check(archive, verification("RS256", { key: publicKey("ES256") })), refused);
});
