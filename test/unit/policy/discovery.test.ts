import assert from "node:assert/strict";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import type { Config } from "../../../src/config/index.ts";
import { readDiscovered } from "../../../src/config/index.ts";
import { systemClock } from "../../../src/lib/index.ts";
import { Discovery, PolicyPlugins, PolicyRuntime } from "../../../src/policy/index.ts";
import { bundle, errorOf, quiet, revision, Surroundings, until } from "./runtimes.ts";
import { build, changed, input, sources, tarball, withManifest } from "./support.ts";

const running: { stop(): Promise<void> }[] = [];
// Before what they use goes: hooks run in the order in which they were set.
afterEach(async () => {
	for (const each of running.splice(0).reverse()) await each.stop();
});
const around = new Surroundings();

const READING = sources(
	'\ndeny contains {"rule": "d", "message": "m", "remedy": null} if data.closed[input.command.kind]\n',
);
const policy = await withManifest(await build(READING), { roots: ["sallyport"], revision: "policy-1" });
const closed = (kind: string) =>
	tarball([
		[{ name: ".manifest" }, JSON.stringify({ roots: ["closed"], revision: `closed-${kind}` })],
		[{ name: "closed/data.json" }, JSON.stringify({ [kind]: true })],
	]);
const POLLING = { min_delay_seconds: 0.05, max_delay_seconds: 0.1 };
const source = (resource: string) => ({ service: "hq", resource, polling: POLLING });
const discoveryBundle = (config: object, manifest: object = {}) =>
	tarball([
		[{ name: ".manifest" }, JSON.stringify({ roots: ["gateway"], ...manifest })],
		[{ name: "gateway/data.json" }, JSON.stringify({ config })],
	]);

/** By path, what the server has. */
const files = new Map<string, Buffer>();

async function start(boot: Partial<Config> = {}, discovery: object = {}) {
	files.clear();
	around.server.respond = (response, request) => {
		const content = files.get(request.url ?? "");
		if (content === undefined) response.writeHead(404).end();
		else response.writeHead(200).end(content);
	};
	const config = {
		services: { hq: { url: around.url, response_header_timeout_seconds: 1 } },
		bundles: {},
		keys: {},
		labels: {},
		persistence_directory: join(around.folder.path, "persisted"),
		file: join(around.folder.path, "sallyport.yaml"),
		listeners: { control: { address: "127.0.0.1:0" }, postgres: null },
		discovery: {
			...bundle({ resource: "discovery", polling: POLLING }),
			service: "hq",
			decision: "gateway/config",
			...discovery,
		},
		...boot,
	} as unknown as Config;
	const runtime = new PolicyRuntime(config, { log: quiet });
	const identity = { id: "g", version: "0" };
	const plugins = new PolicyPlugins({ config, runtime, identity, log: quiet });
	const made = new Discovery({
		config,
		read: (json) => readDiscovered(json, config),
		apply: async (sections) => {
			await runtime.reconfigure(sections);
			plugins.reconfigure(sections);
		},
		onAttempt: () => {},
		log: quiet,
		clock: systemClock,
	});
	running.push(plugins, runtime, made);
	plugins.start();
	return { runtime, plugins, discovery: made };
}

const action = (runtime: PolicyRuntime, kind: string) =>
	runtime.active?.decideCommand(input({ command: { kind } })).decision.action;

test("bundles come and go as the discovery bundle says, and the policy stays one throughout", async () => {
	const { runtime, plugins, discovery } = await start();
	files.set("/policy", policy);
	files.set("/closed", await closed("select"));
	files.set("/discovery", await discoveryBundle({ bundles: { main: source("policy") } }, { revision: "d1" }));
	await discovery.start();
	assert.equal(revision(runtime), "policy-1");
	assert.equal(discovery.status().activeRevision, "d1");
	const main = runtime.status().find(({ name }) => name === "main");
	files.set(
		"/discovery",
		await discoveryBundle({
			bundles: { main: source("policy"), closed: source("closed") },
			decision_logs: { console: true },
			status: { console: true },
		}),
	);
	await until("the data is there", () => action(runtime, "select") === "deny");
	assert.equal(plugins.wanted, true);
	assert.equal(
		runtime.status().find(({ name }) => name === "main")?.lastActivation,
		main?.lastActivation,
		"what has not changed goes on",
	);
	files.set("/discovery", await discoveryBundle({ bundles: { main: source("policy") } }));
	await until("the data is gone", () => action(runtime, "select") === "allow");
	assert.equal(plugins.wanted, false);
});

