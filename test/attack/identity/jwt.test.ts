import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type CryptoKey, exportSPKI, importJWK, type JWTPayload } from "jose";
import { Authenticator } from "../../../src/identity/index.ts";
import { openStore } from "../../../src/store/index.ts";
import { type Issuer, makeSigningKey, serveHttp, startIssuer } from "../../support/issuer.ts";
import { ELSEWHERE, makeLog, makeProvider } from "../../support/people.ts";

let issuer: Issuer;
let other: Issuer;
const log = makeLog();
before(async () => {
	[issuer, other] = await Promise.all([startIssuer(), startIssuer()]);
});
after(() => Promise.all([issuer.close(), other.close()]));

function authenticator() {
	const { tokens } = openStore("sqlite::memory:", "");
	const providers = [makeProvider(issuer.url), makeProvider(other.url, { name: "other", approvers: true })];
	return new Authenticator({
		config: { providers, static_tokens: [] },
		tokens,
		listenerHosts: ["0.0.0.0"],
		log,
	});
}

const refused = (token: string, code = "token_invalid", operator = /./) =>
	assert.rejects(authenticator().authenticate(token, ELSEWHERE), {
		code,
		...(code === "token_invalid" && { operator }),
	});
const refusedFor = (operator: RegExp, token: string) => refused(token, "token_invalid", operator);
const now = () => Math.floor(Date.now() / 1000);
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const payload = (): JWTPayload => ({
	iss: issuer.url,
	aud: "sallyport",
	sub: "dana",
	iat: now(),
	exp: now() + 300,
});

test("the honest token that the others are made of is taken", async () => {
	const { principal } = await authenticator().authenticate(await issuer.sign(), ELSEWHERE);
	assert.equal(principal.subject, "dana");
});

test("alg none, in any spelling, with and without a signature", async () => {
	const [, , signature] = (await issuer.sign()).split(".");
	for (const alg of ["none", "None", "NONE", "nOnE", ""]) {
		await refusedFor(/alg/i, `${part({ alg })}.${part(payload())}.`);
		await refusedFor(/alg/i, `${part({ alg, kid: "first" })}.${part(payload())}.${signature}`);
	}
});

test("an HMAC with the issuer's public key for its secret", async () => {
	const jwk = JSON.stringify(issuer.key.publicJwk);
	const pem = await exportSPKI(
		(await importJWK(issuer.key.publicJwk, "ES256", { extractable: true })) as CryptoKey,
	);
	for (const secret of [jwk, pem, pem.trim()]) {
		for (const [alg, digest] of [
			["HS256", "sha256"],
			["HS384", "sha384"],
			["HS512", "sha512"],
		] as const) {
			const signed = `${part({ alg, kid: "first" })}.${part(payload())}`;
			await refusedFor(/alg/i, `${signed}.${createHmac(digest, secret).update(signed).digest("base64url")}`);
		}
	}
});

test("an HMAC key that stands in the issuer's own set", async () => {
	const secret = "an-issuer-that-publishes-a-symmetric-key";
	const k = Buffer.from(secret).toString("base64url");
	issuer.published = [{ kty: "oct", k, kid: "oct", alg: "HS256" }, issuer.key.publicJwk];
	const signed = `${part({ alg: "HS256", kid: "oct" })}.${part(payload())}`;
	await refusedFor(/alg/i, `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`);
	issuer.published = [issuer.key.publicJwk];
});

test("another key under the issuer's key id, or a key that the token brings along", async () => {
	const key = await makeSigningKey("first");
	await refusedFor(/signature verification failed/, await issuer.sign({}, { key }));
	await refusedFor(
		/signature verification failed/,
		await issuer.sign({}, { key, header: { jwk: key.publicJwk } }),
	);
	const { url, close } = await serveHttp((_request, response) =>
		response.end(JSON.stringify({ keys: [key.publicJwk] })),
	);
	await refusedFor(
		/signature verification failed/,
		await issuer.sign({}, { key, header: { jku: url, x5u: url } }),
	);
	await close();
});

