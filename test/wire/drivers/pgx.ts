import assert from "node:assert/strict";
import { pgxProgram } from "../../support/clients/pgx.ts";
import { run } from "../run.ts";
import type { Work } from "./outcome.ts";

const MODES = ["cache_statement", "cache_describe", "describe_exec", "exec", "simple_protocol"];

/** pgx's whole day, line by line; what the program takes is said at its top. */
const REQUESTS: readonly Readonly<Record<string, unknown>>[] = [
	{ op: "query", sql: "TRUNCATE scratch" },
	...MODES.flatMap((mode) => [
		{ op: "query", mode, sql: "SELECT 1 AS one, 'two' AS two, NULL AS three" },
		{ op: "query", mode, sql: "SELECT * FROM customers WHERE id <= $1::int ORDER BY id", args: [3] },
		{
			op: "query",
			mode,
			sql: "SELECT id, name FROM customers WHERE name = $1 AND id = $2::int",
			args: ["c7", 7],
		},
		{
			op: "query",
			mode,
			sql: "SELECT id, name FROM customers WHERE name = $1 AND id = $2::int",
			args: ["c8", 8],
		},
		{ op: "query", mode, sql: "SELECT $1::text, $2::float8, $3::bool", args: [null, 1.5, true] },
		{ op: "query", mode, sql: "INSERT INTO scratch VALUES ($1::int, $2) RETURNING *", args: [1, mode] },
		{ op: "query", mode, sql: "UPDATE scratch SET id = id + 1 WHERE note = $1", args: [mode] },
		{ op: "query", mode, sql: "SELECT 1 / $1::int", args: [0] },
		{ op: "query", mode, sql: "SELECT nope FROM customers" },
		{ op: "query", mode, sql: "SELECT spent($1::int)", args: [5] },
	]),
	{
		op: "query",
		sql: "SELECT ARRAY[1, NULL, 3]::int4[], ARRAY['a', NULL], '{\"a\": [1]}'::jsonb, 12.340::numeric",
	},
	{
		op: "query",
		sql: "SELECT date '2024-02-29', timestamp '2024-02-29 12:30:01.5', timestamptz '2024-02-29 12:30Z'",
	},
	{
		op: "query",
		sql: "SELECT interval '1 day 2 hours', uuid '00000000-0000-0000-0000-000000000001', inet '10.0.0.1/8'",
	},
	{ op: "query", sql: "SELECT int4range(1, 5), point(1, 2), B'101', '\\x00ff'::bytea, 'a=>b' ~ '=>'" },
	{ op: "query", sql: "SELECT g, repeat('x', 100) FROM generate_series(1, 20000) g" },
	{
		op: "batch",
		batch: [
			{ sql: "SELECT name FROM customers WHERE id = $1", args: [1] },
			{ sql: "SELECT name FROM customers WHERE id = $1", args: [2] },
			{ sql: "INSERT INTO scratch VALUES ($1, $2)", args: [50, "batch"] },
			{ sql: "SELECT note FROM scratch WHERE id = $1", args: [50] },
		],
	},
	{
		op: "batch",
		batch: [
			{ sql: "INSERT INTO scratch VALUES ($1, $2)", args: [51, "undone"] },
			{ sql: "SELECT 1 / $1::int", args: [0] },
			{ sql: "INSERT INTO scratch VALUES ($1, $2)", args: [52, "never"] },
		],
	},
	{ op: "query", sql: "SELECT id, note FROM scratch ORDER BY id, note" },
	{ op: "copy_in", sql: "COPY scratch FROM STDIN", data: "60\tsixty\n61\t\\N\n" },
	{ op: "copy_in", sql: "COPY scratch FROM STDIN", data: "x\tnot a number\n" },
	{ op: "copy_out", sql: "COPY (SELECT * FROM scratch ORDER BY id, note) TO STDOUT" },
	{ op: "query", sql: "TRUNCATE scratch" },
	{ op: "nested" },
	{ op: "query", sql: "SELECT * FROM scratch ORDER BY id" },
	{ op: "query", sql: "BEGIN" },
	{
		op: "query",
		sql: "DECLARE pages CURSOR FOR SELECT g, repeat('x', 100) FROM generate_series(1, 10000) g",
	},
	{ op: "query", sql: "FETCH 3000 FROM pages" },
	{ op: "query", sql: "FETCH ALL FROM pages" },
	{ op: "query", sql: "COMMIT" },
	{ op: "cancel", sql: "SELECT pg_sleep(30)" },
	{ op: "query", sql: "SELECT 'alive'" },
	{ op: "query", sql: "LISTEN news" },
	{ op: "query", sql: "NOTIFY news, 'one'" },
	{ op: "query", sql: "SELECT pg_notify('news', 'two')" },
	{ op: "listen", count: 2 },
	{ op: "query", sql: "DO $$ BEGIN RAISE NOTICE 'hello'; END $$" },
	{ op: "query", sql: "SET search_path TO pg_catalog" },
	{ op: "query", sql: "SELECT count(*) FROM customers" },
	{ op: "query", sql: "SET search_path TO public" },
	{ op: "query", sql: "SELECT id, name FROM customers WHERE name = $1 AND id = $2::int", args: ["c9", 9] },
	{ op: "copy_rows", count: 500_000 },
	{ op: "query", sql: "SELECT count(*), sum(id), sum(length(note)) FROM scratch" },
	{ op: "query", sql: "TRUNCATE scratch" },
];

/** pgx: a step is a request, and has its text for a name, with a number where it is made again. */
export const pgx: Work = async (road) => {
	const input = `${REQUESTS.map((request) => JSON.stringify(request)).join("\n")}\n`;
	const { code, stdout, stderr } = await run(await pgxProgram(), [`${road.url}?sslmode=disable`], { input });
	assert.equal(code, 0, stderr);
	const [connected, ...answers] = stdout.trim().split("\n");
	assert.equal(connected, "{}");
	assert.equal(answers.length, REQUESTS.length);
	const outcomes = new Map<string, unknown>();
	for (const [index, request] of REQUESTS.entries()) {
		const name = JSON.stringify(request);
		outcomes.set(outcomes.has(name) ? `${name} ${index}` : name, JSON.parse(answers[index] ?? ""));
	}
	return outcomes;
};
