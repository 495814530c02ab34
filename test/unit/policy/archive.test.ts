import assert from "node:assert/strict";
import { before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { readArchive } from "../../../src/policy/bundle/archive.ts";
import { readBundle } from "../../../src/policy/bundle/bundle.ts";
import { goJson, parseExact } from "../../../src/policy/bundle/json.ts";
import { build, changed, LIMITS, policyError, sources, tarball, withManifest } from "./support.ts";

const read = async (archive: Buffer) => readBundle(await readArchive(archive, LIMITS), undefined);

let archive: Buffer;
before(async () => {
	archive = await build({
		...sources(),
		"data.json": '{"a": {"n": 1.50}}',
		"deep/data.json": '{"big": 12345678901234567890}',
	});
});

test("a bundle of opa build is read, paths with a leading slash and numbers as they were written", async () => {
	const bundle = await read(archive);
	assert.equal(Buffer.from(bundle.data).toString(), '{"a":{"n":1.50},"deep":{"big":12345678901234567890}}');
	assert.deepEqual([...new Set(bundle.manifest.wasm.map(({ module }) => module))], ["policy.wasm"]);
	assert.match(bundle.revision, /^sha256:[0-9a-f]{16}$/);
	assert.equal((await read(await withManifest(archive, { revision: "r7" }))).revision, "r7");
});

test("an archive that is cut anywhere is refused", async () => {
	for (let i = 0; i < 60; i++) {
		const cut = archive.subarray(0, Math.floor((archive.length * i) / 60));
		await assert.rejects(read(cut), (thrown: { code?: string }) =>
			["bundle_truncated", "bundle_invalid"].includes(thrown.code ?? ""),
		);
	}
	await assert.rejects(read(archive.subarray(0, archive.length >> 1)), policyError("bundle_truncated"));
});

test("an archive with a byte changed is refused, or reads as the same", async () => {
	for (let i = 20; i < archive.length; i += Math.floor(archive.length / 40)) {
		const damaged = Buffer.from(archive);
		damaged.writeUInt8(damaged.readUInt8(i) ^ 0x55, i);
		await assert.rejects(read(damaged));
	}
});

test("a tarball whose inside is cut is refused", async () => {
	const half = await tarball([[{ name: "data.json", size: 10_000 }, "x".repeat(10_000)]]);
	const { gunzipSync } = await import("node:zlib");
	await assert.rejects(read(gzipSync(gunzipSync(half).subarray(0, 5_000))), policyError("bundle_truncated"));
});

test("something that is no archive is refused", async () => {
	await assert.rejects(read(Buffer.from("<html>not found</html>")), policyError("bundle_invalid"));
	await assert.rejects(read(Buffer.alloc(0)), policyError("bundle_truncated"));
	await assert.rejects(
		read(gzipSync(Buffer.from("not a tarball ".repeat(100)))),
		policyError("bundle_invalid"),
	);
});

test("a decompression bomb is refused without being unpacked", async () => {
	const bomb = gzipSync(Buffer.alloc(LIMITS.bytes * 4));
	const before = process.memoryUsage().rss;
	await assert.rejects(read(bomb), policyError("bundle_too_large"));
	assert.ok(process.memoryUsage().rss - before < LIMITS.bytes * 3);
});

test("too many entries, too much in them, or too deep a path is refused", async () => {
	const many = await tarball(
		Array.from({ length: LIMITS.entries + 1 }, (_, i) => [{ name: `f${i}` }, ""] as const),
	);
	await assert.rejects(read(many), policyError("bundle_too_large", /entries/));
	const deep = await tarball([[{ name: `${"d/".repeat(LIMITS.depth)}f` }, ""]]);
	await assert.rejects(read(deep), policyError("bundle_too_large", /folders/));
	const limits = { ...LIMITS, bytes: 1000 };
	const large = await tarball([[{ name: "f" }, "x".repeat(2000)]]);
	await assert.rejects(readArchive(large, limits), policyError("bundle_too_large"));
});

const BAD_PATHS = ["../data.json", "a/../../data.json", "/../etc/passwd", "a//b", "a/./b", "a\\b"];
for (const name of BAD_PATHS) {
	test(`the path ${JSON.stringify(name)} is refused`, async () => {
		await assert.rejects(read(await tarball([[{ name }, "{}"]])), policyError("bundle_invalid"));
	});
}

test("links, devices and pipes are refused", async () => {
	for (const type of ["symlink", "link", "character-device", "block-device", "fifo"] as const) {
		const entry = { name: "data.json", type, linkname: "/etc/passwd" };
		await assert.rejects(read(await tarball([[entry, ""]])), policyError("bundle_invalid"), type);
	}
});

test("a file that comes twice is refused, by whatever spelling", async () => {
	for (const [a, b] of [
		["data.json", "data.json"],
		["data.json", "/data.json"],
		["a/data.json", "./a/data.json"],
	] as const) {
		await assert.rejects(
			read(
				await tarball([
					[{ name: a }, "{}"],
					[{ name: b }, "{}"],
				]),
			),
			policyError("bundle_invalid", /twice/),
		);
	}
});

test("data that is no JSON, no object, no UTF-8, or in another form is refused", async () => {
	for (const content of [
		"{",
		"[1]",
		"5",
		'{"a":1} x',
		Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
	]) {
		await assert.rejects(
			read(await changed(archive, { "data.json": content })),
			policyError("bundle_invalid"),
		);
	}
	await assert.rejects(read(await changed(archive, { "data.yaml": "a: 1" })), policyError("bundle_invalid"));
	await assert.rejects(read(await changed(archive, { "patch.json": "{}" })), policyError("bundle_invalid"));
});

test("data files that conflict are refused, those beside one another are merged", async () => {
	const conflict = await changed(archive, { "data.json": '{"x": {"y": 1}}', "x/data.json": '{"y": 2}' });
	await assert.rejects(read(conflict), policyError("bundle_invalid", /conflicts/));
	const beside = await changed(archive, {
		"data.json": '{"x": {"y": 1}}',
		"x/data.json": '{"z": {"__proto__": 2}}',
	});
	assert.equal(Buffer.from((await read(beside)).data).toString(), '{"x":{"y":1,"z":{"__proto__":2}}}');
});

test("the manifest's roots hold what the bundle owns", async () => {
	const within = await withManifest(archive, { roots: ["sallyport", "a", "/deep/"] });
	assert.deepEqual((await read(within)).manifest.roots, ["sallyport", "a", "deep"]);
	await assert.rejects(
		read(await withManifest(archive, { roots: ["sallyport", "a"] })),
		policyError("bundle_roots", /deep/),
	);
	await assert.rejects(
		read(await withManifest(archive, { roots: ["sallyport", "sallyport/x"] })),
		policyError("bundle_roots"),
	);
	await assert.rejects(
		read(await withManifest(archive, { roots: ["a", "deep"] })),
		policyError("bundle_roots", /entrypoint/),
	);
});

test("a manifest that is malformed, or that names a module which is missing, is refused", async () => {
	await assert.rejects(read(await changed(archive, { ".manifest": "{" })), policyError("bundle_invalid"));
	await assert.rejects(read(await withManifest(archive, { revision: 5 })), policyError("bundle_invalid"));
	await assert.rejects(
		read(await changed(archive, { "policy.wasm": undefined })),
		policyError("bundle_invalid", /missing/),
	);
	const metadata = { sallyport: { sequence: -1 } };
	await assert.rejects(read(await withManifest(archive, { metadata })), policyError("bundle_invalid"));
});

test("JSON is written as Go's encoder writes it", () => {
	const text =
		'{"b": 1.0, "a": "<\\u2028é\\u0001\\b\\"", "\\ud83d\\ude00": [1e3, -0, null], "\\uff5e": true}';
	const parsed = parseExact("data.json", Buffer.from(text));
	assert.equal(goJson(parsed), '{"a":"<\\u2028é\\u0001\\b\\"","b":1.0,"～":true,"😀":[1e3,-0,null]}');
});
