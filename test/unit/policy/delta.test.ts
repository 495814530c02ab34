import assert from "node:assert/strict";
import { test } from "node:test";
import { Secret } from "../../../src/lib/index.ts";
import { type ExactObject, goJson, parseExact } from "../../../src/policy/bundle/json.ts";
import { patched, segments } from "../../../src/policy/bundle/patch.ts";
import { errorOf, revision, Surroundings, until } from "./runtimes.ts";
import { build, changed, input, policyError, sources, tarball, withManifest } from "./support.ts";

const around = new Surroundings();

/** Denies what the data names. */
const RULES =
	'\ndeny contains {"rule": "d", "message": "m", "remedy": null} if data.closed[input.command.kind]\n';
const DATA = JSON.stringify({ closed: { select: true }, limits: [1, 2.5, 1e3] });
const built = await build({ ...sources(RULES), "data.json": DATA });
const MODULES = [
	{ entrypoint: "sallyport/command/decision", module: "/policy.wasm" },
	{ entrypoint: "sallyport/session/decision", module: "/policy.wasm" },
	{ entrypoint: "sallyport/admin/decision", module: "/policy.wasm" },
];
const SHAPE = { roots: ["sallyport", "closed", "limits"], wasm: MODULES };
const snapshot = await withManifest(built, { ...SHAPE, revision: "one" });

async function delta(
	operations: readonly object[],
	manifest: object = {},
	more: Record<string, string> = {},
) {
	return await tarball([
		[{ name: "/patch.json" }, JSON.stringify({ data: operations })],
		[{ name: "/.manifest" }, JSON.stringify({ ...SHAPE, revision: "two", ...manifest })],
		...Object.entries(more).map(([name, content]) => [{ name }, content] as const),
	]);
}

const action = (
	runtime: { active: { decideCommand(text: string): { decision: { action: string } } } | undefined },
	kind: string,
) => runtime.active?.decideCommand(input({ command: { kind } })).decision.action;

test("a delta changes the data in force, and what was decided by the old data is not answered again", async () => {
	around.server.archive = snapshot;
	const runtime = await around.start({ main: { service: "hq" } });
	assert.equal(action(runtime, "select"), "deny");
	assert.equal(action(runtime, "insert"), "allow");
	const before = runtime.active;
	around.server.archive = await delta([
		{ op: "remove", path: "/closed/select" },
		{ op: "upsert", path: "closed/insert", value: true },
	]);
	await until("the delta is in force", () => revision(runtime) === "two");
	assert.equal(action(runtime, "select"), "allow");
	assert.equal(action(runtime, "insert"), "deny");
	assert.notEqual(runtime.active, before, "answers are kept by the policy's identity");
	assert.equal(before?.decideCommand(input({ command: { kind: "select" } })).decision.action, "deny");
	const [status] = runtime.status();
	assert.equal(status?.type, "delta");
	assert.equal(status?.error, null);
	const etag = around.server.etag;
	await until("its ETag is sent", () => around.server.requests.at(-1)?.etag === etag);
});

test("a delta that does not fit leaves the data as it was, and says why", async () => {
	around.server.archive = snapshot;
	const runtime = await around.start({ main: { service: "hq" } });
	const cases: readonly (readonly [string, Buffer])[] = [
		["bundle_delta", await delta([{ op: "replace", path: "/closed/nothing", value: 1 }])],
		["bundle_delta", await delta([{ op: "remove", path: "/closed/nothing" }])],
		["bundle_delta", await delta([{ op: "upsert", path: "/limits/9", value: 1 }])],
		["bundle_delta", await delta([{ op: "upsert", path: "/limits/0/deep", value: 1 }])],
		["bundle_delta", await delta([{ op: "upsert", path: "/closed/%zz", value: 1 }])],
		[
			"bundle_delta",
			await delta([
				{ op: "remove", path: "/closed/select" },
				{ op: "remove", path: "/closed/select" },
			]),
		],
		[
			"bundle_delta",
			await delta([{ op: "upsert", path: "/closed/a", value: 1 }], { roots: [...SHAPE.roots, "more"] }),
		],
		[
			"bundle_delta",
			await delta([{ op: "upsert", path: "/closed/a", value: 1 }], { wasm: MODULES.slice(1) }),
		],
		["bundle_roots", await delta([{ op: "upsert", path: "/elsewhere/a", value: 1 }])],
		["bundle_roots", await delta([{ op: "upsert", path: "/", value: {} }])],
		["bundle_invalid", await delta([{ op: "add", path: "/closed/a", value: 1 }])],
		["bundle_invalid", await delta([])],
		["bundle_invalid", await delta([{ op: "remove", path: "/closed/select" }], {}, { "data.json": "{}" })],
		["bundle_invalid", await delta([{ op: "remove", path: "/closed/select" }], {}, { "x/patch.json": "{}" })],
		[
			"bundle_invalid",
			await delta([{ op: "remove", path: "/closed/select" }], {}, { ".signatures.json": "{}" }),
		],
		[
			"bundle_invalid",
			await changed(snapshot, { "patch.json": '{"data": [{"op": "remove", "path": "/closed/select"}]}' }),
		],
	];
	for (const [code, archive] of cases) {
		around.server.archive = archive;
		const asked = around.server.requests.length;
		await until(
			`${code} is told`,
			() => errorOf(runtime) === code && around.server.requests.length > asked + 1,
		);
		assert.equal(action(runtime, "select"), "deny");
		assert.equal(revision(runtime), "one");
		around.server.archive = snapshot;
		await until("it is over", () => errorOf(runtime) === undefined);
	}
});

