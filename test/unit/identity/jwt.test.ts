import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Authenticator, type JwtProviderConfig } from "../../../src/identity/index.ts";
import { openStore } from "../../../src/store/index.ts";
import { type Issuer, makeSigningKey, startIssuer } from "../../support/issuer.ts";
import { ELSEWHERE, makeLog, makeProvider } from "../../support/people.ts";

let issuer: Issuer;
before(async () => {
	issuer = await startIssuer();
});
after(() => issuer.close());

function authenticatorFor(...providers: JwtProviderConfig[]) {
	const { tokens } = openStore("sqlite::memory:", "");
	const config = { providers, static_tokens: [] };
	return new Authenticator({ config, tokens, listenerHosts: ["0.0.0.0"], log: makeLog() });
}

const authenticate = async (claims: object, provider: Partial<JwtProviderConfig> = {}) =>
	authenticatorFor(makeProvider(issuer.url, provider)).authenticate(
		await issuer.sign({ ...claims }),
		ELSEWHERE,
	);

test("a token of a configured issuer becomes a principal of its provider", async () => {
	const { principal, credential } = await authenticate(
		{ email: "dana@corp.test", groups: ["dba", "dba", "dev"], team: { name: "payments" } },
		{ name: "corp", kind: "human", approvers: true },
	);
	const { claims, ...rest } = principal;
	assert.deepEqual(rest, {
		subject: "dana",
		kind: "human",
		provider: "corp",
		issuer: issuer.url,
		email: "dana@corp.test",
		groups: ["dba", "dev"],
		on_behalf_of: null,
	});
	assert.deepEqual(claims["team"], { name: "payments" });
	assert.match(credential.id, /^jwt:[\w-]{22}$/);
	assert.equal(credential.mayApprove, true);
	assert.equal(credential.expiresAt, Number(claims["exp"]) * 1000);
});

test("keys are found at jwks_uri without the discovery document", async () => {
	issuer.discovery = {};
	try {
		const { principal } = await authenticate({}, { jwks_uri: `${issuer.url}/jwks` });
		assert.equal(principal.subject, "dana");
	} finally {
		issuer.discovery = { issuer: issuer.url, jwks_uri: `${issuer.url}/jwks` };
	}
});

test("a key that the issuer adds works at the next token after the cool-down", async () => {
	const authenticator = authenticatorFor(makeProvider(issuer.url));
	await authenticator.authenticate(await issuer.sign(), ELSEWHERE);
	const key = await makeSigningKey("second", "RS256");
	issuer.published = [issuer.key.publicJwk, key.publicJwk];
	await sleep(2_100);
	await authenticator.authenticate(await issuer.sign({}, { key }), ELSEWHERE);
	await authenticator.authenticate(await issuer.sign(), ELSEWHERE);
	issuer.published = [issuer.key.publicJwk];
});

test("an issuer that can't be reached is said so, and is taken again when it is back", async () => {
	const authenticator = authenticatorFor(makeProvider(issuer.url));
	issuer.down = true;
	const unavailable = { code: "identity_provider_unavailable" };
	await assert.rejects(authenticator.authenticate(await issuer.sign(), ELSEWHERE), unavailable);
	issuer.down = false;
	await assert.rejects(authenticator.authenticate(await issuer.sign(), ELSEWHERE), unavailable);
	await sleep(1_100);
	await authenticator.authenticate(await issuer.sign(), ELSEWHERE);
});

test("with `act` the actor is the principal and the token's subject is whom it acts for", async () => {
	const { principal, credential } = await authenticate(
		{ act: { sub: "agent-7" }, email: "dana@corp.test", groups: ["dba"] },
		{ name: "corp", kind: "human", approvers: true },
	);
	assert.equal(principal.subject, "agent-7");
	assert.equal(principal.kind, "agent");
	assert.equal(principal.email, null);
	assert.deepEqual(principal.groups, ["dba"]);
	assert.deepEqual(principal.on_behalf_of, { subject: "dana", provider: "corp", issuer: issuer.url });
	assert.equal(credential.mayApprove, false);
});

test("an address that the issuer has not verified is not taken for an e-mail", async () => {
	const { principal } = await authenticate({ email: "boss@corp.test", email_verified: false });
	assert.equal(principal.email, null);
});

test("one group as a string is taken; a token without the claim has none", async () => {
	assert.deepEqual((await authenticate({ roles: "dba" }, { groups_claim: "roles" })).principal.groups, [
		"dba",
	]);
	assert.deepEqual((await authenticate({ roles: ["dba"] })).principal.groups, []);
	assert.deepEqual((await authenticate({}, { groups_claim: "toString" })).principal.groups, []);
});

test("what can't be taken as a whole is refused and not cut short", async () => {
	const invalid = { code: "token_invalid" };
	await assert.rejects(authenticate({ groups: { dba: true } }), invalid);
	await assert.rejects(authenticate({ groups: ["dba", 7] }), invalid);
	await assert.rejects(authenticate({ groups: Array.from({ length: 1_001 }, (_, at) => `g${at}`) }), invalid);
	await assert.rejects(authenticate({ _claim_names: { groups: "src1" } }), invalid);
	await assert.rejects(authenticate({ sub: "dana\u202e" }), invalid);
	await assert.rejects(authenticate({ sub: "x".repeat(257) }), invalid);
	await assert.rejects(authenticate({ note: "\ud800" }), invalid);
	await assert.rejects(authenticate({ deep: nested(17) }), invalid);
	await assert.rejects(authenticate({ note: "x".repeat(8 * 1024) }), { code: "token_too_large" });
});

test("two providers can't have one issuer, a reserved name, or an issuer without TLS elsewhere", () => {
	const invalid = { code: "identity_config_invalid" };
	const one = makeProvider("https://id.corp.test");
	assert.throws(() => authenticatorFor(one, { ...one, name: "other" }), invalid);
	assert.throws(() => authenticatorFor(one, { ...one, issuer: "https://other.test" }), invalid);
	assert.throws(() => authenticatorFor({ ...one, name: "static" }), invalid);
	assert.throws(() => authenticatorFor({ ...one, name: "api" }), invalid);
	assert.throws(() => authenticatorFor({ ...one, issuer: "http://id.corp.test" }), invalid);
	assert.throws(() => authenticatorFor({ ...one, jwks_uri: "http://id.corp.test/jwks" }), invalid);
});

function nested(depth: number): unknown {
	return depth === 0 ? 1 : { inner: nested(depth - 1) };
}
