import assert from "node:assert/strict";
import { before, test } from "node:test";
import { DEFAULT_LIMITS } from "../../../src/policy/index.ts";
import { build, input, open, policyError, sources } from "./support.ts";

type Policy = Awaited<ReturnType<typeof open>>;

const HOSTILE = `
deny contains {"rule": "loop", "message": "x", "remedy": null} if {
	input.loop
	some i in numbers.range(1, 5000)
	some j in numbers.range(1, 5000)
	i * j == -1
}

deny contains {"rule": "recursive text", "message": "x", "remedy": null} if replace(input.grow, "", "x") == ""

deny contains {"rule": "number", "message": "x", "remedy": null} if to_number(input.number) > 3

deny contains {"rule": "largest", "message": "x", "remedy": null} if max(input.list) > 3

deny contains {"rule": "time", "message": "x", "remedy": null} if time.parse_rfc3339_ns(input.when) > 0

deny contains {"rule": "now", "message": sprintf("%d", [time.now_ns()]), "remedy": null} if {
	input.now
	time.now_ns() == time.now_ns()
}

deny contains {"rule": "regex", "message": "x", "remedy": null} if regex.replace(input.text, "(a*)*b", "") == ""

deny contains {"rule": "expand", "message": "x", "remedy": null} if count(net.cidr_expand(input.cidr)) > 0

deny contains {"rule": "pad", "message": sprintf(input.format, [1]), "remedy": null} if input.format

deny contains {"rule": "unknown field", "message": "x", "remedy": null, "more": 1} if input.extra

deny contains {"rule": "missing field", "message": "x"} if input.missing

conflict := 1 if input.conflict

conflict := 2 if input.conflict

deny contains {"rule": "conflict", "message": "x", "remedy": null} if conflict == 1

deny contains {"rule": "memory", "message": "x", "remedy": null} if {
	input.memory
	count([x | some i in numbers.range(1, 60000); x := sprintf("%065536d", [i])]) > 0
}
`;

let policy: Policy;
before(async () => {
	policy = await open(await build(sources(HOSTILE)));
});

test("a decision is the policy's, with its revision, and the same object for the same answer", () => {
	const allowed = policy.decideCommand(input());
	assert.equal(allowed.decision.action, "allow");
	assert.equal(allowed.revision, policy.revision);
	assert.ok(allowed.micros > 0);
	assert.equal(policy.decideCommand(input({ other: 1 })).decision, allowed.decision);
	assert.ok(Object.isFrozen(allowed.decision) && Object.isFrozen(allowed.decision.limits));
	const denied = policy.decideCommand(input({ command: { kind: "ddl" } }));
	assert.deepEqual(denied.decision.reasons, [{ rule: "ddl", message: "no", remedy: null }]);
	assert.equal(policy.decideSession(input()).decision.action, "allow");
	assert.equal(policy.decideAdmin(input()).decision.action, "allow");
});

test("the cost is the same each time, after failures and in a new instance", async () => {
	const text = input({ command: { kind: "ddl" }, now: true });
	const { cost } = policy.decideCommand(text);
	assert.ok(cost > 0 && cost < 50_000);
	assert.throws(() => policy.decideCommand(input({ loop: true })), policyError("policy_budget"));
	for (let i = 0; i < 50; i++) assert.equal(policy.decideCommand(text).cost, cost);
	const again = await open(await build(sources(HOSTILE)));
	assert.equal(again.decideCommand(text).cost, cost);
});

test("a budget of exactly the cost is enough, one unit less is not", async () => {
	const archive = await build(sources(HOSTILE));
	const text = input({ command: { kind: "ddl" } });
	const { cost } = policy.decideCommand(text);
	const enough = await open(archive, { ...DEFAULT_LIMITS, budget: cost });
	assert.equal(enough.decideCommand(text).cost, cost);
	const scarce = await open(archive, { ...DEFAULT_LIMITS, budget: cost - 1 });
	assert.throws(() => scarce.decideCommand(text), policyError("policy_budget"));
});

const RUNAWAYS = {
	"nested loops": { loop: true },
	"a native builtin that never ends": { grow: "abc" },
	"a costly pattern on a long text": { text: "a".repeat(200_000) },
	"an address range of the whole of IPv6": { cidr: "::/0" },
	"a width of a million, many times": { format: "%1000000d".repeat(100) },
	"text that fills the memory": { memory: true },
};
for (const [name, fields] of Object.entries(RUNAWAYS)) {
	test(`${name} ends by the budget, soon, and the next decision is made`, () => {
		const started = performance.now();
		assert.throws(() => policy.decideCommand(input(fields)), policyError("policy_budget"));
		assert.ok(performance.now() - started < 2_000);
		assert.equal(policy.decideCommand(input()).decision.action, "allow");
	});
}