test("a key that the issuer never had, and one that it took out of its set five minutes ago", async (t) => {
	const old = await makeSigningKey("old");
	await refusedFor(/no applicable key/, await issuer.sign({}, { key: old }));
	issuer.published = [old.publicJwk];
	const gate = authenticator();
	t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
	const claims = { iat: now(), exp: now() + 3_600 };
	await gate.authenticate(await issuer.sign(claims, { key: old }), ELSEWHERE);
	issuer.published = [issuer.key.publicJwk];
	t.mock.timers.tick(5 * 60_000);
	await assert.rejects(gate.authenticate(await issuer.sign(claims, { key: old }), ELSEWHERE), {
		code: "token_invalid",
		operator: /no applicable key/,
	});
});

test("an algorithm that is not the key's", async () => {
	const rsa = await makeSigningKey("rsa", "PS256");
	issuer.published = [{ ...rsa.publicJwk, alg: "RS256" }, issuer.key.publicJwk];
	await refused(await issuer.sign({}, { key: rsa }));
	issuer.published = [issuer.key.publicJwk];
});

test("another issuer's key, with this issuer's name and with its own", async () => {
	await refusedFor(/signature verification failed/, await issuer.sign({}, { key: other.key }));
	await refusedFor(/signature verification failed/, await issuer.sign({ iss: other.url }));
	await refusedFor(/no provider/, await issuer.sign({ iss: `${issuer.url}/` }));
	await refusedFor(/no provider/, await issuer.sign({ iss: "https://unknown.test" }));
});

test("an issuer can't speak for another's subjects, nor for those that the gateway makes", async () => {
	const { principal } = await authenticator().authenticate(await issuer.sign({ groups: ["dba"] }), ELSEWHERE);
	assert.equal(principal.provider, "ci");
	await refusedFor(/another issuer/, await issuer.sign({ act: { sub: "agent-7", iss: other.url } }));
	await refused(await issuer.sign({ iss: "sallyport" }));
	await refused(await issuer.sign({ iss: "static" }));
	const forged = {
		sallyport: { token: "t", owners: [{ subject: "x", issuer: "y", provider: "z", email: null }] },
	};
	const identity = await authenticator().authenticate(await issuer.sign(forged), ELSEWHERE);
	assert.equal(Object.hasOwn(identity.principal.claims, "sallyport"), false);
});

test("a wrong audience, none, or one that only looks alike", async () => {
	for (const aud of ["other", "Sallyport", "sallyport ", ["other"], [], undefined]) {
		await refusedFor(/"aud" claim/, await issuer.sign({ aud } as JWTPayload));
	}
	await authenticator().authenticate(await issuer.sign({ aud: ["other", "sallyport"] }), ELSEWHERE);
});

test("times: expired, without an end, issued in the future or long ago, not yet valid", async () => {
	await refused(await issuer.sign({ exp: now() - 11 }), "token_expired");
	await refused(await issuer.sign({ exp: undefined } as unknown as JWTPayload));
	await refused(await issuer.sign({ iat: undefined } as unknown as JWTPayload));
	await refused(await issuer.sign({ iat: now() + 60 }));
	await refused(await issuer.sign({ iat: now() + 10 * 365 * 86_400, exp: now() + 11 * 365 * 86_400 }));
	await refused(await issuer.sign({ iat: now() - 86_500, exp: now() + 300 }), "token_expired");
	await refused(await issuer.sign({ nbf: now() + 60 }));
	for (const exp of ["9999999999", Number.MAX_VALUE, true, null]) {
		const header = part({ alg: "ES256", kid: "first" });
		await refused(`${header}.${part({ ...payload(), exp })}.AAAA`);
	}
	const { credential } = await authenticator().authenticate(
		await issuer.sign({ exp: now() + 10 * 365 * 86_400 }),
		ELSEWHERE,
	);
	assert.ok(credential.expiresAt !== null && credential.expiresAt <= Date.now() + 86_400_000);
});

test("no subject, an empty one, one that is no text", async () => {
	for (const sub of [undefined, "", 7, null, ["dana"]])
		await refused(await issuer.sign({ sub } as unknown as JWTPayload));
});

