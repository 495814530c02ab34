import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Authenticator } from "../../../src/identity/index.ts";
import { openStore } from "../../../src/store/index.ts";
import { type OidcProvider, startOidcProvider } from "../../support/oidc-provider.ts";
import { ELSEWHERE, makeLog, makeProvider } from "../../support/people.ts";

const AUDIENCE = "https://sallyport.corp.test";
let provider: OidcProvider;
before(async () => {
	provider = await startOidcProvider();
});
after(() => provider.close());

function authenticator() {
	const { tokens } = openStore("sqlite::memory:", "");
	const providers = [
		makeProvider(provider.issuer, { audience: AUDIENCE, kind: "service", groups_claim: "groups" }),
	];
	return new Authenticator({
		config: { providers, static_tokens: [] },
		tokens,
		listenerHosts: [],
		log: makeLog(),
	});
}

test("an access token of a real OpenID provider is taken, by its discovery document alone", async () => {
	const token = await provider.accessToken(AUDIENCE, ["deployers"]);
	const { principal, credential } = await authenticator().authenticate(token, ELSEWHERE);
	assert.equal(principal.subject, "agent-7");
	assert.equal(principal.kind, "service");
	assert.equal(principal.issuer, provider.issuer);
	assert.deepEqual(principal.groups, ["deployers"]);
	assert.ok(credential.expiresAt !== null && credential.expiresAt > Date.now());
});

test("a token that the same provider made for another audience is refused", async () => {
	const token = await provider.accessToken("https://other.corp.test", ["deployers"]);
	await assert.rejects(authenticator().authenticate(token, ELSEWHERE), {
		code: "token_invalid",
		operator: /"aud"/,
	});
});
