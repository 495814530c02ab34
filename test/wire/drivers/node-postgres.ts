import { createHash } from "node:crypto";
import { once } from "node:events";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import Cursor from "pg-cursor";
import { outcomeOf, type Work } from "./outcome.ts";

const TYPES =
	"SELECT id, name, balance, born, seen, tags, extra, photo, active, NULL AS nothing FROM customers";

/** What the types leave out: the connection that is never opened sends the other's key. */
interface Canceller {
	cancel(client: pg.Client, query: pg.Query): void;
}

/** node-postgres: each line of work with what came of it. */
export const nodePostgres: Work = async (road) => {
	const { host, port, user, password, database } = road;
	const client = new pg.Client({ host, port, user, password, database, ssl: false });
	const notices: string[] = [];
	const heard: string[] = [];
	client.on("notice", ({ message }) => notices.push(message ?? ""));
	client.on("notification", ({ channel, payload }) => heard.push(`${channel} ${payload}`));
	await client.connect();
	const outcomes = new Map<string, unknown>();
	const step = async (name: string, work: () => Promise<unknown>) =>
		void outcomes.set(name, await outcomeOf(work));
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
			await step(`named ${id}`, () =>
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
		await step("cursor", async () => {
			const cursor = client.query(new Cursor("SELECT g FROM generate_series(1, $1::int) g", [1_000]));
			const pages: number[] = [];
			for (let page = await cursor.read(300); page.length > 0; page = await cursor.read(300))
				pages.push(page.length);
			await cursor.close();
			return pages;
		});
		await step("copy in", async () => {
			const lines = Array.from({ length: 100 }, (_, n) => `${n}\t${"y".repeat(90)}\n`).join("");
			await pipeline(
				Readable.from(Array(300).fill(lines)),
				client.query(copyFrom("COPY scratch FROM STDIN")),
			);
			return rows("SELECT count(*), sum(id), sum(length(note)) FROM scratch");
		});
		await step("copy in that is refused", () =>
			pipeline(Readable.from(["x\tno number\n"]), client.query(copyFrom("COPY scratch FROM STDIN"))),
		);
		await step("copy out", async () => {
			const hash = createHash("sha256");
			await pipeline(client.query(copyTo("COPY (SELECT * FROM scratch ORDER BY id) TO STDOUT")), hash);
			return hash.digest("hex");
		});
		await step("cancel", async () => {
			const query = new pg.Query("SELECT pg_sleep(30)");
			const over = new Promise((resolve, reject) => query.on("error", reject).on("end", resolve));
			client.query(query);
			await sleep(200);
			const canceller = new pg.Client({ host, port, user, password, database, ssl: false });
			(canceller as unknown as Canceller).cancel(client, query);
			return over;
		});
		await step("alive", () => rows("SELECT 1 AS one"));
	} finally {
		await client.end();
	}
	return outcomes;
};