test("without a bundle in force there is nothing that a delta could change", async () => {
	around.server.archive = await delta([{ op: "upsert", path: "/closed/a", value: 1 }]);
	const runtime = await around.start({ main: { service: "hq" } });
	assert.equal(errorOf(runtime), "bundle_delta");
	assert.equal(runtime.active, undefined);
});

test("deltas are neither asked for nor taken where they could not be signed or kept", async () => {
	const keys = { main: { algorithm: "HS256", key: new Secret("s") } } as const;
	around.server.archive = snapshot;
	for (const [fields, code] of [
		[{ persist: true }, "bundle_delta"],
		[{ signing: { keyid: "main" } }, "bundle_signature"],
	] as const) {
		const runtime = await around.start({ main: { service: "hq", ...fields } }, keys);
		assert.equal(around.server.requests.at(-1)?.prefer, "modes=snapshot");
		around.server.archive = await delta([{ op: "remove", path: "/closed/select" }]);
		await until("refused", () => errorOf(runtime) === code);
		around.server.archive = snapshot;
		await runtime.stop();
	}
});

test("the sequence of a delta counts: a lower one is refused, none is that of the bundle it changes", async () => {
	const sequenced = (n: number) => ({ metadata: { sallyport: { sequence: n } } });
	around.server.archive = await withManifest(snapshot, sequenced(5));
	const runtime = await around.start({ main: { service: "hq" } });
	const change = [{ op: "upsert", path: "/closed/a", value: true }];
	around.server.archive = await delta(change, { ...sequenced(4), revision: "older" });
	await until("refused", () => errorOf(runtime) === "bundle_sequence");
	around.server.archive = await delta(change, { revision: "none" });
	await until("in force", () => revision(runtime) === "none");
	assert.equal(runtime.status()[0]?.activeSequence, 5);
	around.server.archive = await delta(change, { ...sequenced(6), revision: "newer" });
	await until("in force", () => revision(runtime) === "newer");
	assert.equal(runtime.status()[0]?.activeSequence, 6);
});

const data = (text: string) => parseExact("data.json", Buffer.from(text)) as ExactObject;

test("changes to data are those of OPA's storage: objects, arrays, and the ends of arrays", () => {
	const before = data('{"a": {"b": [1, 2.50, 3]}, "x~/y": {"é": 1}}');
	const apply = (...operations: Parameters<typeof patched>[1]) => goJson(patched(before, operations));
	const list = (text: string) => `{"a":{"b":${text}},"x~/y":{"é":1}}`;
	const nine = data('{"v": 9.0}')["v"] ?? null;
	assert.equal(apply({ op: "upsert", path: "/a/b/0", value: nine }), list("[9.0,1,2.50,3]"));
	assert.equal(apply({ op: "upsert", path: "/a/b/-", value: nine }), list("[1,2.50,3,9.0]"));
	assert.equal(apply({ op: "upsert", path: "/a/b/3", value: nine }), list("[1,2.50,3,9.0]"));
	assert.equal(apply({ op: "replace", path: "/a/b/1", value: nine }), list("[1,9.0,3]"));
	assert.equal(apply({ op: "remove", path: "a/b/1/" }), list("[1,3]"));
	assert.equal(apply({ op: "remove", path: "/x~0~1y/%C3%A9" }), '{"a":{"b":[1,2.50,3]},"x~/y":{}}');
	assert.equal(
		apply({ op: "upsert", path: "/new/deep/er", value: nine }),
		'{"a":{"b":[1,2.50,3]},"new":{"deep":{"er":9.0}},"x~/y":{"é":1}}',
	);
	assert.equal(goJson(before), '{"a":{"b":[1,2.50,3]},"x~/y":{"é":1}}', "what was there stays as it was");
	for (const path of ["/a/b/01", "/a/b/-1", "/a/b/4"])
		assert.throws(() => apply({ op: "upsert", path, value: null }), policyError("bundle_delta"), path);
	assert.throws(() => apply({ op: "replace", path: "/a/b/-", value: null }), policyError("bundle_delta"));
	assert.deepEqual(segments("/__proto__/x"), ["__proto__", "x"]);
	const odd = patched(before, [{ op: "upsert", path: "/__proto__/polluted", value: true }]);
	assert.equal(({} as { polluted?: unknown }).polluted, undefined);
	assert.deepEqual(Object.keys(odd).sort(), ["__proto__", "a", "x~/y"]);
});
