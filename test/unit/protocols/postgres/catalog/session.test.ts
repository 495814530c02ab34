import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CatalogKeeper } from "../../../../../src/protocols/postgres/catalog/index.ts";
import { type RunningPostgres, startPostgres } from "../../../../support/postgres.ts";
import { connectTo, openSession, type Session } from "./support.ts";

for (const version of [15, 18] as const) {
	describe(`the catalog as a session sees it, PostgreSQL ${version}`, () => {
		let server: RunningPostgres;
		let keeper: CatalogKeeper;
		before(async () => {
			server = await startPostgres({ version });
			await server.query("CREATE SCHEMA app; CREATE TABLE app.t (id int, name text DEFAULT 'x')");
			await server.query("CREATE VIEW app.v AS SELECT id, name FROM app.t");
			await server.query("CREATE ROLE plain LOGIN; GRANT USAGE ON SCHEMA app TO plain");
			keeper = new CatalogKeeper({ connect: () => connectTo(server) });
		});
		after(async () => {
			keeper.close();
			await server.stop();
		});

		const within = async (work: (session: Session) => Promise<void>, user?: string) => {
			const session = await openSession(server, user);
			try {
				await work(session);
			} finally {
				session.close();
			}
		};

		test("has its temporary objects, which others don't", () =>
			within(async (session) => {
				await session.query("CREATE TEMP TABLE mine (a int, b text)");
				await session.query("CREATE TEMP VIEW sight AS SELECT a FROM mine");
				const [row] = await session.query("SELECT nspname FROM pg_namespace WHERE oid = pg_my_temp_schema()");
				const schema = row?.[0] ?? "";
				const catalog = await keeper.readSession(session.query);
				assert.deepEqual(
					catalog.relation(schema, "mine")?.columns.map(({ name }) => name),
					["a", "b"],
				);
				assert.equal(catalog.relation(schema, "mine")?.temporary, true);
				assert.match(catalog.relation(schema, "sight")?.viewDefinition ?? "", /FROM (mine|pg_temp.*mine)/);
				assert.ok(catalog.relation("app", "v")?.viewDefinition);
				assert.ok(catalog.epoch > (await keeper.current()).epoch);
				assert.equal((await keeper.current()).relation(schema, "mine"), undefined);
			}));

		test("has what its open transaction changed, and is not held up by its own locks", () =>
			within(async (session) => {
				await session.query("BEGIN");
				await session.query("ALTER TABLE app.t RENAME TO old");
				await session.query("CREATE TABLE app.t (other int)");
				const catalog = await keeper.readSession(session.query);
				assert.match(catalog.relation("app", "v")?.viewDefinition ?? "", /FROM app\.old/);
				assert.deepEqual(
					catalog.relation("app", "t")?.columns.map(({ name }) => name),
					["other"],
				);
				await session.query("ROLLBACK");
			}));

		for (const [where, enter, leave] of [
			["outside a block", [], []],
			["in a block", ["BEGIN"], ["COMMIT"]],
			["in a block that has set it", ["BEGIN", 'SET search_path = app, "We\'ird"'], ["COMMIT"]],
			["in a block that has set it for itself", ["BEGIN", "SET LOCAL search_path = app"], ["COMMIT"]],
		] as const) {
			test(`leaves the search path as it was, ${where}`, () =>
				within(async (session) => {
					const path = async () => (await session.query("SHOW search_path"))[0]?.[0];
					await session.query('SET search_path = app, "$user", public');
					for (const sql of enter) await session.query(sql);
					// Of two blocks that do the same, one reads the catalog: afterwards they are alike.
					const during = await path();
					await keeper.readSession(session.query);
					assert.equal(await path(), during);
					for (const sql of leave) await session.query(sql);
					const left = await path();
					await session.query('SET search_path = app, "$user", public');
					for (const sql of [...enter, ...leave]) await session.query(sql);
					assert.equal(left, await path());
				}));
		}

		test("reads definitions with every name qualified, whatever the session's path shows", () =>
			within(async (session) => {
				await session.query("SET search_path = app, public");
				await session.query("BEGIN");
				await session.query("ALTER TABLE app.t RENAME COLUMN name TO label"); // so that none is taken over
				const catalog = await keeper.readSession(session.query);
				assert.match(catalog.relation("app", "v")?.viewDefinition ?? "", /FROM app\.t/);
				await session.query("ROLLBACK");
			}));

		test("runs nothing of what the session's path would put before the server's own", () =>
			within(async (session) => {
				await server.query("CREATE SCHEMA evil; CREATE TABLE evil.log (a int)");
				await server.query(
					"CREATE FUNCTION evil.bite(oid, oid) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'bitten'; END $$",
				);
				await server.query("CREATE OPERATOR evil.= (FUNCTION = evil.bite, LEFTARG = oid, RIGHTARG = oid)");
				await server.query("CREATE OPERATOR evil.>= (FUNCTION = evil.bite, LEFTARG = oid, RIGHTARG = oid)");
				await server.query("CREATE TABLE evil.pg_class (oid oid); CREATE TYPE evil.oid AS (a int)");
				await server.query(
					"CREATE FUNCTION evil.set_config(text, text, boolean) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'bitten'; END $$",
				);
				await session.query("SET search_path = evil, pg_catalog");
				await assert.rejects(session.query("SELECT 1::oid = 1::pg_catalog.oid"), "the trap works");
				const catalog = await keeper.readSession(session.query);
				assert.ok(catalog.relation("evil", "pg_class"));
			}));

		test("needs no privileges beyond a plain user's", () =>
			within(async (session) => {
				await session.query("CREATE TEMP TABLE own (a int)");
				const catalog = await keeper.readSession(session.query);
				assert.ok(catalog.relation("app", "v")?.viewDefinition);
			}, "plain"));
	});
}
