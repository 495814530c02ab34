import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { nodePostgres } from "./drivers/node-postgres.ts";
import type { Outcomes, Work } from "./drivers/outcome.ts";
import { pgjdbc } from "./drivers/pgjdbc.ts";
import { pgx } from "./drivers/pgx.ts";
import { postgresJs } from "./drivers/postgres-js.ts";
import { psycopg } from "./drivers/psycopg.ts";
import { tokioPostgres } from "./drivers/tokio-postgres.ts";
import { openWorld, VERSIONS, type World } from "./world.ts";

const DRIVERS = {
	"node-postgres": nodePostgres,
	"postgres.js": postgresJs,
	"psycopg 3": psycopg,
	pgx,
	pgjdbc,
	"tokio-postgres": tokioPostgres,
} as const satisfies Record<string, Work>;
type Driver = keyof typeof DRIVERS;

/** The steps of the two that name them as the scenarios are named. */
const own = (scenario: string) => ({ pgjdbc: [scenario], "tokio-postgres": [scenario] });

/** Which of each driver's steps show it, by their names or how these begin. No driver can go without. */
const SCENARIOS: Readonly<Record<string, Readonly<Record<Driver, readonly string[]>>>> = {
	"prepared statements": {
		"node-postgres": ["named 1", "named 2", "named 3"],
		"postgres.js": ["types", "again", "describe"],
		"psycopg 3": ["a_statement_prepared_and_used_again", "a_prepared_statement_whose_table_changes"],
		pgx: ['{"op":"query","mode":"cache_statement"', '{"op":"query","mode":"cache_describe"'],
		...own("prepared statements"),
	},
	pipelining: {
		"node-postgres": ["at once", "an error among them"],
		"postgres.js": ["pipeline"],
		"psycopg 3": ["a_pipeline", "a_pipeline_that_fails_in_the_middle"],
		pgx: ['{"op":"batch"'],
		...own("pipelining"),
	},
	batch: {
		"node-postgres": ["several"],
		"postgres.js": ["simple", "insert helper"],
		"psycopg 3": ["executemany", "several_statements_in_one_text"],
		pgx: ['{"op":"batch"'],
		...own("batch"),
	},
	binary: {
		"node-postgres": ["binary"],
		"postgres.js": ["values"], // it knows text only
		"psycopg 3": ["the_same_in_binary"],
		pgx: ['{"op":"query","sql":"SELECT date', '{"op":"copy_rows"'],
		...own("binary"),
	},
	arrays: {
		"node-postgres": ["values of many types"],
		"postgres.js": ["values"],
		"psycopg 3": ["parameters_of_many_types"],
		pgx: ['{"op":"query","sql":"SELECT ARRAY'],
		...own("arrays"),
	},
	"large results by cursor": {
		"node-postgres": ["cursor", "page by page"],
		"postgres.js": ["cursor"],
		"psycopg 3": ["a_named_cursor", "a_cursor_that_scrolls_and_is_held"],
		pgx: ['{"op":"query","sql":"FETCH'],
		...own("cursor"),
	},
	"COPY in": {
		"node-postgres": ["copy in", "copy in that is refused"],
		"postgres.js": ["copy in"],
		"psycopg 3": ["copy_in_and_out", "copy_in_binary", "fifty_megabytes_both_ways"],
		pgx: ['{"op":"copy_in"', '{"op":"copy_rows"'],
		...own("COPY in"),
	},
	"COPY out": {
		"node-postgres": ["copy out"],
		"postgres.js": ["copy out"],
		"psycopg 3": ["copy_in_and_out", "fifty_megabytes_both_ways"],
		pgx: ['{"op":"copy_out"'],
		...own("COPY out"),
	},
	"LISTEN and NOTIFY": {
		"node-postgres": ["listen", "notify", "heard"],
		"postgres.js": ["listen"],
		"psycopg 3": ["listening"],
		pgx: ['{"op":"query","sql":"LISTEN', '{"op":"listen"'],
		...own("LISTEN and NOTIFY"),
	},
	cancel: {
		"node-postgres": ["cancel", "alive"],
		"postgres.js": ["cancel", "alive"],
		"psycopg 3": ["a_statement_that_is_cancelled"],
		pgx: ['{"op":"cancel"'],
		...own("cancel"),
	},
	"transactions and savepoints": {
		"node-postgres": ["begin", "fails", "ignored", "rollback", "nothing left"],
		"postgres.js": ["transaction", "rolled back", "kept"],
		"psycopg 3": ["transactions_and_savepoints", "a_failed_transaction"],
		pgx: ['{"op":"nested"'],
		...own("transactions and savepoints"),
	},
	"error codes": {
		"node-postgres": ["SELEC 1", "SELECT nope", "SELECT * FROM nowhere", "INSERT INTO orders"],
		"postgres.js": ["error", "unknown"],
		"psycopg 3": ["errors_and_their_fields"],
		pgx: ['{"op":"query","mode":"exec","sql":"SELECT nope', '{"op":"query","mode":"exec","sql":"SELECT 1 /'],
		...own("error codes"),
	},
};

/** The steps of the drivers for Node that are meant to fail; programs say of a step that failed that it did. */
const FAILING: Readonly<Partial<Record<Driver, readonly string[]>>> = {
	"node-postgres": [
		...["SELEC 1", "SELECT nope", "SELECT * FROM nowhere"],
		"INSERT INTO orders (id, total) VALUES (9000, -1)",
		...["fails", "ignored", "copy in that is refused", "cancel"],
	],
	"postgres.js": ["rolled back", "error", "unknown", "cancel"],
};

function assertSound(driver: Driver, outcomes: Outcomes): void {
	for (const [step, outcome] of outcomes)
		assert.doesNotMatch(`${JSON.stringify(outcome)}`, /step failed/, step);
	const expected = FAILING[driver];
	if (expected === undefined) return;
	const failed = [...outcomes].filter(([, outcome]) => outcome instanceof Object && "severity" in outcome);
	assert.deepEqual(
		failed.map(([step]) => step),
		expected,
	);
}

describe("drivers do the same work through the gateway as directly", () => {
	let world: World;
	before(async () => {
		world = await openWorld();
	});
	after(() => world.stop());

	for (const version of VERSIONS)
		for (const [driver, work] of Object.entries(DRIVERS) as [Driver, Work][])
			describe(`${driver} on PostgreSQL ${version}`, () => {
				let expected: Outcomes;
				let found: Outcomes;
				before(async () => {
					expected = await work(world.direct(version));
					assertSound(driver, expected);
					found = await work(world.through(version));
				});

				for (const [scenario, steps] of Object.entries(SCENARIOS))
					it(scenario, () => {
						for (const step of steps[driver]) {
							const names = [...expected.keys()].filter((name) => name.startsWith(step));
							assert.notEqual(names.length, 0, `there is no step ${step}`);
							for (const name of names) assert.deepEqual(found.get(name), expected.get(name), name);
						}
					});

				it("all that it does", () => {
					assert.deepEqual([...found.keys()], [...expected.keys()]);
					for (const [step, outcome] of expected) assert.deepEqual(found.get(step), outcome, step);
				});
			});
});
