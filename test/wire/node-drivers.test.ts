import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import postgres from "postgres";
import { openWorld, type Road, VERSIONS, type World } from "./world.ts";

type Outcome = readonly [string, unknown];

/** What an error says, in a form that can be compared. */
function failure(error: unknown): unknown {
	const { code, severity, message, detail, hint, position, table, constraint } = error as pg.DatabaseError;
	return { code, severity, message, detail, hint, position, table, constraint };
}

const outcomeOf = async (work: () => Promise<unknown>): Promise<unknown> => {
	try {
		return await work();
	} catch (error) {
		return failure(error);
	}
};

const TYPES =
	"SELECT id, name, balance, born, seen, tags, extra, photo, active, NULL AS nothing FROM customers";

/** node-postgres: each line of work with what came of it. */
async function nodePostgres(road: Road): Promise<Outcome[]> {
	const { host, port, user, password, database } = road;
	const client = new pg.Client({ host, port, user, password, database, ssl: false });
	const notices: string[] = [];
	const heard: string[] = [];
	client.on("notice", ({ message }) => notices.push(message ?? ""));
	client.on("notification", ({ channel, payload }) => heard.push(`${channel} ${payload}`));
	await client.connect();
	const outcomes: Outcome[] = [];
	const step = async (name: string, work: () => Promise<unknown>) =>
		void outcomes.push([name, await outcomeOf(work)]);
	const rows = async (config: pg.QueryConfig | string, values?: unknown[]) =>
		(await client.query(config as pg.QueryConfig, values)).rows as unknown;
	try {
		await step("start", () => rows("TRUNCATE scratch"));
		await step("simple", () => rows(`${TYPES} WHERE id < 4 ORDER BY id`));
		await step("parameters", () => rows(`${TYPES} WHERE id < $1 ORDER BY id`, [4]));
		await step("binary", () =>
			rows({
				text: "SELECT $1::int AS i, $2::text AS t, 2.5::float8 AS f, true AS b",
				values: [1, "x"],
				binary: true,
			} as pg.QueryConfig),
		);
		for (const id of [1, 2, 3])
			await step("named", () =>
				rows({ name: "by-id", text: "SELECT name FROM customers WHERE id = $1", values: [id] }),
			);
		await step("values of many types", () =>
			rows("SELECT $1::int[] a, $2::jsonb b, $3::timestamptz c, $4::bytea d, $5::numeric e, $6::text f", [
				[1, null, 3],
				{ deep: [1, { a: null }] },
				new Date("2024-02-29T12:30:00.500Z"),
				Buffer.from([0, 255]),
				"12.340",
				null,
			]),
		);
		await step("several", async () => {
			const results = (await client.query(
				"SELECT 1 AS a; SELECT 2 AS b, 3 AS c",
			)) as unknown as pg.QueryResult[];
			return results.map(({ rows: found, command, rowCount }) => [found, command, rowCount]);
		});
		await step("at once", async () =>
			Promise.all(Array.from({ length: 50 }, (_, n) => rows("SELECT $1::int * 2 AS n", [n]))),
		);
		await step("an error among them", async () =>
			Promise.all([1, 0, 2].map((n) => outcomeOf(() => rows("SELECT 10 / $1::int AS n", [n])))),
		);
		for (const sql of [
			"SELEC 1",
			"SELECT nope",
			"SELECT * FROM nowhere",
			"INSERT INTO orders (id, total) VALUES (9000, -1)",
		])
			await step(sql, () => rows(sql));
		await step("begin", () => rows("BEGIN"));
		await step("insert", () => rows("INSERT INTO scratch VALUES ($1, $2) RETURNING *", [1, "one"]));
		await step("fails", () => rows("SELECT 1/0"));
		await step("ignored", () => rows("SELECT 1"));
		await step("rollback", () => rows("ROLLBACK"));
		await step("nothing left", () => rows("SELECT count(*) FROM scratch"));
		await step("listen", () => rows("LISTEN news"));
		await step("notify", () => rows("NOTIFY news, 'hello'"));
		if (heard.length === 0) await once(client, "notification");
		await step("heard", async () => heard);
		await step("notice", () => rows("DO $$ BEGIN RAISE NOTICE 'seen'; END $$"));
		await step("notices", async () => notices);
		await step("large", async () => {
			const found = (await rows("SELECT repeat('x', 1000) AS t FROM generate_series(1, 20000)")) as {
				t: string;
			}[];
			return [found.length, found.every(({ t }) => t.length === 1000)];
		});
		await step("page by page", async () => {
			const pages: unknown[] = [];
			await client.query("BEGIN; DECLARE c CURSOR FOR SELECT id FROM customers ORDER BY id");
			for (let page = 0; page < 3; page++) pages.push((await client.query("FETCH 4 FROM c")).rows);
			await client.query("COMMIT");
			return pages;
		});
	} finally {
		await client.end();
	}
	return outcomes;
}

