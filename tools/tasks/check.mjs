/** `npm run check`: everything that can be said of the sources without running them. */
import { join } from "node:path";
import { attempt } from "../setup/command.mjs";
import { ensureOpa } from "../setup/opa.mjs";
import { ROOT } from "../setup/places.mjs";
import { dim, green, red, seconds } from "./style.mjs";

const program = (...path) => join(ROOT, "node_modules", ...path);

function checks(opa) {
	const node = (name, script, ...args) => ({ name, program: process.execPath, args: [script, ...args] });
	const policy = (name, ...args) => ({ name, program: opa, args });
	const capabilities = join("policy-schemas", "capabilities.json");
	return [
		node("types of the product", program("typescript", "bin", "tsc"), "-p", ".", "--noEmit"),
		node(
			"types of tests and tools",
			program("typescript", "bin", "tsc"),
			"-p",
			"tsconfig.tests.json",
			"--noEmit",
		),
		node("lint and format", program("@biomejs", "biome", "bin", "biome"), "check", "--error-on-warnings"),
		policy("format of the policies", "fmt", "--fail", "--list", "policies", "policy-tests", "tools/demo"),
		policy(
			"types of the policies",
			"check",
			"--strict",
			"-s",
			"policy-schemas",
			"--capabilities",
			capabilities,
			"policies",
		),
		node("import graph", "--test", join("test", "house", "imports.test.ts")),
	];
}

/** Runs every check, whatever the others say. Answers how many passed and failed. */
export async function check() {
	const opa = await ensureOpa();
	const counts = { passed: 0, failed: 0 };
	for (const { name, program, args } of checks(opa)) {
		const started = Date.now();
		const { ok, output } = await attempt(program, args, { cwd: ROOT });
		const time = dim(seconds(Date.now() - started));
		console.log(`  ${ok ? green("✓") : red("✗")} ${name} ${time}${ok ? "" : `\n${output}\n`}`);
		counts[ok ? "passed" : "failed"]++;
	}
	return counts;
}

export async function run() {
	const { failed } = await check();
	if (failed > 0) process.exitCode = 1;
}
