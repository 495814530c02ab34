import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Opa } from "../../../src/policy/build/opa.ts";
import {
	capabilitiesFile,
	libraryDirectory,
	packageRoot,
	schemaDirectory,
} from "../../../src/policy/build/package-root.ts";
import { readSources } from "../../../src/policy/build/sources.ts";
import { ENTRYPOINTS } from "../../../src/policy/index.ts";

const opa = await Opa.find();
const policyTests = join(packageRoot(), "policy-tests");

interface Annotated {
	readonly path: readonly { readonly value: string }[];
	readonly annotations: {
		readonly scope: string;
		readonly description?: string;
		readonly entrypoint?: boolean;
	};
}
const { annotations } = await opa.json<{ annotations: Annotated[] }>([
	"inspect",
	"-a",
	"-f",
	"json",
	libraryDirectory(),
]);
const nameOf = ({ path }: Annotated): string => path.map(({ value }) => value).join(".");

test("the library is formatted and passes OPA's strict check with schemas and capabilities", async () => {
	await opa.run(["fmt", "--fail", "--list", libraryDirectory(), policyTests]);
	const schemas = ["-s", schemaDirectory(), "--capabilities", capabilitiesFile()];
	await opa.run(["check", "--strict", ...schemas, libraryDirectory()]);
});

test("the policy tests pass and cover every line of what ships", async () => {
	const report = await opa.json<{ coverage: number; files: Record<string, { coverage: number }> }>([
		"test",
		"--coverage",
		libraryDirectory(),
		policyTests,
	]);
	const { rego } = await readSources(libraryDirectory());
	assert.deepEqual(
		rego.filter((file) => report.files[file.shown]?.coverage !== 100).map((file) => file.relative),
		[],
	);
});

test("every rule of the library says what it means", async () => {
	const described = new Set(annotations.filter((each) => each.annotations.description).map(nameOf));
	for (const file of (await readSources(libraryDirectory())).rego) {
		const module = await opa.json<{
			package: { path: { value: string }[] };
			rules: { head: { ref: { value: string }[] } }[];
		}>(["parse", "--format", "json", file.shown]);
		const prefix = module.package.path.map(({ value }) => value).join(".");
		for (const { head } of module.rules) {
			const name = `${prefix}.${head.ref[0]?.value}`;
			assert.ok(described.has(name), `${file.relative}: ${name} has no description`);
		}
	}
});

test("the library's entrypoints are those that the gateway asks", () => {
	const entrypoints = annotations.filter((each) => each.annotations.entrypoint).map(nameOf);
	assert.deepEqual(entrypoints.sort(), ENTRYPOINTS.map((name) => `data.${name.replaceAll("/", ".")}`).sort());
});

test("no helper of the library takes the whole input, which would make every rule depend on everything", async () => {
	for (const file of (await readSources(libraryDirectory())).rego) {
		const text = await readFile(file.shown, "utf8");
		const code = text.replaceAll(/^\s*#.*$/gm, "");
		assert.doesNotMatch(code, /\binput(\.command)?\s*[,)\]}]/, file.relative);
	}
});
