import assert from "node:assert/strict";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Secret } from "../../../src/lib/index.ts";
import { readArchive } from "../../../src/policy/bundle/archive.ts";
import { PolicyRuntime } from "../../../src/policy/index.ts";
import type { BundleServer } from "./bundle-server.ts";
import { type BundleConfig, bundle, errorOf, quiet, revision, Surroundings, until } from "./runtimes.ts";
import { build, changed, input, LIMITS, policyError, sources, tarball, withManifest } from "./support.ts";

const base = await build(sources());
const ROOTS = { roots: ["sallyport"] };
const first = await withManifest(base, { ...ROOTS, revision: "first" });
const second = await withManifest(base, { ...ROOTS, revision: "second" });
const looping = await build(
	sources(`
deny contains {"rule": "l", "message": "m", "remedy": null} if {
	some i in numbers.range(1, 3000)
	some j in numbers.range(1, 3000)
	i * j == -1
}
`),
);
const failing = await build(
	sources(
		'\ndeny contains {"rule": "f", "message": "m", "remedy": null} if time.parse_rfc3339_ns(input.command.text) > 0\n',
	),
);

const around = new Surroundings();
const start: Surroundings["start"] = (...args) => around.start(...args);

test("without a bundle there is no policy, and the status says why", async () => {
	const runtime = await start({ main: { resource: `file://${around.folder.path}/none.tar.gz` } });
	assert.equal(runtime.active, undefined);
	assert.equal(errorOf(runtime), "bundle_unreachable");
	const none = await start({});
	assert.equal(none.active, undefined);
});

test("a tarball that changes on disk is taken up at once, a broken one leaves the old in force", async () => {
	const file = join(around.folder.path, "bundle.tar.gz");
	await writeFile(file, first);
	const runtime = await start({ main: { resource: `file://${file}` } });
	const activated: string[] = [];
	const off = runtime.onActivated((policy) => activated.push(policy.revision));
	assert.equal(revision(runtime), "first");
	const held = runtime.active;
	await writeFile(file, second);
	await until("second is active", () => revision(runtime) === "second");
	assert.equal(held?.decideCommand(input()).revision, "first");
	await writeFile(file, first.subarray(0, 20_000));
	await until("an error is told", () => errorOf(runtime) === "bundle_truncated");
	assert.equal(revision(runtime), "second");
	assert.equal(runtime.active?.decideCommand(input()).revision, "second");
	await writeFile(file, first);
	await until("first is active again", () => revision(runtime) === "first" && errorOf(runtime) === undefined);
	off();
	await rm(file);
	await until("the file is gone", () => errorOf(runtime) === "bundle_unreachable");
	assert.equal(revision(runtime), "first");
	assert.deepEqual(activated, ["second", "first"]);
});

test("a directory is read as a bundle, and its changes are seen", async () => {
	const directory = join(around.folder.path, "unpacked");
	const unpack = async (archive: Buffer) => {
		for (const [path, content] of await readArchive(archive, LIMITS)) {
			await mkdir(join(directory, path, ".."), { recursive: true });
			await writeFile(join(directory, path), content);
		}
	};
	await unpack(first);
	const runtime = await start({ main: { resource: `file://${directory}` } });
	assert.equal(revision(runtime), "first");
	await unpack(second);
	await until("second is active", () => revision(runtime) === "second");
});

test("a service is polled with its token and the etag of the active bundle", async () => {
	around.server.archive = first;
	const runtime = await start({ main: { service: "hq" } });
	assert.equal(revision(runtime), "first");
	assert.deepEqual(around.server.requests[0], {
		etag: undefined,
		labels: "id=gw-1, site=a%2C%20b%3Dc",
		authorization: "Bearer bundle-token",
		prefer: "modes=snapshot,delta",
		url: "/bundles/main.tar.gz",
	});
	const etag = around.server.etag;
	await until("it is asked again", () => around.server.requests.length > 3);
	assert.equal(around.server.requests.at(-1)?.etag, etag);
	around.server.archive = second;
	await until("second is active", () => revision(runtime) === "second");
	assert.equal(runtime.status()[0]?.origin, "service");
});

test("after a bundle that fails, the etag sent is that of the one in force", async () => {
	around.server.archive = first;
	const runtime = await start({ main: { service: "hq" } });
	const etag = around.server.etag;
	around.server.archive = await changed(second, { "policy.wasm": "garbage" });
	await until("it is refused", () => errorOf(runtime) === "bundle_module");
	const asked = around.server.requests.length;
	await until("it is asked again", () => around.server.requests.length > asked + 1);
	assert.equal(around.server.requests.at(-1)?.etag, etag);
	assert.equal(revision(runtime), "first");
	around.server.archive = first;
	await until("the error is over", () => errorOf(runtime) === undefined);
});

