import assert from "node:assert/strict";
import { test } from "node:test";
import { Authenticator, type StaticTokenConfig } from "../../../src/identity/index.ts";
import { Secret } from "../../../src/lib/index.ts";
import { openStore } from "../../../src/store/index.ts";
import { ELSEWHERE, LOOPBACK, makeLog } from "../../support/people.ts";

const agent: StaticTokenConfig = {
	token: new Secret("let-me-in"),
	subject: "agent-7",
	kind: "agent",
	groups: ["agents"],
};

function authenticatorWith(
	static_tokens: StaticTokenConfig[],
	listenerHosts = ["127.0.0.1", "::1", "localhost"],
) {
	const { tokens } = openStore("sqlite::memory:", "");
	return new Authenticator({
		config: { providers: [], static_tokens },
		tokens,
		listenerHosts,
		log: makeLog(),
	});
}

test("a static token authenticates over loopback; its provider counts for approvals", async () => {
	const { principal, credential } = await authenticatorWith([agent]).authenticate("let-me-in", LOOPBACK);
	assert.equal(principal.subject, "agent-7");
	assert.equal(principal.provider, "static");
	assert.equal(principal.issuer, "static");
	assert.deepEqual(principal.groups, ["agents"]);
	assert.deepEqual(credential, { id: "static:agent-7", kind: "static", expiresAt: null, mayApprove: true });
});

test("a static token from another machine is refused", async () => {
	await assert.rejects(authenticatorWith([agent]).authenticate("let-me-in", ELSEWHERE), {
		code: "static_token_not_loopback",
	});
});

test("static tokens beside a listener that is not on loopback are refused at the start", () => {
	for (const host of ["0.0.0.0", "::", "192.0.2.1", "db.corp.test", "127.0.0.1.corp.test"]) {
		assert.throws(
			() => authenticatorWith([agent], ["127.0.0.1", host]),
			{ code: "identity_config_invalid" },
			host,
		);
	}
	authenticatorWith([], ["0.0.0.0"]);
});

test("an empty token, or one token for two subjects, is refused at the start", () => {
	const invalid = { code: "identity_config_invalid" };
	assert.throws(() => authenticatorWith([{ ...agent, token: new Secret("") }]), invalid);
	assert.throws(() => authenticatorWith([agent, { ...agent, subject: "dana" }]), invalid);
});

test("a wrong token is refused without a word on why", async () => {
	for (const token of [
		"",
		"let-me-i",
		"let-me-in ",
		"LET-ME-IN",
		"sp_",
		"a.b.c",
		"\u0000",
		"x".repeat(16_384),
	]) {
		await assert.rejects(authenticatorWith([agent]).authenticate(token, LOOPBACK), {
			code: "token_invalid",
			message: "The token was not accepted.",
		});
	}
	await assert.rejects(authenticatorWith([agent]).authenticate("x".repeat(16_385), LOOPBACK), {
		code: "token_too_large",
	});
});
