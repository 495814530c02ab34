import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import type { Log } from "../../../src/lib/index.ts";
import type { DecisionLogsConfig } from "../../../src/policy/decision-log/config.ts";
import { DecisionLogCounters } from "../../../src/policy/decision-log/counters.ts";
import { DecisionLog } from "../../../src/policy/decision-log/decision-log.ts";
import type { DecisionFacts } from "../../../src/policy/decision-log/event.ts";
import type { ActivePolicy } from "../../../src/policy/index.ts";
import { ServiceClient } from "../../../src/policy/services/client.ts";
import { ReportServer } from "../../support/report-server.ts";
import { quiet, until } from "./runtimes.ts";
import { build, open, sources } from "./support.ts";

const server = new ReportServer();
let url = "";
before(async () => {
	url = await server.start();
});
after(() => server.stop());
const started: DecisionLog[] = [];
afterEach(async () => {
	server.status = 200;
	await Promise.all(started.splice(0).map((log) => log.stop()));
});
beforeEach(() => {
	server.posted.length = 0;
	server.status = 200;
});

const MASKS = `package system.log

mask contains "/input/password"

mask contains {"op": "upsert", "path": "/input/card", "value": "****"}

drop if input.input.kind == "noise"
`;
const plain = await open(await build(sources()));
const masking = await open(
	await build({ ...sources(), "log.rego": MASKS }, ["-e", "system/log/mask", "-e", "system/log/drop"]),
);

type Change = Partial<Omit<DecisionLogsConfig, "reporting">> & {
	readonly reporting?: Partial<DecisionLogsConfig["reporting"]>;
};

function config({ reporting, ...fields }: Change = {}): DecisionLogsConfig {
	return {
		service: "hq",
		resource: "/logs",
		console: false,
		mask_decision: "/system/log/mask",
		drop_decision: "/system/log/drop",
		nd_builtin_cache: false,
		...fields,
		reporting: {
			buffer_type: "size",
			upload_size_limit_bytes: 32_768,
			min_delay_seconds: 600,
			max_delay_seconds: 600,
			trigger: "manual",
			...reporting,
		},
	};
}

function start(change: Change = {}, policy: ActivePolicy | null = plain, log: Log = quiet) {
	const rounds: (string | null)[] = [];
	const decisionLog = new DecisionLog({
		config: config(change),
		client: new ServiceClient({ url, response_header_timeout_seconds: 2 }, {}),
		policy: { active: policy ?? undefined },
		labels: { id: "gateway-1", version: "0", env: "test" },
		counters: new DecisionLogCounters(),
		log,
		onRound: (error) => rounds.push(error?.code ?? null),
	});
	decisionLog.start();
	started.push(decisionLog);
	return Object.assign(decisionLog, { rounds });
}

let number = 0;
function facts(input: object = {}, change: Partial<DecisionFacts> = {}): DecisionFacts {
	number++;
	return {
		id: `decision-${number}`,
		path: "sallyport/command/decision",
		input: () => input,
		result: { action: "allow" },
		bundles: { main: { revision: "r1" } },
		requestedBy: "10.0.0.7",
		decidedAt: 1_700_000_000_123,
		micros: 12.5,
		cost: 7,
		readTime: true,
		...change,
	};
}

test("an event has OPA's form, and comes as a gzipped array", async () => {
	const log = start({ nd_builtin_cache: true, partition_name: "eu" });
	log.take(facts({ a: 1 }, { id: "one" }));
	log.take(
		facts({}, { id: "two", result: undefined, error: { code: "policy_budget", message: "too much" } }),
	);
	await log.trigger();
	const [chunk] = server.posted;
	assert.deepEqual([chunk?.url, chunk?.type, chunk?.encoding], ["/logs/eu", "application/json", "gzip"]);
	assert.deepEqual(chunk?.body[0], {
		labels: { id: "gateway-1", version: "0", env: "test" },
		decision_id: "one",
		bundles: { main: { revision: "r1" } },
		path: "sallyport/command/decision",
		input: { a: 1 },
		result: { action: "allow" },
		nd_builtin_cache: { "time.now_ns": { "[]": 1_700_000_000_123_000_000 } },
		requested_by: "10.0.0.7",
		timestamp: "2023-11-14T22:13:20.123Z",
		metrics: { timer_rego_query_eval_ns: 12_500, counter_sallyport_cost_units: 7 },
		req_id: 1,
	});
	assert.equal(chunk?.body[1].result, undefined);
	assert.deepEqual(chunk?.body[1].error, { code: "policy_budget", message: "too much" });
	assert.deepEqual(log.rounds, [null]);
});

