import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import type { Log } from "../../../src/lib/index.ts";
import { PolicyPlugins, type PolicyRuntime } from "../../../src/policy/index.ts";
import type { StatusConfig } from "../../../src/policy/status/config.ts";
import { ReportServer } from "../../support/report-server.ts";
import { quiet, revision, Surroundings, until } from "./runtimes.ts";
import { build, policyError, sources, withManifest } from "./support.ts";

const around = new Surroundings();
const reports = new ReportServer();
let url = "";
before(async () => {
	url = await reports.start();
});
after(() => reports.stop());
beforeEach(() => {
	reports.posted.length = 0;
	reports.status = 200;
});
const running: PolicyPlugins[] = [];
afterEach(async () => {
	await Promise.all(running.splice(0).map((plugins) => plugins.stop()));
});

const manifest = { roots: ["sallyport"], metadata: { sallyport: { sequence: 3 } } };
const first = await withManifest(await build(sources()), { ...manifest, revision: "first" });

function plugins(runtime: PolicyRuntime, status: Partial<StatusConfig>, log: Log = quiet): PolicyPlugins {
	const made = new PolicyPlugins({
		config: {
			services: { hq: { url, response_header_timeout_seconds: 2 } },
			bundles: {},
			keys: {},
			labels: { region: "eu" },
			persistence_directory: "",
			status: { service: "hq", console: false, prometheus: false, trigger: "periodic", ...status },
		},
		runtime,
		identity: { id: "gateway-1", version: "0.1.0" },
		log,
	});
	made.start();
	running.push(made);
	return made;
}

const last = () => reports.posted.at(-1)?.body;

test("a report has OPA's form and comes whenever something changes", async () => {
	around.server.archive = first;
	const runtime = await around.start({ main: { service: "hq" } });
	plugins(runtime, { partition_name: "blue" });
	await until("a report", () => last()?.plugins.bundle.state === "OK");
	assert.equal(reports.posted.at(-1)?.url, "/status/blue");
	assert.equal(reports.posted.at(-1)?.type, "application/json");
	const { bundles, ...rest } = last();
	assert.deepEqual(rest, {
		labels: { id: "gateway-1", version: "0.1.0", region: "eu" },
		plugins: { bundle: { state: "OK" }, status: { state: "OK" } },
	});
	const { main } = bundles;
	assert.equal(main.name, "main");
	assert.equal(main.active_revision, "first");
	assert.equal(main.type, "snapshot");
	assert.equal(main.size, first.length);
	for (const field of ["activation", "download", "request"])
		assert.ok(Date.parse(main[`last_successful_${field}`]) > 1.7e12, field);
	assert.ok(Date.parse(main.last_request) > 1.7e12);
	assert.equal(main.code, undefined);

	around.server.respond = (response) => response.writeHead(404).end();
	await until("the failure", () => last()?.bundles.main.code === "bundle_error");
	const failed = last().bundles.main;
	assert.equal(failed.http_code, 404);
	assert.equal(failed.errors[0].code, "bundle_unreachable");
	assert.ok(failed.errors[0].remedy.length > 0);
	assert.equal(failed.active_revision, "first");
	assert.equal(last().plugins.bundle.state, "NOT_READY");
	assert.equal(revision(runtime), "first");
});

test("a bundle that never was in force has Go's time of never", async () => {
	const runtime = await around.start({ main: { service: "hq" } });
	plugins(runtime, {});
	await until("a report", () => last()?.bundles.main.code === "bundle_error");
	assert.equal(last().bundles.main.last_successful_activation, "0001-01-01T00:00:00Z");
	assert.equal(reports.posted.at(-1)?.url, "/status");
});

test("while the service can't be reached nothing waits, and the newest report comes when it can", async () => {
	around.server.archive = first;
	reports.status = 503;
	const told: string[] = [];
	const runtime = await around.start({ main: { service: "hq" } });
	plugins(runtime, {}, { ...quiet, error: (fields) => told.push((fields as { code: string }).code) });
	await until("it is told", () => told.length > 0);
	const second = await withManifest(first, { ...manifest, revision: "second" });
	around.server.archive = second;
	await until("the policy goes on", () => revision(runtime) === "second");
	assert.equal(reports.posted.length, 0);
	reports.status = 200;
	await until("the newest report", () => last()?.bundles.main.active_revision === "second");
	assert.deepEqual([...new Set(told)], ["status_upload"]);
});

test("with a manual trigger reports come when somebody says so", async () => {
	around.server.archive = first;
	const runtime = await around.start({ main: { service: "hq" } });
	const made = plugins(runtime, { trigger: "manual" });
	await runtime.trigger();
	assert.equal(reports.posted.length, 0);
	assert.equal(await made.trigger("status"), true);
	assert.equal(reports.posted.length, 1);
	assert.equal(await made.trigger("decision_logs"), false);
});

test("reports may go to the log alone, and a service that isn't there is refused", async () => {
	around.server.archive = first;
	const runtime = await around.start({ main: { service: "hq" } });
	const lines: object[] = [];
	const { service: _, ...alone } = { service: "", console: true };
	const made = new PolicyPlugins({
		config: {
			services: {},
			bundles: {},
			keys: {},
			labels: {},
			persistence_directory: "",
			status: { prometheus: false, trigger: "periodic", ...alone },
		},
		runtime,
		identity: { id: "g", version: "0" },
		log: { ...quiet, info: (fields) => lines.push(fields) },
	});
	made.start();
	running.push(made);
	await until("a line", () => lines.length > 0);
	assert.equal((lines[0] as { type?: string }).type, "openpolicyagent.org/status");
	assert.throws(() => plugins(runtime, { service: "nowhere" }), policyError("bundle_config", /nowhere/));
});
