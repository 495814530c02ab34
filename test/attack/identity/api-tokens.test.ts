import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Authenticator } from "../../../src/identity/index.ts";
import { openStore } from "../../../src/store/index.ts";
import { ELSEWHERE, LOOPBACK, makeLog, makePrincipal } from "../../support/people.ts";

function setUp(url = "sqlite::memory:", directory = "") {
	const store = openStore(url, directory);
	const log = makeLog();
	const config = { providers: [], static_tokens: [] };
	const gate = new Authenticator({ config, tokens: store.tokens, listenerHosts: ["0.0.0.0"], log });
	const create = (subject: string) =>
		gate.apiTokens.create(
			{ subject, kind: "agent", groups: [], expiresAt: Date.now() + 60_000 },
			makePrincipal({ subject: "dana" }),
		);
	return { store, log, gate, create };
}

test("a token's id with another's secret, a changed, cut or longer secret, another spelling", async () => {
	const { gate, create } = setUp();
	const [mine, theirs] = [create("mallory").token, create("admin").token];
	const [, id = "", secret = ""] = theirs.split("_");
	const own = mine.split("_")[2] ?? "";
	const forged = [
		`sp_${id}_${own}`,
		`sp_${id}_${"0".repeat(64)}`,
		`sp_${id}_${secret.slice(0, -1)}`,
		`sp_${id}_${secret}0`,
		`sp_${id}_${secret}\n`,
		` ${theirs}`,
		`sp_${id}_`,
		`sp_${id}`,
		`sp__${secret}`,
		`sp_${id.toUpperCase()}_${secret}`,
		`SP_${id}_${secret}`,
		`sp_' OR 1=1 --_${secret}`,
		`sp_%_${secret}`,
		"sp_a.b.c",
	];
	for (const token of forged) {
		await assert.rejects(gate.authenticate(token, LOOPBACK), { code: "token_invalid" }, token);
	}
	assert.equal((await gate.authenticate(theirs, ELSEWHERE)).principal.subject, "admin");
});

test("whoever steals the store's files can't make a token of them", async () => {
	const directory = mkdtempSync(join(tmpdir(), "sallyport-theft-"));
	const { store, gate, create } = setUp("sqlite:", directory);
	const { token, record } = create("admin");
	const secret = token.split("_")[2] ?? "";
	for (const file of readdirSync(directory)) {
		const bytes = readFileSync(join(directory, file));
		assert.equal(bytes.includes(secret), false, file);
		assert.equal(bytes.includes(Buffer.from(secret, "hex")), false, file);
	}
	const hash = Buffer.from(record.hash).toString("hex");
	await assert.rejects(gate.authenticate(`sp_${record.id}_${hash}`, LOOPBACK), { code: "token_invalid" });
	store.close();
	rmSync(directory, { recursive: true });
});

test("a revoked token stays revoked after a restart", async () => {
	const directory = mkdtempSync(join(tmpdir(), "sallyport-revoked-"));
	const first = setUp("sqlite:", directory);
	const { token, record } = first.create("agent-7");
	first.gate.apiTokens.revoke(record.id);
	first.store.close();
	const second = setUp("sqlite:", directory);
	await assert.rejects(second.gate.authenticate(token, LOOPBACK), { code: "token_revoked" });
	second.store.close();
	rmSync(directory, { recursive: true });
});

test("who doesn't know the secret doesn't learn whether a token is revoked, expired or there at all", async () => {
	const { gate, create } = setUp();
	const { record } = create("agent-7");
	gate.apiTokens.revoke(record.id);
	for (const id of [record.id, "0".repeat(26)]) {
		await assert.rejects(gate.authenticate(`sp_${id}_${"a".repeat(64)}`, LOOPBACK), {
			code: "token_invalid",
			message: "The token was not accepted.",
		});
	}
});

test("nothing of a token stands in the log", async () => {
	const { gate, create, log } = setUp();
	const { token, record } = create("agent-7");
	gate.apiTokens.revoke(record.id);
	await assert.rejects(gate.authenticate(token, ELSEWHERE));
	assert.equal(log.lines.length, 1);
	assert.equal(JSON.stringify(log.lines).includes(token.slice(-20)), false);
});
