import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { BuildError, buildBundle, defaultSequence, Opa, republish } from "../../../src/policy/build/index.ts";
import { readArchive } from "../../../src/policy/bundle/archive.ts";
import { openPolicy, readBundleAt } from "../../../src/policy/index.ts";
import { commandInput, directoryOf } from "./support.ts";

const LIMITS = { bytes: 64 << 20, entries: 100, depth: 8 };

const rejects = (work: Promise<unknown>, code: string, words: RegExp) =>
	assert.rejects(work, (thrown) => {
		assert.ok(thrown instanceof BuildError, String(thrown));
		assert.equal(thrown.code, code, thrown.message);
		assert.match(thrown.message, words);
		return true;
	});

const FREEZE = `package sallyport.command

deny contains {"rule": "freeze", "message": "no writes this week"} if {
	data.calendar.frozen
	count(input.command.writes) > 0
}
`;
const UPDATE = { relation: "public.orders", op: "update", has_where: true, where_is_constant: false };

test("a user's rules and data decide together with the library", async (context) => {
	const directory = await directoryOf(context, {
		"rules/freeze.rego": FREEZE,
		"rules/freeze_test.rego": "package sallyport.command_test\n\ntest_nothing if true\n",
		"calendar/data.yaml": "frozen: true\n",
		"README.md": "not a part of it",
	});
	const { archive, revision } = await buildBundle({ dirs: [directory], sequence: 7 });
	await writeFile(join(directory, "b.tar.gz"), archive);
	const bundle = await readBundleAt(join(directory, "b.tar.gz"));
	assert.equal(bundle.manifest.sallyport.sequence, 7);
	assert.deepEqual([...bundle.manifest.roots].sort(), ["calendar", "sallyport"]);

	const policy = await openPolicy(bundle);
	assert.equal(policy.revision, revision);
	assert.equal(policy.decideCommand(JSON.stringify(commandInput())).decision.action, "allow");
	const { decision } = policy.decideCommand(JSON.stringify(commandInput({ effects: ["write"] }, [UPDATE])));
	assert.deepEqual(decision.reasons, [{ rule: "freeze", message: "no writes this week", remedy: null }]);
});

test("the same sources and sequence give the same bytes, wherever they lie", async (context) => {
	const files = {
		"freeze.rego": FREEZE,
		"data.json": '{"calendar": {"frozen": true, "big": 12345678901234567890}}',
	};
	const builds = [await directoryOf(context, files), await directoryOf(context, files)];
	const [first, second] = await Promise.all(builds.map((dir) => buildBundle({ dirs: [dir], sequence: 1 })));
	assert.ok(first !== undefined && second !== undefined);
	assert.equal(first.revision, second.revision);
	assert.ok(first.archive.equals(second.archive));
	const data = (await readArchive(first.archive, LIMITS)).get("data.json");
	assert.match(String(data), /12345678901234567890/);
});

test("the manifest says what each rule set depends on, and which builtins change", async (context) => {
	const directory = await directoryOf(context, {
		"a.rego": `package sallyport.command

deny contains {"rule": "parameters"} if input.command.parameters[0].value == "x"

limit contains {"rule": "clock", "max_rows": 10} if time.now_ns() > 0
`,
	});
	const { archive } = await buildBundle({ dirs: [directory], sequence: 1 });
	const manifest = JSON.parse(String((await readArchive(archive, LIMITS)).get(".manifest")));
	const depends = manifest.metadata.sallyport.depends["sallyport/command"];
	assert.ok(depends.deny.input.some((name: string) => name.startsWith("input.command.parameters")));
	assert.ok(!depends.allow.input.some((name: string) => name.startsWith("input.command.parameters")));
	assert.deepEqual(depends.limit.nondeterministic, ["time.now_ns"]);
	assert.deepEqual(depends.deny.nondeterministic, []);
});

