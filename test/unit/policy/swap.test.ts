import assert from "node:assert/strict";
import { test } from "node:test";
import { readArchive } from "../../../src/policy/bundle/archive.ts";
import { readBundle } from "../../../src/policy/bundle/bundle.ts";
import { PolicyEngine } from "../../../src/policy/engine/engine.ts";
import { DEFAULT_LIMITS, openPolicy } from "../../../src/policy/index.ts";
import { policyThread } from "../../../src/policy/thread/policy-thread.ts";
import { build, changed, input, LIMITS, open, policyError, sources } from "./support.ts";

const SELF_TEST = ["-e", "sallyport/selftest"];
const selfTest = (rules: string) =>
	build({ ...sources(), "selftest.rego": `package sallyport.selftest\n${rules}` }, SELF_TEST);

test("a bundle that tests itself is opened when nothing failed", async () => {
	for (const rules of ["failed contains 1 if false", "passed := true", "a := true\nb := []\nc := {}"])
		await open(await selfTest(rules));
	const asked = `failed contains "ddl" if {
		data.sallyport.command.decision.action != "deny" with input as {"command": {"kind": "ddl"}}
	}`;
	await open(await selfTest(asked));
});

const FAILURES: Readonly<Record<string, readonly [rules: string, said: RegExp]>> = {
	"a failure with its message": [
		'failed contains "agents may drop"',
		/sallyport\/selftest\/failed: agents may drop/,
	],
	"a rule that is false": ["default safe := false", /sallyport\/selftest\/safe is false/],
	"a value that is no verdict": ["safe := 1", /safe is 1/],
	"one of several": ["a := true\nb := false", /b is false/],
	"a builtin's error": ["a := to_number(input.command.text)", /policy_builtin/],
};
for (const [name, [rules, said]] of Object.entries(FAILURES)) {
	test(`a bundle whose own test finds ${name} is refused`, async () => {
		await assert.rejects(open(await selfTest(rules)), policyError("bundle_selftest", said));
	});
}

test("a self-test that is undefined is a failure", async () => {
	const archive = await build({ ...sources(), "t.rego": "package sallyport\nselftest if false" }, SELF_TEST);
	await assert.rejects(open(archive), policyError("bundle_selftest", /undefined/));
});

/** About 1.5 MB, which a module takes long to parse. */
const LARGE = JSON.stringify({
	people: Object.fromEntries(
		Array.from({ length: 20_000 }, (_, i) => [
			`user${i}`,
			{ team: `t${i % 100}`, tags: ["a", `b${i % 10}`] },
		]),
	),
});
const reading = '\ndeny contains {"rule": "t", "message": data.people[input.who].team, "remedy": null}\n';

test("large data is parsed once: neither a decision nor a fresh instance does it again", async () => {
	const archive = await changed(await build(sources(reading)), { "data.json": LARGE });
	const policy = await openPolicy(readBundle(await readArchive(archive, LIMITS), undefined));
	const decide = () => policy.decideCommand(input({ who: "user19999" })).decision.reasons[0]?.message;
	assert.equal(decide(), "t99");
	const started = performance.now();
	for (let i = 0; i < 5; i++) {
		assert.throws(() => policy.decideCommand('{"who":'), policyError("policy_input_invalid"));
		assert.equal(decide(), "t99");
	}
	const milliseconds = performance.now() - started;
	assert.ok(milliseconds < 1_000, `${milliseconds} ms for 5 fresh instances`);
});

test("a policy with large data is made ready while this thread goes on", async () => {
	const archive = await changed(await build(sources(reading)), { "data.json": LARGE });
	// Its own processor time, which the kernel may count in steps of 4 ms: what other processes take of the machine
	// is not this thread's doing. `npm run bench -- policy swap` measures the pause itself.
	let longest = 0;
	let before = process.threadCpuUsage().user;
	const watching = setInterval(() => {
		const now = process.threadCpuUsage().user;
		longest = Math.max(longest, now - before);
		before = now;
	}, 2);
	const { bundle } = await policyThread.read({ archive, limits: LIMITS }, undefined);
	const ready = await policyThread.assemble(new Map([["main", bundle]]), DEFAULT_LIMITS);
	assert.ok(ready !== undefined);
	const policy = await PolicyEngine.prepare(ready, DEFAULT_LIMITS, Date.now);
	policy.decideCommand(input({ who: "user1" }));
	clearInterval(watching);
	assert.ok(longest < 9_000, `${longest} us in one turn`);
});

test("what the thread refuses is the same error with the same words", async () => {
	const archive = await changed(await build(sources()), { "data.json": "[" });
	const content = { archive, limits: LIMITS };
	await assert.rejects(policyThread.read(content, undefined), policyError("bundle_invalid", /data\.json/));
	const failing = await build(sources("\ndeny contains to_number(input.command.text)\n"));
	const { bundle } = await policyThread.read({ archive: failing, limits: LIMITS }, undefined);
	const assembling = policyThread.assemble(new Map([["main", bundle]]), DEFAULT_LIMITS);
	await assert.rejects(assembling, policyError("bundle_smoke", /to_number/));
});
