import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { outcomeOf, type Work } from "./outcome.ts";

/** postgres.js: each line of work with what came of it. */
export const postgresJs: Work = async (road) => {
	const { host, port, user, password, database } = road;
	const notices: string[] = [];
	const sql = postgres({
		...{ host, port, user, password, database, max: 1, ssl: false, idle_timeout: 0, fetch_types: true },
		onnotice: (notice) => void notices.push(`${notice["severity"]} ${notice["message"]}`),
	});
	const outcomes = new Map<string, unknown>();
	const step = async (name: string, work: () => Promise<unknown>) =>
		void outcomes.set(name, await outcomeOf(work));
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
};