test("what sets depend on is what OPA says of them, whether they are the library's alone or not", async (context) => {
	const directory = await directoryOf(context, {
		"a.rego": `package sallyport.command

import data.helpers

deny contains {"rule": "a"} if {
	some require in require_approval
	require.rule == data.shop.name
}

require_approval contains {"rule": "b", "approvers": ["x"]} if input.command.parameters[0].value == helpers.own
`,
		"b.rego": "package helpers\n\nown := input.session.reason\n",
		"shop/data.yaml": "name: b\n",
	});
	const { archive } = await buildBundle({ dirs: [directory], sequence: 1 });
	const files = await readArchive(archive, LIMITS);
	const tree = join(directory, "unpacked");
	for (const [name, content] of files) {
		if (!name.endsWith(".rego") && name !== "data.json") continue;
		await mkdir(dirname(join(tree, name)), { recursive: true });
		await writeFile(join(tree, name), content);
	}
	const opa = await Opa.find();
	const { depends } = JSON.parse(String(files.get(".manifest"))).metadata.sallyport;
	for (const [part, sets] of Object.entries<Record<string, { input: string[]; data: string[] }>>(depends)) {
		for (const [set, { input, data }] of Object.entries(sets)) {
			const query = `data.${part.replace("/", ".")}.${set}`;
			const { base = [] } = await opa.json<{ base?: { value: unknown }[][] }>([
				"deps",
				"--format",
				"json",
				"-b",
				tree,
				query,
			]);
			const names = base.map((ref) => ref.map(({ value }) => String(value)).join(".")).sort();
			assert.deepEqual([...data, ...input].sort(), names, query);
		}
	}
	assert.ok(depends["sallyport/command"].deny.input.includes("input.session.reason"));
});

test("the default policy judges everything but values before the parameters are known", async () => {
	const { archive } = await buildBundle({ dirs: [], sequence: 1 });
	const manifest = JSON.parse(String((await readArchive(archive, LIMITS)).get(".manifest")));
	for (const [name, sets] of Object.entries<Record<string, { input: string[] }>>(
		manifest.metadata.sallyport.depends,
	)) {
		for (const [set, { input }] of Object.entries(sets)) {
			for (const late of ["input", "input.command", "input.command.parameters", "input.command.stage"]) {
				assert.ok(!input.includes(late), `${name} ${set} depends on ${late}`);
			}
		}
	}
});

test("a policy that breaks the library's terms is not built, and every place is named", async (context) => {
	const directory = await directoryOf(context, {
		"a.rego": "package sallyport.command\n\ndecision := 1\n",
		"b.rego": "package sallyport.sql\n\nx := 1\n",
	});
	await rejects(
		buildBundle({ dirs: [directory] }),
		"policy_rules",
		/a\.rego:3: `decision` is the library's.*\n.*b\.rego:1: package sallyport\.sql/,
	);
});

test("a typo in the input is found against the schema, with the user's own path", async (context) => {
	const directory = await directoryOf(context, {
		"a.rego": 'package sallyport.command\n\ndeny contains {"rule": "r"} if input.comand.type == "sql"\n',
	});
	await rejects(
		buildBundle({ dirs: [directory] }),
		"policy_check",
		new RegExp(`${directory}/a\\.rego:3: .*input\\.comand`),
	);
});

test("a typo in the packs' data that a rule reads is found too", async (context) => {
	const directory = await directoryOf(context, {
		"a.rego": 'package sallyport.command\n\ndeny contains {"rule": "r"} if data.sallyport.packs.pii.colums\n',
	});
	await rejects(buildBundle({ dirs: [directory] }), "policy_check", /a\.rego:3: .*packs\.pii\.colums/);
});

test("a builtin that the gateway can't run is refused", async (context) => {
	const directory = await directoryOf(context, {
		"a.rego":
			'package sallyport.command\n\ndeny contains {"rule": "r"} if http.send({"method": "get", "url": "http://x"}).status_code == 200\n',
	});
	await rejects(buildBundle({ dirs: [directory] }), "policy_check", /http\.send/);
});

test("a syntax error is OPA's own, with the file", async (context) => {
	const directory = await directoryOf(context, { "a.rego": "package x\n\nallow if {\n" });
	await rejects(buildBundle({ dirs: [directory] }), "policy_rules", /a\.rego:4: unexpected eof token/);
});

test("data below sallyport is for the packs, in their form", async (context) => {
	const wrong = {
		policies: "sallyport: {policies: {}}",
		"packs.pi": "sallyport: {packs: {pi: {}}}",
		"packs.pii.column": "sallyport: {packs: {pii: {column: []}}}",
		"packs.pii.columns.0.columns.0": "sallyport: {packs: {pii: {columns: [{columns: [email]}]}}}",
		"packs.safe_defaults.permit.schema.0": "sallyport: {packs: {safe_defaults: {permit: {schema: [dba]}}}}",
	};
	for (const [place, yaml] of Object.entries(wrong)) {
		const directory = await directoryOf(context, { "data.yaml": yaml });
		await rejects(
			buildBundle({ dirs: [directory] }),
			"policy_data",
			new RegExp(`data\\.yaml: sallyport\\.${place.replaceAll(".", "\\.")}: `),
		);
	}
});