test("what the bundle's rules erase, replace or leave out never leaves, and what is shared stays as it was", async () => {
	const log = start({}, masking);
	const result = { action: "deny" };
	log.take(facts({ password: "hunter2", card: "4111", other: 1 }, { result }));
	log.take(facts({ kind: "noise", password: "hunter2" }));
	await log.trigger();
	assert.equal(JSON.stringify(server.posted).includes("hunter2"), false);
	const [event, more] = server.events;
	assert.equal(more, undefined);
	assert.deepEqual(event.input, { card: "****", other: 1 });
	assert.deepEqual(event.erased, ["/input/password"]);
	assert.deepEqual(event.masked, ["/input/card"]);
	assert.equal(log.counters.leftOut, 1);
	assert.deepEqual(result, { action: "deny" });
});

test("where a mask can't be applied nothing is shown, and it is counted and told once", async () => {
	const broken = [
		"mask := 5 if input.path",
		"mask contains 5",
		'mask contains "/labels/env"',
		'mask contains "input/x"',
		'mask contains {"op": "nothing", "path": "/input/x"}',
		'mask contains {"path": "/input/x"}',
		'mask contains "/input/%zz"',
		'mask contains "/input/x" if time.parse_rfc3339_ns(input.decision_id) > 0',
		'mask contains "/input/x" if { some i in numbers.range(1, 5000); some j in numbers.range(1, 5000); i * j == -1 }',
	];
	for (const rule of broken) {
		const policy = await open(
			await build({ ...sources(), "log.rego": `package system.log\n\n${rule}\n` }, ["-e", "system/log/mask"]),
		);
		const told: string[] = [];
		const log = start({}, policy, { ...quiet, error: (_fields, message) => told.push(message) });
		log.take(facts({ x: "secret" }));
		log.take(facts({ x: "secret" }));
		await log.trigger();
		assert.equal(log.counters.dropped.mask_failure, 2, rule);
		assert.equal(told.length, 1, rule);
		assert.equal(log.rounds[0], "decision_log_mask");
	}
	const other = start({ mask_decision: "/system/log/mine" }, masking);
	other.take(facts({ x: "secret" }));
	await other.trigger();
	assert.equal(other.counters.dropped.mask_failure, 1, "a mask that is named must be there");
	const without = start({}, null);
	without.take(facts({ x: "secret" }));
	await without.trigger();
	assert.equal(server.posted.length, 1);
	assert.equal(
		JSON.stringify(server.posted).includes("secret"),
		false,
		"without a policy nobody says what to mask",
	);
});

test("chunks stay within the upload limit, and every event arrives once", async () => {
	const log = start({ reporting: { upload_size_limit_bytes: 4_000 } });
	const ids = Array.from({ length: 600 }, () => {
		const one = facts({ noise: Buffer.from(crypto.getRandomValues(new Uint8Array(60))).toString("base64") });
		log.take(one);
		return one.id;
	});
	await log.trigger();
	assert.deepEqual(
		server.events.map((event) => event.decision_id),
		ids,
	);
	assert.ok(server.posted.length > 10);
	for (const { bytes } of server.posted) assert.ok(bytes <= 4_000, String(bytes));
	assert.ok(
		server.posted.slice(3, -1).some(({ bytes }) => bytes > 2_000),
		"chunks fill up",
	);
	assert.deepEqual(Object.values(log.counters.dropped), [0, 0, 0, 0, 0]);
	assert.equal(log.counters.uploadedEvents, 600);
});

test("an event that is too large goes without its cache of builtins, or is dropped and counted", async () => {
	const random = (bytes: number) =>
		Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString("base64");
	const log = start({ reporting: { upload_size_limit_bytes: 1_000 } });
	log.take(facts({ large: random(2_000) }));
	log.take(facts({ small: 1 }));
	await log.trigger();
	assert.equal(log.counters.dropped.encoding_failure, 1);
	assert.deepEqual(
		server.events.map(({ input }) => input),
		[{ small: 1 }],
	);
});

