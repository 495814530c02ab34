import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openStore } from "../../../src/store/index.ts";
import { type BindingParts, makeBinding, makeRequirement, openDesk } from "../../support/approvals.ts";
import { makeApprover, makePrincipal } from "../../support/people.ts";

const dana = makeApprover();
const erin = makeApprover({ subject: "erin" });
const requirement = makeRequirement();
const ask = { binding: makeBinding(), requirement, command: "d" };

function grantedDesk() {
	const desk = openDesk();
	const { id } = desk.approvals.request(ask);
	desk.approvals.answer(id, dana, "approve");
	return desk;
}

const parameter = (value: string) => ({
	type: "int4",
	value,
	null: false,
	bytes: value.length,
	sha256: null,
});
const changes: [string, BindingParts][] = [
	["another text", { text: "DELETE FROM orders; DROP TABLE orders" }],
	["a comment more", { text: "DELETE FROM orders --" }],
	["a blank more", { text: "DELETE FROM orders " }],
	["a character that doesn't show", { text: "DELETE FROM orders\u200b" }],
	["other parameters", { parameters: [parameter("2")] }],
	["another role", { role: "owner" }],
	["another connection", { connection: "billing" }],
	["another subject", { principal: makePrincipal({ subject: "agent-8" }) }],
	["the same subject of another issuer", { principal: makePrincipal({ issuer: "https://other.test" }) }],
];
for (const [what, change] of changes) {
	test(`a command changed after its approval: ${what}`, () => {
		const { approvals } = grantedDesk();
		assert.deepEqual(approvals.find(makeBinding(change), [requirement]), []);
		const again = approvals.request({ ...ask, binding: makeBinding(change) });
		assert.equal(again.view().state, "pending");
	});
}

test("a hash that somebody else's command has as well", () => {
	const { approvals } = grantedDesk();
	const { hash } = ask.binding;
	const principal = makePrincipal({ subject: "mallory" });
	assert.deepEqual(approvals.find({ ...makeBinding({ principal }), hash }, [requirement]), []);
	assert.deepEqual(approvals.find({ ...makeBinding({ connection: "billing" }), hash }, [requirement]), []);
});

test("a rule that changed after the approval, in any of its fields", () => {
	const { approvals } = grantedDesk();
	for (const changed of [
		{ rule: "other" },
		{ min: 2 },
		{ expires: "16m" },
		{ scope: "session" as const },
		{ approvers: ["group:corp/dba", "group:corp/security"] },
		{ approvers: [] },
	]) {
		assert.deepEqual(approvals.find(ask.binding, [makeRequirement(changed)]), []);
	}
	assert.equal(approvals.find(ask.binding, [requirement]).length, 1);
});

test("a grant replayed: by a retry, from another session, after a restart", () => {
	const directory = mkdtempSync(join(tmpdir(), "sallyport-replay-"));
	const first = openStore("sqlite:", directory);
	const desk = openDesk({ on: first });
	const pending = desk.approvals.request(ask);
	desk.approvals.answer(pending.id, dana, "approve");
	assert.notEqual(pending.grant(), undefined);
	assert.deepEqual(desk.approvals.find(ask.binding, [requirement]), []);
	assert.deepEqual(desk.approvals.find(makeBinding({ session: "session-2" }), [requirement]), []);
	assert.notEqual(desk.approvals.request(ask).id, pending.id);
	first.close();
	const second = openStore("sqlite:", directory);
	assert.deepEqual(openDesk({ on: second }).approvals.find(ask.binding, [requirement]), []);
	second.close();
	rmSync(directory, { recursive: true });
});

test("one grant for two that ask for the same at once", () => {
	const { approvals } = openDesk();
	const pending = approvals.request(ask);
	approvals.answer(pending.id, dana, "approve");
	const beside = approvals.request({ ...ask, binding: makeBinding({ session: "session-2" }) });
	const taken = [pending.grant(), beside.grant(), ...approvals.find(ask.binding, [requirement])];
	assert.equal(taken.filter((grant) => grant !== undefined).length, 1);
});

