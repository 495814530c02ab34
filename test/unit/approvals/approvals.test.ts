import assert from "node:assert/strict";
import { test } from "node:test";
import { openStore } from "../../../src/store/index.ts";
import { makeBinding, makeRequirement, openDesk } from "../../support/approvals.ts";
import { makeApprover, makePrincipal } from "../../support/people.ts";

const dana = makeApprover();
const erin = makeApprover({ subject: "erin" });
const ask = { binding: makeBinding(), requirement: makeRequirement(), command: "decision-1" };

test("a request waits, is approved by another person, and its grant is used once", async () => {
	const { approvals, events, clock } = openDesk();
	const pending = approvals.request(ask);
	assert.equal(pending.view().state, "pending");
	assert.equal(pending.view().url, `http://127.0.0.1:8080/approvals/${pending.id}`);
	assert.equal(pending.view().command, "decision-1");
	assert.equal(pending.grant(), undefined);
	const view = approvals.answer(pending.id, dana, "approve", "as agreed");
	assert.equal(view.state, "granted");
	assert.equal(await pending.settled, "granted");
	const grant = pending.grant();
	assert.deepEqual(grant, {
		id: pending.id,
		requirement: makeRequirement(),
		scope: "command",
		approved_by: [{ provider: "corp", subject: "dana", groups: ["dba"] }],
		approved_at: new Date(clock.time).toISOString(),
		expires_at: new Date(clock.time + 15 * 60_000).toISOString(),
	});
	assert.equal(pending.grant(), grant);
	assert.equal(approvals.get(pending.id).spent, true);
	assert.deepEqual(approvals.find(ask.binding, [ask.requirement]), []);
	assert.deepEqual(
		events.map(({ event, by, reason }) => [event, by?.subject, reason]),
		[
			["requested", undefined, null],
			["granted", "dana", "as agreed"],
		],
	);
});

test("a denial settles the request, and is final", async () => {
	const { approvals } = openDesk();
	const pending = approvals.request(ask);
	approvals.answer(pending.id, dana, "deny", "not today");
	assert.equal(await pending.settled, "denied");
	assert.equal(pending.grant(), undefined);
	assert.throws(() => approvals.answer(pending.id, erin, "approve"), { code: "approval_already_answered" });
	assert.deepEqual(approvals.find(ask.binding, [ask.requirement]), []);
});

test("two of three: the first approval is not enough, the second is", async () => {
	const { approvals, events } = openDesk();
	const pending = approvals.request({ ...ask, requirement: makeRequirement({ min: 2 }) });
	assert.equal(approvals.answer(pending.id, dana, "approve").missing, 1);
	assert.throws(() => approvals.answer(pending.id, dana, "approve"), {
		code: "approval_already_answered_by_you",
	});
	assert.equal(pending.grant(), undefined);
	assert.equal(approvals.answer(pending.id, erin, "approve").missing, 0);
	assert.equal(await pending.settled, "granted");
	assert.deepEqual(
		pending.grant()?.approved_by.map(({ subject }) => subject),
		["dana", "erin"],
	);
	assert.deepEqual(
		events.map(({ event }) => event),
		["requested", "approved", "granted"],
	);
});

test("one denial ends it, whoever approved before", async () => {
	const { approvals } = openDesk();
	const pending = approvals.request({ ...ask, requirement: makeRequirement({ min: 2 }) });
	approvals.answer(pending.id, dana, "approve");
	assert.equal(approvals.answer(pending.id, erin, "deny").state, "denied");
});

test("a retry of the same command spends the grant that came meanwhile, after a restart and from a new session", () => {
	const store = openStore("sqlite::memory:", "");
	const before = openDesk({ on: store });
	const pending = before.approvals.request(ask);
	pending.leave();
	before.approvals.answer(pending.id, dana, "approve");
	const after = openDesk({ on: store });
	const retry = makeBinding({ session: "session-2" });
	assert.deepEqual(after.approvals.find(makeBinding({ text: "DELETE FROM orders " }), [ask.requirement]), []);
	assert.equal(after.approvals.find(retry, [ask.requirement])[0]?.id, pending.id);
	assert.deepEqual(after.approvals.find(retry, [ask.requirement]), []);
});

