import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { buildBundle, writeLibrary } from "../../../src/policy/build/index.ts";
import { Opa } from "../../../src/policy/build/opa.ts";
import { libraryDirectory, packageRoot } from "../../../src/policy/build/package-root.ts";
import { readSources } from "../../../src/policy/build/sources.ts";
import { openPolicy, readBundleAt } from "../../../src/policy/index.ts";
import { commandInput, directoryOf } from "./support.ts";

const page = await readFile(join(packageRoot(), "docs", "policy-authoring.md"), "utf8");
const NAMED_BLOCK = /^`([\w.-]+)`\n```\w+\n(.*?)^```$/gms;

/** The page's policy: each block under a file's name. */
const files: Record<string, string> = Object.fromEntries(
	[...page.matchAll(NAMED_BLOCK)].map(([, name, content]) => [name, content]),
);

test("every Rego block of the page has a file name, so that it is run", () => {
	const blocks = [...page.matchAll(/^```rego$/gm)].length;
	assert.equal(Object.keys(files).filter((name) => name.endsWith(".rego")).length, blocks);
	assert.ok(blocks > 5);
});

test("the page's policy is formatted as opa fmt does, and its tests pass beside the library as written out", async (context) => {
	const opa = await Opa.find();
	const directory = await directoryOf(context, files);
	const library = await directoryOf(context, {});
	await writeLibrary(library);
	await opa.run(["fmt", "--fail", "--list", directory]);
	const report = await opa.run(["test", library, directory]);
	assert.match(report, /PASS: 5\/5/);
});

test("the page's policy builds, and decides as the page says", async (context) => {
	const directory = await directoryOf(context, files);
	const { archive } = await buildBundle({ dirs: [directory], sequence: 1 });
	await writeFile(join(directory, "b.tar.gz"), archive);
	const policy = await openPolicy(await readBundleAt(join(directory, "b.tar.gz")));
	const decide = (statement: object, writes: readonly object[] = []) =>
		policy.decideCommand(JSON.stringify(commandInput(statement, writes))).decision;

	const read = decide({});
	assert.equal(read.action, "allow");
	assert.equal(read.limits.max_rows, 1000);
	assert.deepEqual(
		read.masks.map(({ columns }) => columns.length),
		[2, 1],
	);
	const column = {
		schema: "public",
		table: "customers",
		name: "email",
		equality_only: false,
		null_only: false,
		stored: false,
		flows: [],
	};
	assert.equal(decide({ columns: [{ ...column, use: ["group"] }] }).reasons[0]?.rule, "masked-grouping");
	const write = { relation: "public.orders", op: "delete", has_where: true, where_is_constant: false };
	const held = decide({ effects: ["write"] }, [write]);
	assert.equal(held.action, "require_approval");
	assert.deepEqual(held.approvals.map(({ rule }) => rule).sort(), ["bulk-orders", "prod-deletes"]);
});

test("the page's table of packs names every pack", async () => {
	const { rego } = await readSources(libraryDirectory());
	const packs = rego.map(({ relative }) => /^sallyport\/packs\/(\w+)/.exec(relative)?.[1]).filter(Boolean);
	for (const pack of packs) assert.ok(page.includes(`| \`${pack}\` |`), pack);
});

test("the page names every helper of the library's packages that it is for", async () => {
	const opa = await Opa.find();
	const told = page.slice(
		page.indexOf("## Helpers that read like sentences"),
		page.indexOf("`sentences.rego`"),
	);
	/** Of use to other helpers alone. */
	const inner = new Set([
		"base_name",
		"everyday",
		"has_subresource",
		"mask_name",
		"mask_names",
		"mask_path_left",
		"mask_prefixes",
		"names",
		"own_session",
		"parents",
		"quoted",
		"unquoted",
	]);
	for (const file of ["sql", "principal", "time", "ssh", "k8s"]) {
		const module = await opa.json<{ rules: { head: { ref: { value: string }[] } }[] }>([
			"parse",
			"--format",
			"json",
			join(libraryDirectory(), "sallyport", "lib", `${file}.rego`),
		]);
		for (const { head } of module.rules) {
			const name = String(head.ref[0]?.value);
			if (inner.has(name) || ["reaches", "temporary", "within_hours", "weekdays"].includes(name)) continue;
			assert.match(told, new RegExp(`\\b${file}\\.${name}\\b`), `${file}.${name}`);
		}
	}
});