test("a service that fails in any way leaves the policy in force", async () => {
	around.server.archive = first;
	const runtime = await start({ main: { service: "hq", size_limit_bytes: 4 << 20 } });
	const expectError = async (code: string, respond: BundleServer["respond"]) => {
		around.server.respond = respond;
		await until(code, () => errorOf(runtime) === code);
		assert.equal(revision(runtime), "first");
		around.server.respond = undefined;
		await until("it recovers", () => errorOf(runtime) === undefined);
	};
	await expectError("bundle_unreachable", (response) => response.writeHead(404).end());
	await expectError("bundle_unreachable", (response) =>
		response.writeHead(302, { location: "/elsewhere" }).end(),
	);
	await expectError("bundle_unreachable", (response) => response.destroy());
	await expectError("bundle_unreachable", () => undefined); // no answer at all, within a second
	await expectError("bundle_truncated", (response) => {
		response.writeHead(200, { "content-length": String(first.length) }).write(first.subarray(0, 1000));
		setTimeout(() => response.destroy(), 20);
	});
	await expectError("bundle_too_large", (response) => response.writeHead(200).end(Buffer.alloc(5 << 20)));
	await expectError("bundle_invalid", (response) => response.writeHead(200).end("<html>"));
});

test("a 304 for a bundle that was never taken is an error", async () => {
	around.server.respond = (response) => response.writeHead(304).end();
	const runtime = await start({ main: { service: "hq" } });
	assert.equal(errorOf(runtime), "bundle_unreachable");
	assert.equal(runtime.active, undefined);
});

test("a policy that loops, or whose builtin fails, on a trial input is never activated", async () => {
	around.server.archive = first;
	const runtime = await start({ main: { service: "hq" } });
	for (const [archive, why] of [
		[looping, /policy_budget/],
		[failing, /policy_builtin/],
	] as const) {
		around.server.archive = archive;
		await until(
			"it is refused",
			() => errorOf(runtime) === "bundle_smoke" && why.test(runtime.status()[0]?.error?.message ?? ""),
		);
		assert.equal(revision(runtime), "first");
	}
});

test("bundles that are unsigned, without a policy, or without an entrypoint are refused", async () => {
	const key = { algorithm: "HS256", key: new Secret("secret") } as const;
	around.server.archive = first;
	const unsigned = await start({ main: { service: "hq", signing: { keyid: "main" } } }, { main: key });
	assert.equal(errorOf(unsigned), "bundle_signature");
	assert.equal(unsigned.active, undefined);
	around.server.archive = await tarball([[{ name: "data.json" }, "{}"]]);
	assert.equal(errorOf(await start({ main: { service: "hq" } })), "bundle_no_entrypoint");
	const { "session.rego": _, ...two } = sources();
	around.server.archive = await build(two);
	assert.equal(errorOf(await start({ main: { service: "hq" } })), "bundle_no_entrypoint");
});

const sequenced = (n: number) =>
	withManifest(first, { revision: `r${n}`, metadata: { sallyport: { sequence: n } } });

test("a bundle older than the active one is refused, across a restart too", async () => {
	around.server.archive = await sequenced(5);
	const runtime = await start({ main: { service: "hq" } });
	assert.equal(revision(runtime), "r5");
	around.server.archive = await sequenced(4);
	await until("it is refused", () => errorOf(runtime) === "bundle_sequence");
	around.server.archive = first; // none at all
	await until("it is asked again", () => around.server.requests.length > 6);
	assert.equal(revision(runtime), "r5");
	await runtime.stop();
	const restarted = await start({ main: { service: "hq" } });
	assert.equal(errorOf(restarted), "bundle_sequence");
	assert.equal(restarted.active, undefined);
	around.server.archive = await sequenced(6);
	await until("a newer one is taken", () => revision(restarted) === "r6");
	await restarted.stop();
	await writeFile(join(around.folder.path, "persisted/bundles/main/sequence"), "garbage");
	const damaged = await start({ main: { service: "hq" } });
	assert.equal(errorOf(damaged), "bundle_persist");
	assert.equal(damaged.active, undefined);
});

