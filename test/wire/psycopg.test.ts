import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pythonWithPsycopg } from "../support/clients/psycopg.ts";
import { run } from "./run.ts";
import { openWorld, type Road, VERSIONS, type World } from "./world.ts";

const PROGRAM = join(import.meta.dirname, "psycopg", "work.py");

/** What each step printed, by its name. */
async function work(road: Road): Promise<ReadonlyMap<string, unknown>> {
	const { code, stdout, stderr } = await run(await pythonWithPsycopg(), [PROGRAM, road.url]);
	assert.equal(code, 0, stderr);
	return new Map(
		stdout
			.trim()
			.split("\n")
			.map((line) => JSON.parse(line) as [string, unknown]),
	);
}

describe("psycopg 3 does the same work through the gateway as directly", () => {
	let world: World;
	before(async () => {
		world = await openWorld();
	});
	after(() => world.stop());

	for (const version of VERSIONS)
		it(`on PostgreSQL ${version}`, async (context) => {
			const expected = await work(world.direct(version));
			const found = await work(world.through(version));
			assert.ok(expected.size >= 30);
			assert.deepEqual([...found.keys()], [...expected.keys()]);
			for (const [step, outcome] of expected)
				await context.test(step.replaceAll("_", " "), () => {
					assert.doesNotMatch(JSON.stringify(outcome), /step failed/);
					assert.deepEqual(found.get(step), outcome);
				});
		});
});
