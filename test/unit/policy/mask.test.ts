import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import type { DecisionEvent } from "../../../src/policy/decision-log/event.ts";
import { mask, readMaskRules } from "../../../src/policy/decision-log/mask.ts";
import { resolveOpa } from "../../../tools/opa.mjs";
import { freePort } from "../../support/free-port.ts";
import { until } from "./runtimes.ts";
import { temporaryFolder } from "./support.ts";

const INPUT = {
	a: { b: { c: 1, d: [1, 2, { e: "x" }] }, list: [[1, 2], [3]], "odd~key": 1 },
	text: "t",
	list: [1, { p: "q" }, 3],
	nothing: null,
};

/** Sets of mask rules, as the mask decision answers them. */
const CASES: readonly (readonly unknown[])[] = [
	["/input/a/b/c"],
	["/input/a"],
	["/input"],
	["/result"],
	["/result/x"],
	["/input/missing"],
	["/input/a/missing/deeper"],
	["/input/text/deeper"],
	["/input/list/0"],
	["/input/list/1/p"],
	["/input/list/9"],
	["/input/list/-1"],
	["/input/a/b/d/2/e"],
	["/input/a/list/0/1"],
	["/input/a/list/1"],
	["/input/nothing"],
	["/input/odd~key", "/input/a/odd~key"],
	["/nd_builtin_cache"],
	[{ op: "remove", path: "/input/a/b" }],
	[{ op: "upsert", path: "/input/a/b/c", value: "masked" }],
	[{ op: "upsert", path: "/input/a/b", value: { fresh: [1] } }],
	[{ op: "upsert", path: "/input/new", value: null }],
	[{ op: "upsert", path: "/input/new/deep/er", value: 1 }],
	[{ op: "upsert", path: "/input/text/deeper", value: 1 }],
	[{ op: "upsert", path: "/input/list/1", value: "y" }],
	[{ op: "upsert", path: "/input/list/1/p", value: "y" }],
	[{ op: "upsert", path: "/input/list/7", value: "y" }],
	[{ op: "upsert", path: "/input/list/x", value: "y" }],
	[{ op: "upsert", path: "/input", value: "all" }],
	[{ op: "upsert", path: "/result", value: ["all"] }],
	[{ op: "upsert", path: "/input/missing/x" }],
	["/input/text", { op: "upsert", path: "/input/a/b/c", value: 2 }],
];

/** Real OPA as the reference: each case is a query, decided by number, and its log is what is compared. */
let stop: () => Promise<void>;
const logged: {
	decision_id: string;
	input?: unknown;
	result?: unknown;
	erased?: string[];
	masked?: string[];
	path: string;
}[] = [];
let opaUrl = "";

before(async () => {
	const folder = await temporaryFolder();
	const sink = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on("data", (chunk) => chunks.push(chunk));
		request.on("end", () => {
			logged.push(...JSON.parse(gunzipSync(Buffer.concat(chunks)).toString()));
			response.writeHead(200).end();
		});
	});
	await new Promise<void>((resolve) => sink.listen(0, "127.0.0.1", resolve));
	const port = await freePort();
	await writeFile(
		join(folder.path, "opa.json"),
		JSON.stringify({
			services: { sink: { url: `http://127.0.0.1:${(sink.address() as AddressInfo).port}` } },
			decision_logs: { service: "sink", reporting: { min_delay_seconds: 1, max_delay_seconds: 1 } },
		}),
	);
	await writeFile(
		join(folder.path, "policy.rego"),
		`package system.log\n\ncases := json.unmarshal(${JSON.stringify(JSON.stringify(CASES))})\n\nnumber := to_number(substring(split(input.path, "/")[2], 1, -1))\n\nmask contains rule if some rule in cases[number]\n`,
	);
	const answers = CASES.map((_rules, index) => `"c${index}": {"x": {"y": 1}}`).join(", ");
	await writeFile(join(folder.path, "answers.rego"), `package cases\n\nanswers := {${answers}}\n`);
	const opa = spawn(
		await resolveOpa({ quiet: true }),
		[
			"run",
			"--server",
			"--addr",
			`127.0.0.1:${port}`,
			"-c",
			"opa.json",
			"--log-level",
			"error",
			"policy.rego",
			"answers.rego",
		],
		{ cwd: folder.path, stdio: "ignore" },
	);
	opaUrl = `http://127.0.0.1:${port}`;
	stop = async () => {
		opa.kill("SIGKILL");
		sink.closeAllConnections();
		sink.close();
		await folder.remove();
	};
	for (const deadline = Date.now() + 10_000; Date.now() < deadline; )
		if ((await fetch(`${opaUrl}/health`).catch(() => null))?.ok) return;
	throw new Error("opa did not start");
});
after(() => stop());

test("masks change an event as OPA's own do", async () => {
	for (const index of CASES.keys()) {
		const answer = await fetch(`${opaUrl}/v1/data/cases/answers/c${index}`, {
			method: "POST",
			body: JSON.stringify({ input: INPUT }),
		});
		assert.equal(answer.status, 200, await answer.text());
	}
	await until("OPA has logged them", () => logged.length >= CASES.length);
	for (const [index, rules] of CASES.entries()) {
		const theirs = logged.find(({ path }) => path === `cases/answers/c${index}`);
		const event = { input: structuredClone(INPUT), result: { x: { y: 1 } } } as unknown as DecisionEvent;
		mask(event, readMaskRules(rules));
		const shown = (from: Partial<DecisionEvent> | undefined) =>
			from && { input: from.input, erased: from.erased, masked: from.masked };
		const message = JSON.stringify(rules);
		assert.deepEqual(
			JSON.parse(JSON.stringify(shown(event))),
			JSON.parse(JSON.stringify(shown(theirs))),
			message,
		);
	}
});

test("a key that OPA looks up in another spelling, and so would show, is masked here", () => {
	const event = { input: { "a b": "secret", "c/d": "secret" } } as unknown as DecisionEvent;
	mask(event, readMaskRules(["/input/a b", "/input/c%2Fd"]));
	assert.deepEqual(event.input, {});
	assert.deepEqual(event.erased, ["/input/a%20b", "/input/c%252Fd"]);
	const odd = { input: {} } as unknown as DecisionEvent;
	mask(odd, readMaskRules([{ op: "upsert", path: "/input/__proto__/x", value: 1 }]));
	assert.equal(({} as { x?: number }).x, undefined);
});
