import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProgram } from "../../program.ts";
import type { Outcome, Progress, Road, Suite } from "../../suite.ts";
import { tally } from "../../tally.ts";
import { setStage } from "../stage.ts";
import { asyncpgSource } from "./source.ts";

const DATABASE = "postgres";
/** Made and dropped by the suite. */
const OWN_DATABASES = ["asyncpg_intro_test", "testdb"];

/** The suite's own settings for servers that it starts itself: compiling queries would upset what it times. */
const SETTINGS = { jit: "off" };

/**
 * The suite itself sets no bound to a test as a whole. Its longest makes a thousand tables, which takes less than a
 * minute either way on a machine that does nothing else.
 */
const HANGS_AFTER_S = 600;

/** Against a server that is there already; tests that need one of their own skip themselves, on both roads. */
export const asyncpg: Suite = {
	name: "asyncpg",
	prepare: async () => {
		await asyncpgSource();
	},
	run,
};

async function run(road: Road, progress: Progress): Promise<Outcome> {
	const { directory, python } = await asyncpgSource();
	const stage = await setStage(
		road,
		DATABASE,
		{ version: 15, settings: SETTINGS },
		async () => {},
		OWN_DATABASES,
	);
	const scratch = mkdtempSync(join(tmpdir(), "sallyport-asyncpg-"));
	try {
		const { host, port, user, password, database } = stage.client;
		const env = {
			PGHOST: host,
			PGPORT: String(port),
			PGUSER: user,
			PGPASSWORD: password,
			PGDATABASE: database,
			PGSSLMODE: "disable",
			PYTHONDONTWRITEBYTECODE: "1",
		};
		const report = join(scratch, "report.xml");
		const args = [
			"-m",
			"pytest",
			"-v",
			"-p",
			"no:cacheprovider",
			`--timeout=${HANGS_AFTER_S}`,
			`--junitxml=${report}`,
			"tests",
		];
		let done = 0;
		await startProgram(python, args, { cwd: directory, env }, (line) => {
			if (/(PASSED|FAILED|SKIPPED|ERROR) +\[/.test(line)) progress(++done);
		});
		const results = outcomesOf(readFileSync(report, "utf8"));
		return { summary: tally(results), results };
	} finally {
		rmSync(scratch, { recursive: true, force: true });
		await stage.stop();
	}
}

/** pytest's JUnit report: a test that failed, or could not be set up, has an element that says why. */
function outcomesOf(report: string): Map<string, string> {
	const results = new Map<string, string>();
	for (const [, place, name, body = ""] of report.matchAll(
		/<testcase classname="([^"]*)" name="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g,
	)) {
		const outcome = /<(failure|error)\b/.test(body) ? "fail" : body.includes("<skipped") ? "skip" : "pass";
		const test = `${place}.${name}`;
		// A test has an element for each of its subtests; it passed when all of them did.
		if (results.get(test) !== "fail") results.set(test, outcome);
	}
	return results;
}
