import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { AnalysedStatement } from "../../../src/protocols/postgres/analysis/index.ts";
import { openTruthWorld, type TruthWorld } from "./truth-world.ts";

const QUERIES = readFileSync(join(import.meta.dirname, "depends.sql"), "utf8")
	.split("\n")
	.filter((line) => line !== "" && !line.startsWith("--"));

const PATHS = [
	"public, a, b",
	"a, public, b",
	"b, a, public",
	'"$user", b, public, a',
	"b, pg_catalog, public, a",
];

/** Names at their limit, and those that only the quotes keep apart. */
const MORE = `
	CREATE TABLE public."ünïcode" (id int);
	CREATE TABLE public."ÜnÏcode" (id int, v text);
	CREATE TABLE a."ÜNÏCODE" (id int);
	CREATE TABLE public.a_name_that_is_longer_than_sixty_three_bytes_and_is_cut_at_that_point (id int);
	CREATE TABLE b."ä_name_that_is_longer_than_sixty_three_bytes_ääääääääääääääääääääää" (id int);
	CREATE SCHEMA postgres;
	CREATE TABLE postgres.t (id int, v text);`;

/** What the server says that a view depends on: `schema.relation` and `schema.relation.column`, users' functions. */
const DEPENDENCIES = `
	SELECT CASE d.refclassid WHEN 'pg_catalog.pg_proc'::pg_catalog.regclass THEN 'f' ELSE 'r' END,
		pg_catalog.concat(n.nspname, '.', c.relname, p.proname), a.attname
	FROM pg_catalog.pg_depend d
	JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
	LEFT JOIN pg_catalog.pg_class c ON d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND c.oid = d.refobjid
	LEFT JOIN pg_catalog.pg_proc p ON d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND p.oid = d.refobjid
	LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid AND d.refobjsubid > 0
	JOIN pg_catalog.pg_namespace n ON n.oid = coalesce(c.relnamespace, p.pronamespace)
	WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
		AND r.ev_class = (SELECT oid FROM pg_catalog.pg_class WHERE relname = 'depending')
		AND coalesce(c.relname, '') <> 'depending' AND c.relkind IS DISTINCT FROM 'c'`;

/** Where the two differ: what the analysis overlooks, and relations that it names and the view doesn't depend on. */
function differences({ policy }: AnalysedStatement, rows: readonly (readonly (string | null)[])[]): string[] {
	const direct = new Set(
		policy.relations.filter(({ via }) => via.length === 0).map(({ schema, name }) => `${schema}.${name}`),
	);
	const columns = new Set(policy.columns.map(({ schema, table, name }) => `${schema}.${table}.${name}`));
	const functions = new Set(policy.functions.map(({ schema, name }) => `${schema}.${name}`));
	const found: string[] = [];
	const needed = new Set<string>();
	for (const [kind, name = "", column] of rows) {
		if (kind === "f" && !functions.has(name ?? "")) found.push(`calls ${name}`);
		if (kind === "f") continue;
		needed.add(name ?? "");
		if (!direct.has(name ?? "")) found.push(`depends on ${name}`);
		if (column != null && !columns.has(`${name}.${column}`)) found.push(`reads ${name}.${column}`);
	}
	for (const name of direct)
		if (!needed.has(name) && !name.startsWith("pg_catalog.")) found.push(`names ${name}`);
	return found;
}

for (const version of [15, 18] as const) {
	describe(`what a view on PostgreSQL ${version} depends on`, () => {
		let world: TruthWorld;
		let compared = 0;
		before(async () => {
			world = await openTruthWorld(version, MORE);
		});
		after(() => world.stop());

		for (const sql of QUERIES) {
			it(sql, async () => {
				for (const path of PATHS) {
					const { rows, statement } = await world.depends(sql, path, DEPENDENCIES);
					if (rows === null) continue;
					compared++;
					assert.equal(statement.unresolved, null, path);
					assert.deepEqual(differences(statement, rows), [], path);
				}
			});
		}

		it("most of them were views", () => {
			assert.ok(compared > QUERIES.length * 3, `${compared} of ${QUERIES.length * PATHS.length}`);
		});
	});
}
