import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { buildBundle } from "../../../src/policy/build/index.ts";
import { Opa } from "../../../src/policy/build/opa.ts";
import { libraryDirectory } from "../../../src/policy/build/package-root.ts";
import { parseRego } from "../../../src/policy/build/parse.ts";
import { libraryRules, rulesOf } from "../../../src/policy/build/rule-list.ts";
import { readSources } from "../../../src/policy/build/sources.ts";
import { readArchive } from "../../../src/policy/bundle/archive.ts";
import { readManifest } from "../../../src/policy/bundle/manifest.ts";

test("the library's rules are listed as OPA's own parser finds them", async () => {
	const opa = await Opa.find();
	const parsed = [];
	for (const file of (await readSources(libraryDirectory())).rego) {
		const module = await parseRego(opa, file);
		assert.ok("package" in module);
		const part = String(module.package.path[2]?.value);
		parsed.push(...rulesOf(module.rules ?? [], part, file.relative));
	}
	const listed = await libraryRules(libraryDirectory());
	assert.deepEqual(listed, parsed);
	assert.ok(listed.length > 30);
	assert.ok(
		listed.some(({ rule }) => rule === null),
		"some names come from data",
	);
});

test("a bundle tells where each rule of its policy stands", async (context) => {
	const directory = await mkdtemp(join(tmpdir(), "sallyport-rules-"));
	context.after(() => rm(directory, { recursive: true, force: true }));
	await writeFile(
		join(directory, "own.rego"),
		'package sallyport.command\n\ndeny contains {"rule": "mine", "message": "no"} if input.command.type == "forward"\n',
	);
	const { archive } = await buildBundle({ dirs: [directory], sequence: 1 });
	const files = await readArchive(archive, { bytes: 1 << 26, entries: 100, depth: 32 });
	const { rules = [] } = readManifest(files.get(".manifest")).sallyport;
	assert.deepEqual(
		rules.find(({ rule }) => rule === "mine"),
		{ set: "sallyport/command/deny", rule: "mine", file: "own.rego", line: 3 },
	);
	assert.ok(
		rules.some(({ rule, file }) => rule === "unbounded-write" && file.endsWith("safe_defaults.rego")),
	);
});
