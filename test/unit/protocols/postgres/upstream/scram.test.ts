import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { describe, it } from "node:test";
import { serverEndPoint } from "../../../../../src/protocols/postgres/upstream/channel-binding.ts";
import { saslprep } from "../../../../../src/protocols/postgres/upstream/saslprep.ts";
import { ScramClient } from "../../../../../src/protocols/postgres/upstream/scram.ts";
import { makeAuthority } from "../../../../support/certificates.ts";

describe("SCRAM-SHA-256", () => {
	// The nonces, salt and password of RFC 7677, section 3; with the empty user name that PostgreSQL wants, client
	// proof and server signature were computed by Python's hashlib and hmac.
	it("proves the password and checks the server's proof", async () => {
		const client = new ScramClient("pencil", { type: "none" }, "rOprNGfwEbeRWgbNEkqO");
		assert.equal(client.first(), "n,,n=,r=rOprNGfwEbeRWgbNEkqO");
		const final = await client.final(
			"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
		);
		assert.equal(
			final,
			"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=qvT2SWdEH5Q06albL+hjSYuUhCG7VndFyzIb7CK4n9k=",
		);
		client.verify("v=3HO6Qt1M4MKJrmlKaoOqLAI0/0TV0HZe7J9H3MBtSOg=");
		assert.throws(() => client.verify("v=3XO6Qt1M4MKJrmlKaoOqLAI0/0TV0HZe7J9H3MBtSOg="), {
			code: "upstream_not_authentic",
		});
	});

	it("tells the server what it knows of channel binding", async () => {
		const data = Buffer.from([1, 2, 3]);
		for (const [binding, header, encoded] of [
			[{ type: "none" }, "n,,", "biws"],
			[{ type: "not_offered" }, "y,,", "eSws"],
			[
				{ type: "tls-server-end-point", data },
				"p=tls-server-end-point,,",
				"cD10bHMtc2VydmVyLWVuZC1wb2ludCwsAQID",
			],
		] as const) {
			const client = new ScramClient("x", binding, "abc");
			assert.equal(client.first(), `${header}n=,r=abc`);
			assert.match(
				await client.final("r=abcd,s=AAAA,i=1"),
				new RegExp(`^c=${encoded.replaceAll("+", "\\+")},`),
			);
		}
	});

	it("does not take a signature before it has sent its proof", () => {
		const client = new ScramClient("x", { type: "none" });
		assert.throws(() => client.verify(`v=${Buffer.alloc(32).toString("base64")}`), {
			code: "upstream_not_authentic",
		});
	});
});

describe("SASLprep", () => {
	// The examples of RFC 4013, section 3, and what PostgreSQL does with refused texts: it uses them raw.
	for (const [input, expected] of [
		["I\u00adX", "IX"],
		["user", "user"],
		["\u00aa", "a"],
		["\u2168", "IX"],
		["\u0007", "\u0007"],
		["\u0627\u0031", "\u0627\u0031"],
		["\u0627a\u0628", "\u0627a\u0628"],
		["a\u3000b", "a b"],
		["\u{1f600}\u2168", "\u{1f600}\u2168"],
		["\u00ad", "\u00ad"],
	] as const) {
		it(JSON.stringify(input), () => assert.equal(saslprep(input), expected));
	}
});

describe("tls-server-end-point", () => {
	const authority = makeAuthority();
	const der = (options: Parameters<typeof authority.issue>[0]) =>
		new X509Certificate(authority.issue(options).cert).raw;
	const hashed = (hash: string, certificate: Buffer) => createHash(hash).update(certificate).digest();

	// The authority's key is EC, so the signature is ECDSA with the digest asked for.
	for (const [digest, hash] of [
		["sha1", "sha256"],
		["sha256", "sha256"],
		["sha384", "sha384"],
		["sha512", "sha512"],
	] as const) {
		it(`hashes a certificate signed with ${digest} by ${hash}`, () => {
			const certificate = der({ digest });
			assert.deepEqual(serverEndPoint(certificate), hashed(hash, certificate));
		});
	}

	it("has nothing for what is not a certificate", () => {
		const certificate = der({});
		for (let size = 0; size < certificate.length - 200; size += 7) {
			assert.equal(serverEndPoint(certificate.subarray(0, size)), undefined);
		}
		assert.equal(serverEndPoint(Buffer.from("3080308030800000", "hex")), undefined);
	});
});
