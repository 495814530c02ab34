import { gzipSync } from "node:zlib";
import { type Entry, tar } from "./archive.ts";
import { at, bytes, type Case, data, entries, manifest, SIZE_LIMIT, whole } from "./case.ts";

/** What is wrong, or odd, with an archive and the files in it. */
export const ARCHIVES: readonly Case[] = [
	entries("a manifest and data", "taken", (root) => [manifest(root), data(root)]),
	entries("paths that lead with a slash", "taken", (root) => [
		at(manifest(root), "/.manifest"),
		at(data(root), `/${root}/data.json`),
	]),
	entries("paths that lead with a dot", "taken", (root) => [
		at(manifest(root), "./.manifest"),
		at(data(root), `./${root}/data.json`),
	]),
	entries("the manifest last", "taken", (root) => [data(root), manifest(root)]),
	entries("folders as entries", "taken", (root) => [
		[{ name: `${root}/`, type: "directory" }, ""],
		manifest(root),
		data(root),
	]),
	entries("data at the archive's root", "taken", (root) => [
		manifest(root),
		[{ name: "data.json" }, JSON.stringify({ [root]: { a: 1 } })],
	]),
	entries("several data files", "taken", (root) => [
		manifest(root),
		data(root),
		[{ name: `${root}/deep/er/data.json` }, '{"b":2}'],
	]),
	entries("data that is an array, in a folder", "taken", (root) => [
		manifest(root),
		[{ name: `${root}/list/data.json` }, "[1,2]"],
	]),
	entries("files that nobody reads", "taken", (root) => [
		manifest(root),
		data(root),
		[{ name: "README.md" }, "hello"],
		[{ name: `${root}/more.json` }, "{}"],
	]),
	entries("roots with slashes around them", "taken", (root) => [
		manifest(root, { roots: [`/${root}/`] }),
		data(root),
	]),
	entries("no data at all", "taken", (root) => [manifest(root)]),
	entries("a key twice in the data", "taken", (root) => [
		manifest(root),
		[{ name: `${root}/data.json` }, '{"a":1,"a":2}'],
	]),
	entries(
		"two data files that say different things",
		"refused",
		(root) => [
			manifest(root),
			[{ name: `${root}/data.json` }, '{"x":1}'],
			[{ name: `${root}/x/data.json` }, '{"y":2}'],
		],
		{},
	),
	entries("data outside of the roots", "refused", (root) => [
		manifest(root),
		at(data(root), "elsewhere/data.json"),
	]),
	entries("data beside the roots", "refused", (root) => [
		manifest(root, { roots: [`${root}/x`] }),
		data(root),
	]),
	entries("data that is no JSON", "refused", (root) => [
		manifest(root),
		[{ name: `${root}/data.json` }, "{"],
	]),
	entries(
		"data with a byte order mark",
		"taken",
		(root) => [manifest(root), [{ name: `${root}/data.json` }, "\ufeff{}"]],
		{
			differs: "JSON has no byte order mark (RFC 8259, 8.1)",
		},
	),
	entries("an array as all of the data", "refused", (root) => [
		manifest(root),
		[{ name: "data.json" }, "[1]"],
	]),
	entries(
		"data that is no UTF-8",
		"taken",
		(root) => [
			manifest(root),
			[{ name: `${root}/data.json` }, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
		],
		{ differs: "OPA replaces what is no UTF-8, so that two different keys become one" },
	),
	entries("data in YAML", "taken", (root) => [manifest(root), [{ name: `${root}/data.yaml` }, "a: yes"]], {
		differs: "YAML says different things to different readers; `bundle build` takes it and writes JSON",
	}),
	entries("a manifest that is no JSON", "refused", (root) => [[{ name: ".manifest" }, "{"], data(root)]),
	entries("a manifest whose roots are a text", "refused", (root) => [
		manifest(root, { roots: root }),
		data(root),
	]),
	entries("roots that overlap one another", "refused", (root) => [
		manifest(root, { roots: [root, `${root}/x`] }),
		data(root),
	]),
	entries("two manifests", "refused", (root) => [manifest(root), manifest(root), data(root)]),
	entries(
		"a manifest in a folder",
		"taken",
		(root) => [at(manifest(root), `${root}/.manifest`), data(root)],
		{
			differs: "a manifest anywhere but at the root is somebody's mistake, and OPA takes whichever it finds",
		},
	),
	entries("a manifest in protobuf that is none", "refused", (root) => [
		at(data(root), ".manifest.pb"),
		data(root),
	]),
	entries("Rego version 0", "taken", (root) => [manifest(root, { rego_version: 0 }), data(root)]),
	entries("Rego version 1", "taken", (root) => [manifest(root, { rego_version: 1 }), data(root)]),
	entries("an unknown Rego version", "refused", (root) => [manifest(root, { rego_version: 7 }), data(root)]),
	entries("an unknown Rego version of a file", "refused", (root) => [
		manifest(root, { file_rego_versions: { "/x.rego": 9 } }),
		data(root),
	]),
	entries(
		"rules that were not compiled",
		"taken",
		(root) => [manifest(root), [{ name: `${root}/x.rego` }, `package ${root}.x\n\np := 1\n`]],
		{ differs: "the gateway runs WebAssembly; rules that it can't run must not look as if they held" },
	),
	entries("rules that are no Rego", "refused", (root) => [
		manifest(root),
		[{ name: `${root}/x.rego` }, "package"],
	]),
	entries("a module that is named and missing", "refused", (root) => [
		manifest(root, { wasm: [{ entrypoint: `${root}/x`, module: "/policy.wasm" }] }),
		data(root),
	]),
	entries("an entrypoint outside of the roots", "refused", (root) => [
		manifest(root, { wasm: [{ entrypoint: "elsewhere/x", module: "/policy.wasm" }] }),
		[{ name: "policy.wasm" }, "x"],
	]),
	entries("an entrypoint twice", "refused", (root) => [
		manifest(root, {
			wasm: [
				{ entrypoint: `${root}/x`, module: "/policy.wasm" },
				{ entrypoint: `${root}/x`, module: "/policy.wasm" },
			],
		}),
		[{ name: "policy.wasm" }, "x"],
	]),
	bytes("no bytes", "refused", async () => Buffer.alloc(0)),
	bytes("a web page", "refused", async () => Buffer.from("<html>")),
	bytes("gzip of what is no archive", "refused", async () => gzipSync("x".repeat(2_000))),
	bytes("an archive without gzip", "refused", (root) => tar([manifest(root), data(root)])),
	bytes("half of the bytes", "refused", async (root) => (await whole(root)).subarray(0, 100)),
	bytes("half of the archive, in whole gzip", "refused", async (root) =>
		gzipSync((await tar([manifest(root), data(root)])).subarray(0, 1_200)),
	),
	bytes(
		"a damaged checksum",
		"taken",
		async (root) => {
			const archive = await whole(root);
			archive.writeUInt32LE((archive.readUInt32LE(archive.length - 8) ^ 1) >>> 0, archive.length - 8);
			return archive;
		},
		{ differs: "OPA does not read so far; what is damaged is not what was published" },
	),
	bytes("two gzip streams in a row", "taken", async (root) => {
		const all = await tar([manifest(root), data(root)]);
		return Buffer.concat([gzipSync(all.subarray(0, 700)), gzipSync(all.subarray(700))]);
	}),
	entries(
		"a symbolic link",
		"taken",
		(root) => [
			manifest(root),
			data(root),
			[{ name: `${root}/link`, type: "symlink", linkname: "/etc/passwd" }, ""],
		],
		{
			differs: "OPA passes links over; a bundle has no use for them",
		},
	),
	entries(
		"a hard link",
		"taken",
		(root) => [
			manifest(root),
			data(root),
			[{ name: `${root}/link`, type: "link", linkname: ".manifest" }, ""],
		],
		{
			differs: "OPA passes links over; a bundle has no use for them",
		},
	),
	entries(
		"a path that leaves the bundle",
		"taken",
		(root) => [manifest(root), at(data(root), `../${root}/data.json`)],
		{
			differs: "OPA cuts the dots off; a path that leads out of the bundle is refused",
		},
	),
	entries(
		"a path that goes up within the bundle",
		"taken",
		(root) => [manifest(root), at(data(root), `x/../${root}/data.json`)],
		{
			differs: "a path has one spelling, or a signature's names and the files would part",
		},
	),
	entries("a file larger than the limit", "refused", (root) => [
		manifest(root),
		[{ name: "large" }, Buffer.alloc(SIZE_LIMIT + 1)],
	]),
	entries("a zip bomb", "refused", (root) => [
		manifest(root),
		[{ name: `${root}/data.json` }, Buffer.alloc(64 << 20, " ")],
	]),
	entries(
		"files that are larger than the limit together",
		"taken",
		(root) => [
			manifest(root),
			...[1, 2, 3].map((n): Entry => [{ name: `large${n}` }, Buffer.alloc(SIZE_LIMIT / 2)]),
		],
		{ differs: "the limit is of all files together: it bounds the gateway's memory" },
	),
	entries("a data file twice", "refused", (root) => [manifest(root), data(root), data(root)]),
	entries(
		"a file that nobody reads, twice",
		"taken",
		(root) => [manifest(root), data(root), [{ name: "x" }, "1"], [{ name: "x" }, "2"]],
		{
			differs: "of two files with one name nobody can say which was signed or meant",
		},
	),
	entries("a signature that is no JSON", "refused", (root) => [
		manifest(root),
		data(root),
		[{ name: ".signatures.json" }, "{"],
	]),
];
