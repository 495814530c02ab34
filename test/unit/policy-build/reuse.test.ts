/** An answer is given again only where nothing that a rule reads can have changed. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { analysedSelect } from "../../../bench/postgres/sample.ts";
import type { AnalysedCommand } from "../../../src/commands/index.ts";
import { Answers } from "../../../src/gate/answers.ts";
import { buildBundle } from "../../../src/policy/build/index.ts";
import { openPolicy, type PolicyEngine, readUnverified } from "../../../src/policy/index.ts";
import { directoryOf } from "./support.ts";

const MONDAY_TEN = Date.parse("2026-01-05T10:00:00Z");
const HOUR = 3_600_000;

/** What each policy reads; `never` answers twice without asking, the others only as long as what they read stays. */
const CONDITIONS = {
	"time.now_ns": "time.now_ns() > 0",
	"the second": "input.time.unix > 0",
	"the hour": "input.time.hour == 11",
	parameters: 'input.command.parameters[_].value == "7"',
	"the client's address": 'input.session.client_address == "10.0.0.1"',
	"the text": 'contains(input.command.text, "WHERE aid = 7")',
	data: "data.own.closed",
} as const;

async function policyOn(condition: string): Promise<PolicyEngine> {
	const directory = await directoryOf(
		{ after },
		{
			"rules.rego": `package sallyport.command\n\ndeny contains {"rule": "own"} if ${condition}\n`,
			"data.json": JSON.stringify({ own: { closed: false } }),
		},
	);
	const { archive } = await buildBundle({ dirs: [directory], sequence: 1 });
	return openPolicy(await readUnverified(archive));
}

const policies = new Map(
	await Promise.all(
		Object.entries(CONDITIONS).map(async ([name, condition]) => [name, await policyOn(condition)] as const),
	),
);
const policy = (name: keyof typeof CONDITIONS): PolicyEngine => {
	const found = policies.get(name);
	assert.ok(found !== undefined);
	return found;
};

/** Whether an answer that was kept for the first is found for the second. */
function isReused(
	first: { policy: PolicyEngine; head?: string; now?: number; command?: AnalysedCommand },
	second: { policy?: PolicyEngine; head?: string; now?: number; command?: AnalysedCommand },
): boolean {
	const answers = new Answers();
	const before = { head: "a", now: MONDAY_TEN, command: analysedSelect(1), ...first };
	const after = { ...before, ...second };
	const evaluation = {
		decision: {} as never,
		revision: "r",
		cost: 1,
		micros: 1,
		readTime: false,
	};
	assert.equal(answers.find(before.policy, before.head, before.now, before.command), undefined);
	answers.keep(before.policy, before.command, evaluation);
	return answers.find(after.policy, after.head, after.now, after.command) !== undefined;
}

for (const name of ["time.now_ns", "the second", "parameters"] as const) {
	test(`a policy on ${name} is asked each time`, () => {
		assert.equal(policy(name).reuse, null);
		assert.equal(isReused({ policy: policy(name) }, {}), false);
	});
}

test("a policy on the hour and the day is asked again when either is another", () => {
	const byHour = policy("the hour");
	assert.equal(isReused({ policy: byHour }, { now: MONDAY_TEN + HOUR - 1 }), true);
	assert.equal(isReused({ policy: byHour }, { now: MONDAY_TEN + HOUR }), false);
	const nextDay = { now: MONDAY_TEN + 24 * HOUR };
	assert.equal(isReused({ policy: byHour }, nextDay), false, "the library's change window reads the day");
});

test("a policy on who asks from where is asked again when anything of that is another", () => {
	const byAddress = policy("the client's address");
	assert.equal(isReused({ policy: byAddress }, {}), true);
	assert.equal(isReused({ policy: byAddress }, { head: "another address" }), false);
});

test("a policy on the text is asked again about another text that means the same; others are not", () => {
	const [one, other] = [analysedSelect(6), analysedSelect(7)];
	assert.equal(one.statements, other.statements, "they differ in a constant");
	assert.equal(isReused({ policy: policy("the text"), command: one }, { command: other }), false);
	assert.equal(isReused({ policy: policy("the hour"), command: one }, { command: other }), true);
});

test("new data is a new policy, whose answers are its own", async () => {
	const before = policy("data");
	assert.equal(isReused({ policy: before }, {}), true);
	assert.equal(isReused({ policy: before }, { policy: await policyOn(CONDITIONS.data) }), false);
});