test("two answers at once: the first counts, the other is told so, over two processes too", () => {
	const directory = mkdtempSync(join(tmpdir(), "sallyport-race-"));
	const stores = [openStore("sqlite:", directory), openStore("sqlite:", directory)] as const;
	const [here, there] = [openDesk({ on: stores[0] }), openDesk({ on: stores[1] })];
	const { id } = here.approvals.request(ask);
	const seen = stores[1].approvals.get(id);
	assert.equal(there.approvals.answer(id, erin, "deny").state, "denied");
	assert.throws(() => here.approvals.answer(id, dana, "approve"), { code: "approval_already_answered" });
	assert.ok(seen);
	assert.equal(stores[0].approvals.replace({ ...seen, state: "granted", version: seen.version + 1 }), false);
	assert.equal(here.approvals.get(id).state, "denied");
	for (const store of stores) store.close();
	rmSync(directory, { recursive: true });
});

test("a grant that outlives its window, or its session", () => {
	const late = grantedDesk();
	late.clock.time += 15 * 60_000;
	assert.deepEqual(late.approvals.find(ask.binding, [requirement]), []);
	const { approvals } = openDesk();
	const forSession = makeRequirement({ scope: "session" });
	const pending = approvals.request({ ...ask, requirement: forSession });
	approvals.answer(pending.id, dana, "approve");
	approvals.endSession("session-1");
	assert.deepEqual(approvals.find(ask.binding, [forSession]), []);
	assert.equal(pending.grant(), undefined);
});

test("an answer after the window, though nobody noticed that it closed", () => {
	const { approvals, clock } = openDesk();
	const pending = approvals.request(ask);
	clock.time += 15 * 60_000;
	assert.throws(() => approvals.answer(pending.id, dana, "approve"), { code: "approval_expired" });
	assert.equal(pending.grant(), undefined);
});

test("a command that is shown shorter than it runs", () => {
	const { approvals } = openDesk();
	const tricks = [
		"SELECT 1 -- \r\u001b[2K\u001b[1ADELETE FROM orders",
		"SELECT 1 /*\u202e */ ;SREDRO MORF ETELED --",
		"SELECT 1;\u2028DROP TABLE orders",
		`SELECT 1${" ".repeat(10_000)};DROP TABLE orders`,
		`SELECT 1${"\n".repeat(10_000)};DROP TABLE orders`,
		`SELECT '${"x".repeat(100_000)}';DROP TABLE orders`,
	];
	for (const text of tricks) {
		const { shown, display, ...view } = approvals.request({ ...ask, binding: makeBinding({ text }) }).view();
		assert.equal(shown.text, text);
		assert.ok(display.text.length >= text.length);
		for (const hiding of ["\r", "\u001b", "\u2028", "\u202e"])
			assert.equal(display.text.includes(hiding), false);
		assert.ok(display.remarks.length > 0);
		assert.equal(view.binding, makeBinding({ text }).hash);
	}
});

test("what stands beside the command hides nothing either", () => {
	const { approvals } = openDesk();
	const hiding = "x\u202ey";
	const binding = makeBinding({
		runs: [hiding],
		role: hiding,
		reason: hiding,
		relations: [{ name: hiding, access: ["select"] }],
		parameters: [
			{ ...parameter(hiding) },
			{ type: "bytea", value: null, null: false, bytes: 70_000, sha256: "ab" },
		],
	});
	const { display } = approvals.request({ ...ask, binding }).view();
	assert.deepEqual(display, {
		text: "DELETE FROM orders",
		runs: ["x⟨U+202E⟩y"],
		remarks: display.remarks,
		parameters: ["int4: x⟨U+202E⟩y", "bytea: not shown, 70000 bytes, SHA-256 ab"],
		role: "x⟨U+202E⟩y",
		relations: ["x⟨U+202E⟩y (select)"],
		reason: "x⟨U+202E⟩y",
	});
	assert.equal(display.remarks.length, 5);
});

test("a command that is too large to be shown is refused and not cut", () => {
	const { approvals } = openDesk();
	const binding = makeBinding({ text: `SELECT '${"x".repeat(128 * 1024)}'` });
	assert.throws(() => approvals.request({ ...ask, binding }), { code: "approval_too_large" });
});