test("a token that is bound to a key, used without the key", async () => {
	await refusedFor(/cnf/, await issuer.sign({ cnf: { jkt: "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" } }));
});

test("critical headers that nobody here understands, encrypted and nested tokens, garbage", async () => {
	await refused(await issuer.sign({}, { header: { crit: ["exp"], exp: 1 } }).catch(() => "a.b.c"));
	await refused(`${part({ alg: "ES256", crit: ["x"], x: 1, kid: "first" })}.${part(payload())}.AAAA`);
	await refused(`${part({ alg: "dir", enc: "A256GCM" })}..AAAA.AAAA.AAAA`);
	for (const token of [
		"..",
		"a..b",
		`${part({})}.${part([])}.x`,
		"ey".repeat(5_000),
		`${await issuer.sign()}.x`,
	]) {
		await refused(token);
	}
});

test("the text of a signed token, changed by one character anywhere", async () => {
	const token = await issuer.sign();
	for (let at = 0; at < token.length - 2; at += 7) {
		const changed = token[at] === "A" ? "B" : "A";
		const forged = `${token.slice(0, at)}${changed}${token.slice(at + 1)}`;
		await assert.rejects(authenticator().authenticate(forged, ELSEWHERE), `changed at ${at}`);
	}
});

test("a discovery document that names another issuer or keys without TLS elsewhere", async () => {
	const honest = issuer.discovery;
	for (const lie of [
		{ ...honest, issuer: other.url },
		{ ...honest, jwks_uri: "http://192.0.2.1/jwks" },
		{ ...honest, jwks_uri: "file:///etc/passwd" },
		{ ...honest, jwks_uri: 7 },
		{},
	]) {
		issuer.discovery = lie;
		await refused(await issuer.sign(), "identity_provider_unavailable");
	}
	issuer.discovery = honest;
});

test("keys behind a redirect, or in an answer without end", async () => {
	const endless = await serveHttp((request, response) => {
		if (request.url === "/redirect") response.writeHead(302, { location: `${issuer.url}/jwks` }).end();
		else {
			const write = (): void => {
				while (response.write(" ".repeat(65_536)));
				response.once("drain", write);
			};
			write();
		}
	});
	for (const path of ["/redirect", "/endless"]) {
		const { tokens } = openStore("sqlite::memory:", "");
		const providers = [makeProvider(issuer.url, { jwks_uri: `${endless.url}${path}` })];
		const gate = new Authenticator({
			config: { providers, static_tokens: [] },
			tokens,
			listenerHosts: [],
			log,
		});
		await assert.rejects(gate.authenticate(await issuer.sign(), ELSEWHERE), {
			code: "identity_provider_unavailable",
		});
	}
	await endless.close();
});

test("invented key ids don't make the gateway flood the issuer", async () => {
	const gate = authenticator();
	await gate.authenticate(await issuer.sign(), ELSEWHERE);
	const before = issuer.fetches();
	for (let at = 0; at < 50; at += 1) {
		const key = { ...issuer.key, kid: `invented-${at}` };
		await assert.rejects(gate.authenticate(await issuer.sign({}, { key }), ELSEWHERE));
	}
	assert.ok(issuer.fetches() - before <= 2, `${issuer.fetches() - before} fetches`);
});

test("an invented key id while the issuer is down does not shut the others out", async () => {
	const gate = authenticator();
	await gate.authenticate(await issuer.sign(), ELSEWHERE);
	await sleep(2_100); // the cool-down, after which an unknown key is looked for
	issuer.down = true;
	const key = { ...issuer.key, kid: "invented" };
	await assert.rejects(gate.authenticate(await issuer.sign({}, { key }), ELSEWHERE), {
		code: "identity_provider_unavailable",
	});
	await gate.authenticate(await issuer.sign(), ELSEWHERE);
	issuer.down = false;
});

test("nothing of a token stands in the log", async () => {
	const token = await issuer.sign({ aud: "other" });
	await refused(token);
	const [, body, signature] = token.split(".");
	const said = JSON.stringify(log.lines);
	assert.equal(said.includes(String(body)), false);
	assert.equal(said.includes(String(signature)), false);
});
