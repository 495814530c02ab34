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
	const types = (name, config) => {
		const known = join("node_modules", ".cache", "types", `${config}.known`);
		const tsc = program("typescript", "bin", "tsc");
		return node(name, tsc, "-p", config, "--noEmit", "--incremental", "--tsBuildInfoFile", known);
	};
	const capabilities = join("policy-schemas", "capabilities.json");
	return [
		types("types of the product", "tsconfig.json"),
		types("types of tests and tools", "tsconfig.tests.json"),
		node("lint and format", program("@biomejs", "biome", "bin", "biome"), "check", "--error-on-warnings"),
		policy(
			"format of the policies",
			"fmt",
			"--fail",
			"--list",
			"policies",
			"policy-tests",
			"policy-template",
			"tools/demo",
		),
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

const AT_ONCE = 2;

/** Runs every check, whatever the others say. Answers how many passed and failed. */
export async function check() {
	const waiting = checks(await ensureOpa());
	const counts = { passed: 0, failed: 0 };
	const work = async () => {
		for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
			const ok = await runCheck(next);
			counts[ok ? "passed" : "failed"]++;
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, work));
	return counts;
}

async function runCheck({ name, program, args }) {
	const started = Date.now();
	const { ok, output } = await attempt(program, args, { cwd: ROOT });
	const time = dim(seconds(Date.now() - started));
	console.log(`  ${ok ? green("✓") : red("✗")} ${name} ${time}${ok ? "" : `\n${output}\n`}`);
	return ok;
}

export async function run() {
	const { failed } = await check();
	if (failed > 0) process.exitCode = 1;
}