test("a retry before the answer takes up the request that was left, and no second one", async () => {
	const { approvals } = openDesk();
	const first = approvals.request(ask);
	const beside = approvals.request(ask);
	assert.notEqual(beside.id, first.id);
	first.leave();
	const again = approvals.request({ ...ask, binding: makeBinding({ session: "session-2" }) });
	assert.equal(again.id, first.id);
	approvals.answer(first.id, dana, "approve");
	assert.equal(await again.settled, "granted");
	assert.equal(again.grant()?.id, first.id);
});

test("grants are spent all or none", async () => {
	const { approvals } = openDesk();
	const [one, two] = [makeRequirement({ rule: "one" }), makeRequirement({ rule: "two" })];
	const first = approvals.request({ ...ask, requirement: one });
	approvals.answer(first.id, dana, "approve");
	assert.deepEqual(approvals.find(ask.binding, [one, two]), []);
	const held = approvals.request({ ...ask, requirement: one });
	assert.equal(held.id, first.id);
	assert.equal(await held.settled, "granted");
	const second = approvals.request({ ...ask, requirement: two });
	approvals.answer(second.id, dana, "approve");
	assert.deepEqual(
		approvals.find(ask.binding, [one, two]).map(({ id }) => id),
		[first.id, second.id],
	);
	assert.deepEqual(approvals.find(ask.binding, [one]), []);
});

test("a grant of scope session holds for the session, within what was shown", () => {
	const { approvals, clock } = openDesk();
	const requirement = makeRequirement({ scope: "session" });
	const pending = approvals.request({ ...ask, requirement });
	approvals.answer(pending.id, dana, "approve");
	const found = (given = {}) =>
		approvals.find(makeBinding({ text: "DELETE FROM orders WHERE id = 1", ...given }), [requirement]).length;
	assert.equal(found(), 1);
	assert.equal(found(), 1);
	assert.equal(found({ effects: [] }), 1);
	assert.equal(found({ session: "session-2" }), 0);
	assert.equal(found({ effects: ["write", "schema"] }), 0);
	assert.equal(found({ relations: [{ name: "public.customers", access: ["delete"] }] }), 0);
	assert.equal(found({ relations: [{ name: "public.orders", access: ["delete", "update"] }] }), 0);
	assert.equal(found({ role: "owner" }), 0);
	assert.equal(found({ principal: makePrincipal({ subject: "agent-8" }) }), 0);
	assert.equal(approvals.find(ask.binding, [makeRequirement({ scope: "session", rule: "other" })]).length, 0);
	clock.time += 15 * 60_000;
	assert.equal(found(), 0);
});

test("the client's cancel withdraws the request", async () => {
	const { approvals, events } = openDesk();
	const pending = approvals.request(ask);
	pending.withdraw();
	assert.equal(await pending.settled, "withdrawn");
	assert.throws(() => approvals.answer(pending.id, dana, "approve"), { code: "approval_withdrawn" });
	assert.deepEqual(
		events.map(({ event }) => event),
		["requested", "withdrawn"],
	);
	pending.withdraw();
	assert.equal(events.length, 2);
});

test("a request expires by itself, and whoever waits is told", async () => {
	const { approvals, events } = openDesk({ clock: { now: () => Date.now() } });
	const pending = approvals.request({ ...ask, requirement: makeRequirement({ expires: "100ms" }) });
	const longer = approvals.request({ ...ask, requirement: makeRequirement({ expires: "200ms" }) });
	const keepAlive = setInterval(() => {}, 1_000); // the room's own timer lets a process end
	assert.equal(await pending.settled, "expired");
	assert.equal(longer.view().state, "pending");
	assert.equal(await longer.settled, "expired");
	assert.deepEqual(
		events.slice(2).map(({ event }) => event),
		["expired", "expired"],
	);
	assert.throws(() => approvals.answer(pending.id, dana, "approve"), { code: "approval_expired" });
	clearInterval(keepAlive);
	approvals.close();
});

