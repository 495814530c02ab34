/** What `npm test` runs, and how its arguments choose among it. */
import { readdirSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { SetupFailure } from "../../setup/failure.mjs";
import { ROOT } from "../../setup/places.mjs";
import { check } from "../check.mjs";
import { playDemo } from "./demo.mjs";
import { testPolicies } from "./policies.mjs";

/** Directories below `test/`; then what is no test file. */
const DIRECTORIES = ["house", "unit", "cases", "wire", "acceptance", "attack"];
const OTHERS = [
	{ name: "policies", run: testPolicies },
	{ name: "check", run: check },
	{ name: "demo", run: playDemo },
];

const SUITE_NAMES = [...DIRECTORIES, ...OTHERS.map(({ name }) => name)];

/**
 * The suites that the arguments name: suites by name, files, directories; all of them without any. Each has either test
 * files or something else to run.
 * @returns {({ name: string, files: string[] } | { name: string, run: () => Promise<{ passed: number, failed: number }> })[]}
 */
export function chooseSuites(args) {
	const names = args.length === 0 ? SUITE_NAMES : args;
	return names.map((name) => {
		const suite = suiteNamed(name) ?? suiteAt(name);
		if (suite !== undefined) return suite;
		throw new SetupFailure(
			`There are no tests in ${name}.`,
			`Name files, directories or suites: ${SUITE_NAMES.join(", ")}.`,
		);
	});
}

function suiteNamed(name) {
	return DIRECTORIES.includes(name)
		? suiteAt(join(ROOT, "test", name), name)
		: OTHERS.find((suite) => suite.name === name);
}

function suiteAt(path, name = relative(ROOT, resolve(path))) {
	const found = statSync(path, { throwIfNoEntry: false });
	if (found === undefined) return undefined;
	const files = found.isDirectory()
		? readdirSync(path, { recursive: true, encoding: "utf8" })
				.filter((file) => file.endsWith(".test.ts"))
				.map((file) => resolve(path, file))
				.sort()
		: [resolve(path)];
	return files.length === 0 ? undefined : { name, files };
}
