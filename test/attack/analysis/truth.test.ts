import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { AnalysedStatement } from "../../../src/protocols/postgres/analysis/index.ts";
import { openTruthWorld, type Touched, type TruthWorld } from "./truth-world.ts";

const STATEMENTS = readFileSync(join(import.meta.dirname, "truth.sql"), "utf8")
	.split("\n")
	.filter((line) => line !== "");

/** Where names are looked for, in orders in which each schema has its turn before the server's own. */
const PATHS = [
	"public",
	"a, public",
	"b, a, public",
	"a, pg_catalog, public",
	"b, pg_catalog",
	"public, a, pg_temp",
];

/** Temporary objects that take the place of others in this session. */
const SHADOWS = `
	CREATE TEMP TABLE t (id int, v text);
	INSERT INTO t VALUES (1, 'temporary');
	CREATE TEMP VIEW hidden AS SELECT id, v FROM b.t;
	CREATE FUNCTION pg_temp.low(text) RETURNS text LANGUAGE sql AS 'SELECT v FROM a.hidden'`;
const SHADOWED = "b, a, public";

/** Of what the server touched, what the analysis neither lists nor covers by calling the statement opaque. */
function overlooked({ policy, writes }: AnalysedStatement, touched: Touched): string[] {
	if (policy.opaque) return [];
	const relations = new Set(policy.relations.map(({ schema, name }) => `${schema}.${name}`));
	const functions = new Set(policy.functions.map(({ schema, name }) => `${schema}.${name}`));
	const filled = policy.relations
		.filter(({ access }) => access.includes("create") || access.includes("refresh"))
		.map(({ schema, name }) => `${schema}.${name}`);
	const written = new Set([...writes.map(({ relation }) => relation), ...filled]);
	return [
		...touched.read.filter((name) => !relations.has(name)).map((name) => `reads ${name}`),
		...touched.written
			.filter((name) => !written.has(name) && !written.has(own(name)))
			.map((name) => `writes ${name}`),
		...touched.functions.filter((name) => !functions.has(name)).map((name) => `runs ${name}`),
	];
}

/** A session's first temporary object makes the schema, whose name nobody knows beforehand. */
const own = (name: string): string => name.replace(/^pg_temp_\d+\./, "pg_temp.");

for (const [version, paths] of [
	[15, PATHS],
	[18, PATHS.slice(0, 3)],
] as const) {
	describe(`what PostgreSQL ${version} itself counts as touched`, () => {
		let world: TruthWorld;
		const count = { compared: 0, opaque: 0 };
		before(async () => {
			world = await openTruthWorld(version);
		});
		after(() => world.stop());

		for (const sql of STATEMENTS) {
			it(sql, async () => {
				for (const path of paths) {
					for (const before of path === SHADOWED ? ["", SHADOWS] : [""]) {
						const { touched, statement } = await world.run(sql, path, before);
						if (touched.error !== null) continue;
						const where = `${path}${before === "" ? "" : ", temporary objects"}`;
						assert.equal(statement.unresolved, null, where);
						assert.deepEqual(overlooked(statement, touched), [], where);
						count.compared++;
						if (statement.policy.opaque) count.opaque++;
					}
				}
			});
		}

		it("most of it ran, and much of that without being called opaque", () => {
			assert.ok(count.compared > STATEMENTS.length * (paths.length - 1), `${count.compared} runs`);
			assert.ok(count.opaque < count.compared * 0.75, `${count.opaque} of ${count.compared} opaque`);
		});
	});
}
