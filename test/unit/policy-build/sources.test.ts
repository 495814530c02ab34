import assert from "node:assert/strict";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { BuildError, sourceRevision } from "../../../src/policy/build/index.ts";
import { readSources } from "../../../src/policy/build/sources.ts";
import { directoryOf } from "./support.ts";

const FILES = {
	"b/rule.rego": "package b\n",
	"a.rego": "package a\n",
	"a_test.rego": "package a_test\n",
	"b/data.yaml": "x: 1\n",
	"data.json": "{}",
	".git/data.json": "{}",
	"README.md": "read me\n",
};

test("rules and data are found in a fixed order; tests, hidden files and others are left out", async (context) => {
	const { rego, data } = await readSources(await directoryOf(context, FILES));
	assert.deepEqual(
		rego.map(({ relative }) => relative),
		["a.rego", "b/rule.rego"],
	);
	assert.deepEqual(
		data.map(({ relative }) => relative),
		["b/data.yaml", "data.json"],
	);
});

test("a link is an error: it could lead out of what was reviewed", async (context) => {
	const directory = await directoryOf(context, FILES);
	await symlink("/etc/hostname", join(directory, "host.rego"));
	await assert.rejects(
		readSources(directory),
		(thrown) =>
			thrown instanceof BuildError &&
			thrown.problems[0]?.file === join(directory, "host.rego") &&
			thrown.problems[0].line === null,
	);
});

test("the revision follows rules and data, and neither tests nor the place", async (context) => {
	const one = await directoryOf(context, FILES);
	const two = await directoryOf(context, { ...FILES, "a_test.rego": "package other_test\n" });
	const before = await sourceRevision([one]);
	assert.equal(await sourceRevision([two]), before);
	assert.match(before, /^[0-9a-f]{16}$/);

	await writeFile(join(two, "b", "data.yaml"), "x: 2\n");
	assert.notEqual(await sourceRevision([two]), before);
	await writeFile(join(one, "a.rego"), "package a\n\nx := 1\n");
	assert.notEqual(await sourceRevision([one]), before);
	assert.notEqual(await sourceRevision([]), before);
});