test("a persisted bundle is in force when the server is down, verified again, and gives way to the server's", async () => {
	around.server.archive = first;
	const runtime = await start({ main: { service: "hq", persist: true } });
	await until("it is persisted", () => runtime.status()[0]?.error === null);
	await runtime.stop();
	around.server.archive = undefined;
	const restarted = await start({ main: { service: "hq", persist: true } });
	assert.equal(revision(restarted), "first");
	assert.equal(restarted.status()[0]?.origin, "persisted");
	assert.equal(errorOf(restarted), "bundle_unreachable");
	around.server.archive = second;
	await until("the server's is active", () => revision(restarted) === "second");
	await restarted.stop();
	around.server.archive = undefined;
	const file = join(around.folder.path, "persisted/bundles/main/bundle.tar.gz");
	assert.deepEqual(await readFile(file), second);
	await writeFile(file, second.subarray(0, 3000));
	const damaged = await start({ main: { service: "hq", persist: true } });
	assert.equal(damaged.active, undefined);
	assert.ok(errorOf(damaged));
});

test("where it can't be known what was active before, nothing is taken", async () => {
	await writeFile(join(around.folder.path, "persisted"), "a file where the folder should be");
	around.server.archive = first;
	const runtime = await start({ main: { service: "hq", persist: true } });
	assert.equal(errorOf(runtime), "bundle_persist");
	assert.equal(runtime.active, undefined);
});

test("data comes from bundles of its own, and roots never overlap", async () => {
	const withData = await build(
		sources(
			'\ndeny contains {"rule": "d", "message": data.places.city, "remedy": null} if data.places.city\n',
		),
	);
	around.server.archive = await withManifest(withData, { ...ROOTS, revision: "policy" });
	const file = join(around.folder.path, "data.tar.gz");
	const data = (city: string, roots: string[]) =>
		tarball([
			[{ name: ".manifest" }, JSON.stringify({ revision: city, roots })],
			[{ name: "places/data.json" }, JSON.stringify({ city })],
		]);
	await writeFile(file, await data("Oslo", ["places"]));
	const runtime = await start({ main: { service: "hq" }, places: { resource: `file://${file}` } });
	const said = () => runtime.active?.decideCommand(input()).decision.reasons[0]?.message;
	assert.equal(said(), "Oslo");
	assert.equal(revision(runtime), "policy places@Oslo");
	await writeFile(file, await data("Bergen", ["places"]));
	await until("the data is taken up", () => said() === "Bergen");
	await writeFile(file, await data("Voss", ["places", "sallyport/command"]));
	await until("it is refused", () => errorOf(runtime, "places") === "bundle_roots");
	assert.equal(said(), "Bergen");
});

test("two bundles with a policy are refused", async () => {
	around.server.archive = first;
	const file = join(around.folder.path, "other.tar.gz");
	await writeFile(file, await withManifest(base, { roots: ["sallyport"] }));
	const runtime = await start({ main: { service: "hq" }, other: { resource: `file://${file}` } });
	assert.ok([errorOf(runtime), errorOf(runtime, "other")].includes("bundle_roots"));
});

test("what the rule sets depend on comes from the manifest, and is everything without it", async () => {
	const depends = {
		"sallyport/command": {
			allow: { input: ["input.principal.kind", "input.command.statements"], data: [], nondeterministic: [] },
			deny: { input: ["input.command.parameters[_].value"], data: [], nondeterministic: [] },
			require_approval: { input: ["input.command"], data: [], nondeterministic: [] },
		},
	};
	around.server.archive = await withManifest(first, { metadata: { sallyport: { depends } } });
	const runtime = await start({ main: { service: "hq" } });
	assert.deepEqual(runtime.active?.dependsOnParameters, { allow: false, deny: true, require_approval: true });
	const stage = {
		"sallyport/command": {
			allow: { input: ["input.command.stage"] },
			deny: { input: ["input.command.stages"] },
		},
	};
	around.server.archive = await withManifest(first, { metadata: { sallyport: { depends: stage } } });
	await until("taken up", () => runtime.active?.dependsOnParameters.deny === false);
	assert.deepEqual(runtime.active?.dependsOnParameters, { allow: true, deny: false, require_approval: true });
});

test("a configuration that names what isn't there is refused", () => {
	const make = (fields: Partial<BundleConfig>) => () =>
		new PolicyRuntime(
			{ services: {}, bundles: { main: bundle(fields) }, keys: {}, labels: {}, persistence_directory: "" },
			{ log: quiet },
		);
	assert.throws(make({ service: "nowhere" }), policyError("bundle_config", /nowhere/));
	assert.throws(make({}), policyError("bundle_config"));
	assert.throws(
		make({ resource: "file:///x", signing: { keyid: "none" } }),
		policyError("bundle_config", /none/),
	);
});

test("stopping ends a request that is under way", async () => {
	around.server.archive = first;
	const runtime = await start({ main: { service: "hq" } });
	around.server.respond = () => undefined;
	const asked = around.server.requests.length;
	await until("a request hangs", () => around.server.requests.length > asked);
	const started = performance.now();
	await runtime.stop();
	assert.ok(performance.now() - started < 500);
	assert.equal(revision(runtime), "first");
});