test("a builtin's error is an error and not an undefined expression, native or the host's", () => {
	const native = policyError("policy_builtin", /to_number/);
	assert.throws(() => policy.decideCommand(input({ number: "many" })), native);
	const host = policyError("policy_builtin", /time\.parse_rfc3339_ns/);
	assert.throws(() => policy.decideCommand(input({ when: "garbage" })), host);
	assert.throws(() => policy.decideCommand(input({ list: 5 })), policyError("policy_builtin", /opa_agg_max/));
});

test("the largest of nothing is undefined, without an error", () => {
	assert.equal(policy.decideCommand(input({ list: [] })).decision.action, "allow");
	assert.equal(policy.decideCommand(input({ list: [9] })).decision.action, "deny");
});

test("time.now_ns is the input's time; without one it is an error", () => {
	const [reason] = policy.decideCommand(input({ now: true })).decision.reasons;
	assert.equal(reason?.message, "1700000000000000000");
	assert.throws(() => policy.decideCommand('{"now":true}'), policyError("policy_builtin", /time\.now_ns/));
});

const MALFORMED = {
	nothing: "",
	"half an object": '{"a":1',
	"a whole object and more": "{} {}",
	"a whole object and a brace": '{"a":1}}',
	"two members of whatever holds it": '{"a":1},"b":{"c":2}',
	"the end of whatever holds it": '{"a":1}}{"b":{}',
	"an array": "[1]",
	null: "null",
	"a set": "{1}",
	"a lone surrogate": `{"a":"${String.fromCharCode(0xd800)}"}`,
	"an escaped lone surrogate": '{"a":"\\ud800"}',
	"a control character": '{"a":"\u0001"}',
	"great depth": `${'{"a":'.repeat(200_000)}1${"}".repeat(200_000)}`,
};
for (const [name, text] of Object.entries(MALFORMED)) {
	test(`input that is ${name} is refused and never undefined`, () => {
		assert.throws(() => policy.decideCommand(text), policyError("policy_input_invalid"));
		assert.equal(policy.decideCommand(input()).decision.action, "allow");
	});
}

test("input beyond the limit is refused", async () => {
	const small = await open(await build(sources()), { ...DEFAULT_LIMITS, inputBytes: 4_000 });
	assert.throws(
		() => small.decideCommand(input({ a: "é".repeat(2_000) })),
		policyError("policy_input_too_large"),
	);
});

test("a decision with an unknown or a missing field is refused", () => {
	assert.throws(() => policy.decideCommand(input({ extra: true })), policyError("policy_output_invalid"));
	assert.throws(() => policy.decideCommand(input({ missing: true })), policyError("policy_output_invalid"));
});

test("rules that conflict abort the evaluation", () => {
	assert.throws(() => policy.decideCommand(input({ conflict: true })), policyError("policy_trap"));
	assert.equal(policy.decideCommand(input()).decision.action, "allow");
});

test("an undefined decision is refused when it is first seen, at activation", async () => {
	const silent = `package sallyport.admin

# METADATA
# entrypoint: true
decision := {"action": "allow", "reasons": []} if input.never
`;
	const never = { ...sources(), "admin.rego": silent };
	await assert.rejects(
		build(never).then((archive) => open(archive)),
		policyError("bundle_smoke", /is undefined/),
	);
});

test("an instance that has grown or worked enough is replaced, and answers go on", async () => {
	const archive = await build(sources());
	const tired = await open(archive, { ...DEFAULT_LIMITS, recycleEvaluations: 2, recyclePages: 4 });
	for (let i = 0; i < 20; i++) assert.equal(tired.decideCommand(input({ i })).decision.action, "allow");
	const large = input({ filler: "x".repeat(3_000_000) });
	assert.equal(tired.decideCommand(large).decision.action, "allow");
});

test("memory beyond the maximum fails that evaluation alone", async () => {
	const tight = await open(await build(sources()), { ...DEFAULT_LIMITS, maximumPages: 16 });
	assert.throws(
		() => tight.decideCommand(input({ filler: "x".repeat(2_000_000) })),
		policyError("policy_input_invalid"),
	);
	assert.equal(tight.decideCommand(input()).decision.action, "allow");
});