/** postgres.js: the same, with what it does of its own: prepared statements by default, pipelines, cursors, COPY. */
async function postgresJs(road: Road): Promise<Outcome[]> {
	const { host, port, user, password, database } = road;
	const notices: string[] = [];
	const sql = postgres({
		...{ host, port, user, password, database, max: 1, ssl: false, idle_timeout: 0, fetch_types: true },
		onnotice: (notice) => void notices.push(`${notice["severity"]} ${notice["message"]}`),
	});
	const outcomes: Outcome[] = [];
	const step = async (name: string, work: () => Promise<unknown>) =>
		void outcomes.push([name, await outcomeOf(work)]);
	try {
		await step("start", async () => [...(await sql`TRUNCATE scratch`)]);
		await step("types", async () => [...(await sql`SELECT * FROM customers WHERE id < ${4} ORDER BY id`)]);
		await step("again", async () => [...(await sql`SELECT * FROM customers WHERE id < ${3} ORDER BY id`)]);
		await step("values", async () => [
			...(await sql`SELECT ${sql.array([1, 2])}::int[] a, ${sql.json({ b: [1] })}::jsonb b, ${null}::text c, ${true}::bool d`),
		]);
		await step("pipeline", async () =>
			Promise.all(Array.from({ length: 50 }, (_, n) => sql`SELECT ${n}::int AS n`)),
		);
		await step("simple", async () => [...(await sql`SELECT 1 AS a; SELECT 2 AS b`.simple())]);
		await step("insert helper", async () => [
			...(await sql`INSERT INTO scratch ${sql([
				{ id: 1, note: "a" },
				{ id: 2, note: "b" },
			])} RETURNING *`),
		]);
		await step("transaction", async () =>
			sql.begin(async (transaction) => {
				await transaction`INSERT INTO scratch VALUES (3, 'c')`;
				const lost = await outcomeOf(() =>
					transaction.savepoint(async (inner) => {
						await inner`INSERT INTO scratch VALUES (4, 'd')`;
						await inner`SELECT 1 / ${0}::int`;
					}),
				);
				return [lost, [...(await transaction`SELECT * FROM scratch ORDER BY id`)]];
			}),
		);
		await step("rolled back", async () =>
			sql.begin(async (transaction) => {
				await transaction`DELETE FROM scratch WHERE id > 0`;
				throw new Error("on second thoughts");
			}),
		);
		await step("kept", async () => [...(await sql`SELECT count(*) FROM scratch`)]);
		await step("cursor", async () => {
			const pages: number[] = [];
			for await (const page of sql`SELECT g FROM generate_series(1, 1000) g`.cursor(300))
				pages.push(page.length);
			return pages;
		});
		await step("for each", async () => {
			let sum = 0;
			await sql`SELECT g FROM generate_series(1, 5000) g`.forEach(({ g }) => {
				sum += g as number;
			});
			return sum;
		});
		await step("describe", async () => {
			const { types, columns } = await sql`SELECT name FROM customers WHERE id = ${1}`.describe();
			return [types, columns.map(({ name, type }) => [name, type])];
		});
		await step("copy in", async () => {
			const writable = await sql`COPY scratch FROM STDIN`.writable();
			writable.end("10\tten\n11\t\\N\n");
			await once(writable, "finish");
			return [...(await sql`SELECT * FROM scratch WHERE id >= 10 ORDER BY id`)];
		});
		await step("copy out", async () => {
			let text = "";
			for await (const chunk of await sql`COPY (SELECT * FROM scratch ORDER BY id) TO STDOUT`.readable())
				text += chunk;
			return text;
		});
		await step("error", async () => sql`SELECT ${"x"}::int`);
		await step("unknown", async () => sql`SELECT * FROM nowhere WHERE id = ${1}`);
		await step("cancel", async () => {
			const query = sql`SELECT pg_sleep(30)`;
			const outcome = outcomeOf(async () => query);
			await sleep(300);
			query.cancel();
			return outcome;
		});
		await step("alive", async () => [...(await sql`SELECT 1 AS one`)]);
		await step("notice", async () => {
			await sql`DO $$ BEGIN RAISE WARNING 'careful'; END $$`.simple();
			return notices;
		});
		await step("listen", async () => {
			const heard: string[] = [];
			const { unlisten } = await sql.listen("news", (payload) => void heard.push(payload));
			await sql.notify("news", "hello");
			for (let tries = 0; heard.length === 0 && tries < 200; tries++) await sleep(10);
			await unlisten();
			return heard;
		});
	} finally {
		await sql.end({ timeout: 5 });
	}
	return outcomes;
}

/** The steps that are meant to fail: any other that does would compare one failure with another. */
const FAILING: Readonly<Record<string, readonly string[]>> = {
	"node-postgres": [
		...[
			"SELEC 1",
			"SELECT nope",
			"SELECT * FROM nowhere",
			"INSERT INTO orders (id, total) VALUES (9000, -1)",
		],
		...["fails", "ignored"],
	],
	"postgres.js": ["rolled back", "error", "unknown", "cancel"],
};

const failed = (outcomes: readonly Outcome[]) =>
	outcomes.filter(([, outcome]) => outcome instanceof Object && "severity" in outcome).map(([name]) => name);

describe("the drivers for Node do the same work through the gateway as directly", () => {
	let world: World;
	before(async () => {
		world = await openWorld();
	});
	after(() => world.stop());

	for (const version of VERSIONS)
		for (const [name, work] of Object.entries({ "node-postgres": nodePostgres, "postgres.js": postgresJs }))
			it(`${name} on PostgreSQL ${version}`, async () => {
				const expected = await work(world.direct(version));
				assert.deepEqual(failed(expected), FAILING[name]);
				const found = await work(world.through(version));
				for (const [index, outcome] of expected.entries()) assert.deepEqual(found[index], outcome);
				assert.equal(found.length, expected.length);
			});
});
