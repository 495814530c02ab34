import assert from "node:assert/strict";
import { test } from "node:test";
import { Authenticator, samePerson } from "../../../src/identity/index.ts";
import { openStore } from "../../../src/store/index.ts";
import { ELSEWHERE, LOOPBACK, makeLog, makePrincipal } from "../../support/people.ts";

const HOUR = 3_600_000;

function setUp() {
	const store = openStore("sqlite::memory:", "");
	const clock = { time: Date.now(), now: () => clock.time };
	const log = makeLog();
	const config = { providers: [], static_tokens: [] };
	const authenticator = new Authenticator({
		config,
		tokens: store.tokens,
		listenerHosts: ["0.0.0.0"],
		log,
		clock,
	});
	const create = (
		given = {},
		by = makePrincipal({ subject: "dana", kind: "human", email: "dana@corp.test" }),
	) =>
		authenticator.apiTokens.create(
			{ subject: "agent-7", kind: "agent", groups: ["agents"], expiresAt: clock.time + HOUR, ...given },
			by,
		);
	return { store, clock, log, authenticator, create };
}

test("a token that was made authenticates, from anywhere, as the principal it was made for", async () => {
	const { authenticator, create, clock } = setUp();
	const { token, record } = create();
	assert.match(token, /^sp_[0-9a-z]{26}_[0-9a-f]{64}$/);
	const { principal, credential } = await authenticator.authenticate(token, ELSEWHERE);
	assert.deepEqual(principal, {
		subject: "agent-7",
		kind: "agent",
		provider: "api",
		issuer: "sallyport",
		email: null,
		groups: ["agents"],
		claims: {
			sallyport: {
				token: record.id,
				owners: [
					{ subject: "dana", provider: "corp", issuer: "https://id.corp.test", email: "dana@corp.test" },
				],
			},
		},
		on_behalf_of: null,
	});
	assert.deepEqual(credential, {
		id: record.id,
		kind: "api",
		expiresAt: clock.time + HOUR,
		mayApprove: false,
	});
});

test("only a hash of the token is stored", () => {
	const { store, create } = setUp();
	const { token } = create();
	const secret = token.slice(token.lastIndexOf("_") + 1);
	const stored = JSON.stringify(
		store.tokens.list().map((one) => ({ ...one, hash: Buffer.from(one.hash).toString("hex") })),
	);
	assert.equal(stored.includes(secret), false);
	assert.equal(store.tokens.list()[0]?.hash.byteLength, 32);
});

test("an expired token is refused", async () => {
	const { authenticator, create, clock } = setUp();
	const { token } = create();
	clock.time += HOUR;
	await assert.rejects(authenticator.authenticate(token, LOOPBACK), { code: "token_expired" });
});

test("a revoked token is refused and its sessions are told, once", async () => {
	const { authenticator, create } = setUp();
	const { token, record } = create();
	const told: string[] = [];
	const stop = authenticator.onRevoked((id) => told.push(id));
	authenticator.apiTokens.revoke(record.id);
	authenticator.apiTokens.revoke(record.id);
	assert.deepEqual(told, [record.id]);
	await assert.rejects(authenticator.authenticate(token, LOOPBACK), { code: "token_revoked" });
	stop();
	authenticator.apiTokens.revoke(create().record.id);
	assert.deepEqual(told, [record.id]);
});

test("revoking a token that there is not is an error", () => {
	assert.throws(() => setUp().authenticator.apiTokens.revoke("nothing"), { code: "token_unknown" });
});

test("a token can't be made without expiry, for too long, or for names that hide something", () => {
	const { create, clock } = setUp();
	const refused = { code: "token_request_invalid" };
	assert.throws(() => create({ expiresAt: clock.time }), refused);
	assert.throws(() => create({ expiresAt: Number.NaN }), refused);
	assert.throws(() => create({ expiresAt: clock.time + 400 * 24 * HOUR }), refused);
	assert.throws(() => create({ subject: "" }), refused);
	assert.throws(() => create({ subject: "dana\u200b" }), refused);
	assert.throws(() => create({ subject: "x".repeat(257) }), refused);
	assert.throws(() => create({ groups: ["ok", "a\nb"] }), refused);
});

test("a token made with a token has the owners of both, and the chain has an end", async () => {
	const { authenticator, create } = setUp();
	const dana = makePrincipal({ subject: "dana", kind: "human" });
	let by = dana;
	await assert.rejects(
		async () => {
			for (let depth = 0; depth < 20; depth += 1) {
				const { token } = create({ subject: `agent-${depth}` }, by);
				by = (await authenticator.authenticate(token, LOOPBACK)).principal;
				assert.equal(samePerson(by, dana), true);
			}
		},
		{ code: "token_request_invalid" },
	);
});

test("a credential that was revoked or that expired since it authenticated is known to be so", async () => {
	const { authenticator, create, clock } = setUp();
	const [revoked, expired] = [create(), create()];
	const first = await authenticator.authenticate(revoked.token, LOOPBACK);
	const second = await authenticator.authenticate(expired.token, LOOPBACK);
	assert.equal(authenticator.isCurrent(first.credential), true);
	authenticator.apiTokens.revoke(revoked.record.id);
	assert.equal(authenticator.isCurrent(first.credential), false);
	assert.equal(authenticator.isCurrent(second.credential), true);
	clock.time += HOUR;
	assert.equal(authenticator.isCurrent(second.credential), false);
	assert.equal(
		authenticator.isCurrent({ id: "jwt:x", kind: "jwt", expiresAt: clock.time + 1, mayApprove: true }),
		true,
	);
	assert.equal(
		authenticator.isCurrent({ id: "static:x", kind: "static", expiresAt: null, mayApprove: true }),
		true,
	);
});
