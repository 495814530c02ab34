import assert from "node:assert/strict";
import { test } from "node:test";
import { CatalogKeeper } from "../../../../../src/protocols/postgres/catalog/index.ts";
import { startPostgres } from "../../../../support/postgres.ts";
import { connectTo, openSession } from "./support.ts";

/** Sessions that make and drop tables, views and functions as fast as they can, until they are told to stop. */
const CHURNS = 3;
const READINGS = 10;

test("while others change the catalog without a pause, it is read all the same, and no older than when it was asked for", async () => {
	const server = await startPostgres({ version: 15 });
	const keeper = new CatalogKeeper({ connect: () => connectTo(server), staleBoundMs: 50 });
	const own = await openSession(server);
	let going = true;
	let changes = 0;
	const churn = async (number: number): Promise<void> => {
		const session = await openSession(server);
		for (let count = 0; going; count++) {
			await session.query(`CREATE TABLE churn_${number}_${count % 5} (id int, a text)`);
			await session.query(`CREATE VIEW seen_${number} AS SELECT a FROM churn_${number}_${count % 5}`);
			await session.query(`DROP TABLE churn_${number}_${count % 5} CASCADE`);
			changes += 3;
		}
		session.close();
	};
	const churns = Array.from({ length: CHURNS }, (_, number) => churn(number));
	try {
		for (let round = 0; round < READINGS; round++) {
			await own.query(`CREATE TABLE mine_${round} (id int)`);
			await own.query(`ALTER TABLE mine_${round} ADD COLUMN made_${round} int`);
			keeper.invalidate();
			const catalog = await keeper.current();
			const columns = catalog.relation("public", `mine_${round}`)?.columns.map(({ name }) => name);
			assert.deepEqual(columns, ["id", `made_${round}`]);
		}
		assert.ok(changes > READINGS, `${changes} changes`);
	} finally {
		going = false;
		await Promise.all(churns);
		own.close();
		keeper.close();
		await server.stop();
	}
});