test("a policy under another name takes over only when it is there", async () => {
	const { runtime, discovery } = await start();
	files.set("/policy", policy);
	files.set("/discovery", await discoveryBundle({ bundles: { main: source("policy") } }));
	await discovery.start();
	files.set(
		"/discovery",
		await discoveryBundle({ bundles: { core: source("other"), closed: source("closed") } }),
	);
	files.set("/closed", await closed("select"));
	await until("the new ones are tried", () => errorOf(runtime, "core") === "bundle_unreachable");
	assert.equal(revision(runtime), "policy-1");
	files.set("/other", await withManifest(policy, { roots: ["sallyport"], revision: "policy-2" }));
	await until("it is there", () => revision(runtime)?.startsWith("policy-2") === true);
	assert.equal(action(runtime, "select"), "deny");
});

test("a configuration that can't be used changes nothing, and says why", async () => {
	const { runtime, discovery } = await start({ keys: {} });
	files.set("/policy", policy);
	const good = await discoveryBundle({ bundles: { main: source("policy") } });
	files.set("/discovery", good);
	await discovery.start();
	const uncompiled = await changed(good, { "gateway/x.rego": "package gateway\n\nx := 1\n" });
	const cases: readonly (readonly [Buffer, string, RegExp])[] = [
		[await discoveryBundle({ bundels: {} }), "discovery_invalid", /bundels/],
		[await discoveryBundle({ bundles: { main: { service: "nowhere" } } }), "discovery_invalid", /nowhere/],
		[await discoveryBundle({ bundles: 5 }), "discovery_invalid", /bundles/],
		[await discoveryBundle({ connections: [] }), "discovery_invalid", /connections/],
		[await discoveryBundle({ discovery: {} }), "discovery_invalid", /discovery/],
		[await discoveryBundle({ services: { hq: { url: "http://elsewhere" } } }), "discovery_invalid", /hq/],
		[
			await discoveryBundle({ keys: { k: { key: { env: "SALLYPORT_NO_SUCH" } } } }),
			"discovery_invalid",
			/SALLYPORT_NO_SUCH/,
		],
		[await tarball([[{ name: "data.json" }, "{}"]]), "discovery_invalid", /gateway\/config/],
		[uncompiled, "bundle_module", /x\.rego/],
		[Buffer.from("<html>"), "bundle_invalid", /./],
	];
	for (const [archive, code, words] of cases) {
		files.set("/discovery", archive);
		await until(`${code} ${words}`, () => {
			const { error } = discovery.status();
			return error?.code === code && words.test(error.message) && error.remedy !== "";
		});
		assert.equal(revision(runtime), "policy-1");
		files.set("/discovery", good);
		await until("it is over", () => discovery.status().error === null);
	}
});

test("what the file says stands above what is discovered", async () => {
	const { runtime, discovery } = await start({
		bundles: { main: bundle({ service: "hq", resource: "policy", polling: POLLING }) },
	});
	files.set("/policy", policy);
	files.set("/discovery", await discoveryBundle({ bundles: { main: source("another") } }));
	await runtime.start();
	await discovery.start();
	assert.equal(revision(runtime), "policy-1");
	assert.equal(discovery.status().error, null);
	assert.equal(errorOf(runtime), undefined);
});

test("a module may make the configuration", async () => {
	const rule = `package gateway\n\nconfig := {"bundles": {"main": {"resource": concat("", ["pol", "icy"])}}}\n`;
	const { runtime, discovery } = await start();
	files.set("/policy", policy);
	files.set(
		"/discovery",
		await withManifest(await build({ "gateway.rego": rule }, ["-e", "gateway/config"]), {
			roots: ["gateway"],
		}),
	);
	await discovery.start();
	assert.equal(discovery.status().error, null);
	assert.equal(revision(runtime), "policy-1");
});

test("what was persisted is used when the server is gone, and an older one is refused", async () => {
	const first = await start({}, { persist: true });
	files.set("/policy", policy);
	const sequenced = (n: number) => ({ metadata: { sallyport: { sequence: n } }, revision: `d${n}` });
	const persisting = { bundles: { main: { ...source("policy"), persist: true } } };
	files.set("/discovery", await discoveryBundle(persisting, sequenced(5)));
	await first.discovery.start();
	for (const each of running.splice(0).reverse()) await each.stop();
	const second = await start({}, { persist: true });
	await second.discovery.start();
	assert.equal(second.discovery.status().origin, "persisted");
	assert.equal(revision(second.runtime), "policy-1");
	files.set("/policy", policy);
	files.set("/discovery", await discoveryBundle(persisting, sequenced(4)));
	await until("refused", () => second.discovery.status().error?.code === "bundle_sequence");
	assert.equal(second.discovery.status().activeRevision, "d5");
});
