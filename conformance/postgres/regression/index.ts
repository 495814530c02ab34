import { ensurePostgres15 } from "../../../test/support/clients/postgres-15.ts";
import { psqlProgram } from "../../../test/support/clients/psql.ts";
import type { Outcome, Progress, Road, Suite } from "../../suite.ts";
import { setStage } from "../stage.ts";
import { makeDatabase, SETTINGS } from "./database.ts";
import { runTest } from "./psql.ts";
import { scheduled } from "./schedule.ts";
import { regressionSource } from "./source.ts";
import { makeWorkspace } from "./workspace.ts";

const DATABASE = "regression";

/**
 * PostgreSQL's own regression suite: each test of its schedule, one after the other, run by psql as `pg_regress` runs
 * it. What counts is not what the suite expects but that both roads give the same bytes.
 */
export const regression: Suite = {
	name: "postgres-regress",
	prepare: async () => {
		await ensurePostgres15();
		await psqlProgram();
		await regressionSource();
	},
	run,
};

async function run(road: Road, progress: Progress): Promise<Outcome> {
	const source = await regressionSource();
	const workspace = await makeWorkspace(source);
	const stage = await setStage(road, DATABASE, { version: 15, settings: SETTINGS }, makeDatabase);
	try {
		const tests = scheduled(source);
		const results = new Map<string, string>();
		for (const test of tests) {
			progress(results.size, tests.length);
			results.set(test, await runTest(test, workspace, stage.client));
		}
		return { summary: `${results.size} tests`, results };
	} finally {
		await stage.stop();
		workspace.remove();
	}
}