test("data of two directories is merged, and a conflict is an error", async (context) => {
	const one = await directoryOf(context, { "data.json": '{"a": {"x": 1}}' });
	const two = await directoryOf(context, { "a/data.json": '{"y": 2}' });
	const three = await directoryOf(context, { "a/data.json": '{"x": 2}' });
	const { archive } = await buildBundle({ dirs: [one, two], sequence: 1 });
	assert.deepEqual(JSON.parse(String((await readArchive(archive, LIMITS)).get("data.json"))), {
		a: { x: 1, y: 2 },
	});
	await rejects(buildBundle({ dirs: [one, three] }), "policy_data", /merge error/);
});

test("files that would be overlooked are errors", async (context) => {
	const directory = await directoryOf(context, { "teams.json": "{}" });
	await rejects(
		buildBundle({ dirs: [directory] }),
		"policy_source",
		/teams\.json: data files of a bundle are named/,
	);
	await rejects(buildBundle({ dirs: [join(directory, "no")] }), "policy_source", /not a directory/);
});

test("an opa that is not there is named", async () => {
	await rejects(buildBundle({ dirs: [], opa: "/nowhere/opa" }), "opa_missing", /\/nowhere\/opa/);
});

test("a sequence comes from SOURCE_DATE_EPOCH where it is set", () => {
	process.env["SOURCE_DATE_EPOCH"] = "1700000000";
	assert.equal(defaultSequence(), 1_700_000_000_000);
	delete process.env["SOURCE_DATE_EPOCH"];
	assert.ok(Math.abs(defaultSequence() - Date.now()) < 5000);
});

test("an old bundle is published again under a new sequence, its content unchanged", async () => {
	const old = await buildBundle({ dirs: [], sequence: 1 });
	const again = await republish(old.archive, { sequence: 2 });
	assert.equal(again.revision, old.revision);
	const [before, after] = await Promise.all([
		readArchive(old.archive, LIMITS),
		readArchive(again.archive, LIMITS),
	]);
	assert.deepEqual(before.get("policy.wasm"), after.get("policy.wasm"));
	assert.equal(JSON.parse(String(after.get(".manifest"))).metadata.sallyport.sequence, 2);
});

test("unsigned, the same sources give the same bytes whenever they are built, and an edit a higher sequence", async (context) => {
	const directory = await directoryOf(context, {
		"rules/freeze.rego": FREEZE,
		"calendar/data.yaml": "frozen: true\n",
	});
	const [first, second] = [
		await buildBundle({ dirs: [directory] }),
		await buildBundle({ dirs: [directory] }),
	];
	assert.ok(first.archive.equals(second.archive));
	await writeFile(join(directory, "rules", "more.rego"), "package helpers\n\nx := 1\n");
	const edited = await buildBundle({ dirs: [directory] });
	assert.ok(edited.sequence >= first.sequence && edited.revision !== first.revision);
});

test("a policy whose own tests fail is not built", async (context) => {
	const failing = "package sallyport.command_test\n\ntest_wrong if 1 == 2\n";
	const directory = await directoryOf(context, { "freeze.rego": FREEZE, "freeze_test.rego": failing });
	await rejects(buildBundle({ dirs: [directory] }), "policy_test", /test_wrong: FAIL/);
});

test("a policy brings a test of itself, which is asked before it is opened", async (context) => {
	const test = (rule: string) => `package sallyport.selftest\n\n${rule}\n`;
	for (const [rule, passes] of [
		['failed contains "never" if 1 > 2', true],
		['failed contains "the sky fell"', false],
	] as const) {
		const directory = await directoryOf(context, { "selftest.rego": test(rule) });
		const { archive } = await buildBundle({ dirs: [directory] });
		await writeFile(join(directory, "b.tar.gz"), archive);
		const opening = openPolicy(await readBundleAt(join(directory, "b.tar.gz")));
		if (passes) await opening;
		else await assert.rejects(opening, { code: "bundle_selftest", operator: /the sky fell/ });
	}
});
