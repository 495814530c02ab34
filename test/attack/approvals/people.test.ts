import assert from "node:assert/strict";
import { test } from "node:test";
import { Authenticator } from "../../../src/identity/index.ts";
import { openStore } from "../../../src/store/index.ts";
import { makeBinding, makeRequirement, openDesk } from "../../support/approvals.ts";
import { startIssuer } from "../../support/issuer.ts";
import { ELSEWHERE, makeApprover, makeLog, makePrincipal, makeProvider } from "../../support/people.ts";

const issuer = "https://id.corp.test";
const dana = makePrincipal({ subject: "dana", kind: "human", groups: ["dba"], email: "dana@corp.test" });
const danaBehind = { subject: "dana", provider: "corp", issuer };
const own = { code: "approval_own_request" };
const notAnApprover = { code: "approval_not_an_approver" };

function requestBy(
	principal = makePrincipal(),
	requirement = makeRequirement({ approvers: ["group:corp/dba", "group:okta/dba", "user:corp/ci"] }),
) {
	const { approvals } = openDesk();
	return {
		approvals,
		...approvals.request({ binding: makeBinding({ principal }), requirement, command: "d" }),
	};
}

test("one's own request can't be answered, in either way", () => {
	const { approvals, id } = requestBy(dana);
	for (const verdict of ["approve", "deny"] as const) {
		assert.throws(() => approvals.answer(id, makeApprover(dana), verdict), own);
	}
});

test("the same person under another provider's name", () => {
	const { approvals, id } = requestBy(dana);
	assert.throws(() => approvals.answer(id, makeApprover({ ...dana, provider: "okta" }), "approve"), own);
});

test("a second account of the same person, linked by its e-mail", () => {
	const { approvals, id } = requestBy(dana);
	const second = makeApprover({
		subject: "d2",
		provider: "okta",
		issuer: "https://okta.test",
		email: "DANA@corp.test",
	});
	assert.throws(() => approvals.answer(id, second, "approve"), own);
});

test("what an agent asks for on her behalf, and what she asks for answered on her behalf", () => {
	const agent = makePrincipal({ on_behalf_of: danaBehind });
	const asked = requestBy(agent);
	assert.throws(() => asked.approvals.answer(asked.id, makeApprover(dana), "approve"), own);
	const hers = requestBy(dana);
	assert.throws(
		() =>
			hers.approvals.answer(hers.id, makeApprover({ subject: "bot", on_behalf_of: danaBehind }), "approve"),
		own,
	);
	const another = makeApprover({ subject: "bot", on_behalf_of: danaBehind });
	assert.throws(() => asked.approvals.answer(asked.id, another, "approve"), own);
});

test("a token that she made asks, or answers", async () => {
	const store = openStore("sqlite::memory:", "");
	const config = { providers: [], static_tokens: [] };
	const gate = new Authenticator({ config, tokens: store.tokens, listenerHosts: [], log: makeLog() });
	const make = async (subject: string) => {
		const request = { subject, kind: "human" as const, groups: ["dba"], expiresAt: Date.now() + 60_000 };
		return gate.authenticate(gate.apiTokens.create(request, dana).token, ELSEWHERE);
	};
	const token = await make("agent-7");
	const asked = requestBy(token.principal);
	assert.throws(() => asked.approvals.answer(asked.id, makeApprover(dana), "approve"), own);
	const hers = requestBy(dana);
	assert.throws(() => hers.approvals.answer(hers.id, token, "approve"), own);
	const other = await make("agent-8");
	assert.throws(() => asked.approvals.answer(asked.id, other, "approve"), own);
});

test("groups that whoever made a token gave it don't count", async () => {
	const store = openStore("sqlite::memory:", "");
	const config = { providers: [], static_tokens: [] };
	const gate = new Authenticator({ config, tokens: store.tokens, listenerHosts: [], log: makeLog() });
	const request = { subject: "zoe", kind: "human" as const, groups: ["dba"], expiresAt: Date.now() + 60_000 };
	const zoe = await gate.authenticate(
		gate.apiTokens.create(request, makePrincipal({ subject: "admin" })).token,
		ELSEWHERE,
	);
	const { approvals, id } = requestBy(makePrincipal(), makeRequirement({ approvers: ["group:api/dba"] }));
	assert.throws(() => approvals.answer(id, zoe, "approve"), notAnApprover);
});

test("one person with two accounts is not two of two", () => {
	const { approvals, id } = requestBy(
		makePrincipal(),
		makeRequirement({ min: 2, approvers: ["group:corp/dba", "group:okta/dba"] }),
	);
	approvals.answer(id, makeApprover(dana), "approve");
	const second = makeApprover({
		subject: "d2",
		provider: "okta",
		issuer: "https://okta.test",
		email: "dana@corp.test",
	});
	assert.throws(() => approvals.answer(id, second, "approve"), { code: "approval_already_answered_by_you" });
	assert.equal(approvals.get(id).state, "pending");
});

test("who is not of the group, of a group of that name elsewhere, or of one that only looks alike", () => {
	const { approvals, id } = requestBy();
	for (const given of [
		{ groups: [] },
		{ groups: ["DBA"] },
		{ groups: ["dba "] },
		{ groups: ["corp/dba", "group:corp/dba"] },
		{ provider: "other" },
		{ provider: "corp/dba", groups: [""] },
	]) {
		assert.throws(
			() => approvals.answer(id, makeApprover({ subject: "mallory", ...given }), "approve"),
			notAnApprover,
		);
	}
});

test("groups from a provider that is not marked for approvals", () => {
	const { approvals, id } = requestBy();
	assert.throws(
		() => approvals.answer(id, makeApprover({ subject: "erin" }, { mayApprove: false }), "approve"),
		notAnApprover,
	);
});

test("an agent or a service in the group; but one that the rule names may answer", () => {
	const { approvals, id } = requestBy();
	for (const kind of ["agent", "service"] as const) {
		assert.throws(
			() => approvals.answer(id, makeApprover({ subject: "bot", kind }), "approve"),
			notAnApprover,
		);
	}
	const ci = makeApprover({ subject: "ci", kind: "service", groups: [] }, { mayApprove: false });
	assert.equal(approvals.answer(id, ci, "approve").state, "granted");
});

test("an actor with the groups of the person that it acts for", async () => {
	const real = await startIssuer();
	const provider = makeProvider(real.url, {
		name: "corp",
		kind: "human",
		groups_claim: "groups",
		approvers: true,
	});
	const { tokens } = openStore("sqlite::memory:", "");
	const gate = new Authenticator({
		config: { providers: [provider], static_tokens: [] },
		tokens,
		listenerHosts: [],
		log: makeLog(),
	});
	const answerWith = async (claims: object) => {
		const { approvals, id } = requestBy();
		return approvals.answer(
			id,
			await gate.authenticate(await real.sign({ groups: ["dba"], ...claims }), ELSEWHERE),
			"approve",
		);
	};
	await assert.rejects(answerWith({ act: { sub: "bot" } }), notAnApprover);
	assert.equal((await answerWith({})).state, "granted");
	await real.close();
});