test("the end of a session withdraws what it waits for and ends the grants that held for it", async () => {
	const { approvals } = openDesk();
	const requirement = makeRequirement({ scope: "session" });
	const granted = approvals.request({ ...ask, requirement });
	approvals.answer(granted.id, dana, "approve");
	const waiting = approvals.request(ask);
	const left = approvals.request({ ...ask, binding: makeBinding({ text: "another" }) });
	left.leave();
	approvals.endSession("session-1");
	assert.equal(await waiting.settled, "withdrawn");
	assert.deepEqual(approvals.find(ask.binding, [requirement]), []);
	assert.equal(left.view().state, "pending");
});

test("requests for a session that an earlier process had are withdrawn at the start", () => {
	const store = openStore("sqlite::memory:", "");
	const before = openDesk({ on: store });
	const { id } = before.approvals.request({ ...ask, requirement: makeRequirement({ scope: "session" }) });
	assert.equal(openDesk({ on: store }).approvals.get(id).state, "withdrawn");
});

test("a requirement that nobody could meet is refused when it is asked for", () => {
	const { approvals } = openDesk();
	const wrong = [
		{ approvers: [] },
		{ approvers: ["dba"] },
		{ approvers: ["group:dba"] },
		{ approvers: ["group:corp/"] },
		{ approvers: ["everybody:corp/dba"] },
		{ min: 0 },
		{ min: 1.5 },
		{ min: 2, approvers: ["user:corp/dana", "user:corp/dana"] },
		{ expires: "" },
		{ expires: "soon" },
		{ expires: "0s" },
		{ expires: "8d" },
	];
	for (const given of wrong) {
		assert.throws(() => approvals.request({ ...ask, requirement: makeRequirement(given) }), {
			code: "approval_requirement_invalid",
		});
	}
});

test("pending requests are bounded: of a session, of a principal, and at all", () => {
	const { approvals } = openDesk({ limits: { session: 2, principal: 3, overall: 4 } });
	const tooMany = { code: "approval_too_many_pending" };
	const request = (given: object) => approvals.request({ ...ask, binding: makeBinding(given) });
	request({ text: "1" });
	const second = request({ text: "2" });
	assert.throws(() => request({ text: "3" }), tooMany);
	request({ text: "3", session: "session-2" });
	assert.throws(() => request({ text: "4", session: "session-3" }), tooMany);
	const other = makePrincipal({ subject: "agent-8" });
	request({ text: "4", session: "session-3", principal: other });
	assert.throws(() => request({ text: "5", session: "session-4", principal: other }), tooMany);
	second.withdraw();
	request({ text: "5", session: "session-4", principal: other });
});

test("what can't be recorded does not count", async () => {
	let full = true;
	const { approvals, store } = openDesk({
		onEvent: () => {
			if (full) throw new Error("the disk is full");
		},
	});
	assert.throws(() => approvals.request(ask), /the disk is full/);
	assert.deepEqual(store.approvals.list({ limit: 10 }), []);
	full = false;
	const pending = approvals.request(ask);
	full = true;
	assert.throws(() => approvals.answer(pending.id, dana, "approve"), /the disk is full/);
	assert.equal(pending.view().state, "pending");
	assert.equal(pending.grant(), undefined);
	pending.withdraw();
	assert.equal(await pending.settled, "withdrawn");
});

test("requests are listed, the newest first, and old ones are forgotten", () => {
	const store = openStore("sqlite::memory:", "");
	const { approvals, clock } = openDesk({ on: store });
	const first = approvals.request(ask);
	clock.time += 1;
	const second = approvals.request({ ...ask, binding: makeBinding({ text: "another" }) });
	assert.deepEqual(
		approvals.list().map(({ id }) => id),
		[second.id, first.id],
	);
	first.withdraw();
	assert.deepEqual(
		approvals.list("pending").map(({ id }) => id),
		[second.id],
	);
	const statesAfterDays = (days: number) => {
		const now = clock.time + days * 86_400_000;
		return openDesk({ on: store, clock: { now: () => now } })
			.approvals.list()
			.map(({ state }) => state);
	};
	assert.deepEqual(statesAfterDays(29), ["expired", "withdrawn"]);
	assert.deepEqual(statesAfterDays(31), []);
	assert.throws(() => approvals.get("nothing"), { code: "approval_unknown" });
});