test("what a service does not take stays, in order, and is sent when it does", async () => {
	const log = start();
	server.status = 503;
	const ids = [1, 2, 3].map(() => {
		const one = facts();
		log.take(one);
		return one.id;
	});
	await log.trigger();
	assert.deepEqual(log.rounds, ["decision_log_upload"]);
	assert.equal(log.waiting, 3);
	const later = facts();
	log.take(later);
	server.status = 200;
	await log.trigger();
	assert.deepEqual(
		server.events.map((event) => event.decision_id),
		[...ids, later.id],
	);
	assert.equal(log.counters.failedUploads, 1);
	assert.equal(log.waiting, 0);
});

test("buffers are bounded: the oldest go, and each that goes is counted", async () => {
	server.status = 500;
	const events = start({ reporting: { buffer_type: "event", buffer_size_limit_events: 10 } });
	for (let n = 0; n < 25; n++) events.take(facts({ n }));
	await events.trigger();
	assert.equal(events.counters.dropped.buffer_size_limit_exceeded, 15);
	server.status = 200;
	await events.trigger();
	assert.deepEqual(
		server.events.map(({ input }) => input.n),
		[15, 16, 17, 18, 19, 20, 21, 22, 23, 24],
	);
	server.posted.length = 0;
	server.status = 500;
	const bytes = start({ reporting: { buffer_size_limit_bytes: 5_000, upload_size_limit_bytes: 2_000 } });
	const total = 400;
	for (let n = 0; n < total; n++)
		bytes.take(facts({ n, noise: Buffer.from(crypto.getRandomValues(new Uint8Array(30))).toString("hex") }));
	await bytes.trigger();
	const dropped = bytes.counters.dropped.buffer_size_limit_exceeded;
	assert.ok(dropped > 0);
	server.status = 200;
	await bytes.trigger();
	assert.equal(server.events.length, total - dropped);
	assert.equal(server.events.at(-1).input.n, total - 1);
});

test("more decisions a second than configured are dropped, and counted", async () => {
	const log = start({ reporting: { max_decisions_per_second: 5 } });
	for (let n = 0; n < 50; n++) log.take(facts());
	await log.trigger();
	assert.equal(server.events.length + log.counters.dropped.rate_limit_exceeded, 50);
	assert.ok(server.events.length >= 5 && server.events.length <= 8, String(server.events.length));
});

test("immediate chunks go as soon as they are full; periodic ones after their delay", async () => {
	const immediate = start({ reporting: { trigger: "immediate", upload_size_limit_bytes: 2_000 } });
	for (let n = 0; n < 500; n++)
		immediate.take(facts({ noise: Buffer.from(crypto.getRandomValues(new Uint8Array(30))).toString("hex") }));
	await until("a full chunk is there", () => server.posted.length > 0);
	await immediate.stop();
	assert.equal(server.events.length, 500);
	server.posted.length = 0;
	const periodic = start({
		reporting: { trigger: "periodic", min_delay_seconds: 0.05, max_delay_seconds: 0.1 },
	});
	periodic.take(facts());
	await until("it is sent", () => server.posted.length === 1);
	server.status = 503;
	periodic.take(facts());
	await until("it is tried again and again", () => periodic.counters.failedUploads >= 2);
	server.status = 200;
	await until("it is sent", () => server.posted.length === 2);
	await periodic.stop();
});

test("at the end what is left is sent, and what can't be is counted", async () => {
	const log = start();
	log.take(facts());
	await log.stop();
	assert.equal(server.events.length, 1);
	const lost = start();
	server.status = 500;
	lost.take(facts());
	await lost.stop();
	assert.equal(lost.counters.dropped.stopped, 1);
});

test("handing a decision over never waits, and what nobody gets to is bounded", () => {
	const log = start();
	const before = performance.now();
	for (let n = 0; n < 20_000; n++) log.take(facts());
	const each = (performance.now() - before) / 20_000;
	assert.ok(each < 0.05, `${each} ms`);
	assert.equal(log.waiting, 10_000);
	assert.equal(log.counters.dropped.buffer_size_limit_exceeded, 10_000);
});
