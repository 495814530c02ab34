import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { advance, type Picture } from "../../../../../src/protocols/postgres/catalog/advance.ts";
import { readAll } from "../../../../../src/protocols/postgres/catalog/changes.ts";
import {
	loadCatalog,
	loadServerCatalog,
	type ServerCatalog,
} from "../../../../../src/protocols/postgres/catalog/load.ts";
import type { CatalogQuery } from "../../../../../src/protocols/postgres/catalog/query.ts";
import type { CatalogSnapshot } from "../../../../../src/protocols/postgres/catalog/snapshot.ts";
import { type RunningPostgres, startPostgres } from "../../../../support/postgres.ts";
import { openSession, type Session } from "./support.ts";

/** Each follows on those before it. True: too rare to be followed, so that all is read again. */
const DDL: readonly (string | readonly [string, true])[] = [
	"CREATE TABLE app.base (id int PRIMARY KEY, name text DEFAULT 'x' CHECK (name <> ''), n int)",
	"CREATE TABLE app.child () INHERITS (app.base)",
	"CREATE TABLE app.refers (id int REFERENCES app.base ON DELETE CASCADE ON UPDATE SET NULL)",
	"CREATE VIEW app.seen AS SELECT id, name FROM app.base",
	"CREATE OR REPLACE VIEW app.seen AS SELECT id, upper(name) AS name FROM app.base",
	"CREATE FUNCTION app.f(a int, b app.base DEFAULT NULL) RETURNS SETOF app.base LANGUAGE sql AS 'SELECT * FROM app.base'",
	"CREATE FUNCTION app.f(text) RETURNS int LANGUAGE sql RETURN 1",
	"CREATE FUNCTION app.t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
	"CREATE TRIGGER t BEFORE INSERT ON app.base FOR EACH ROW WHEN (NEW.id > 1) EXECUTE FUNCTION app.t()",
	"ALTER TABLE app.base DISABLE TRIGGER t",
	"CREATE RULE r AS ON DELETE TO app.child DO INSTEAD DELETE FROM app.refers",
	"ALTER TABLE app.base ENABLE ROW LEVEL SECURITY",
	"CREATE POLICY p ON app.base USING (id > 1) WITH CHECK (n > 2)",
	"ALTER POLICY p ON app.base USING (id > 3)",
	"CREATE INDEX by_expression ON app.base (lower(name)) WHERE id > 3",
	"CREATE STATISTICS app.stats ON lower(name), n FROM app.base",
	"DROP STATISTICS app.stats",
	"CREATE DOMAIN app.small AS int CHECK (VALUE < 10) DEFAULT 3",
	"ALTER DOMAIN app.small ADD CONSTRAINT positive CHECK (VALUE > 0)",
	"CREATE TYPE app.pair AS (a int, b app.small)",
	"CREATE TYPE app.mood AS ENUM ('sad', 'ok')",
	["CREATE TYPE app.span AS RANGE (subtype = int)", true], // makes a cast, too
	"CREATE TABLE app.parts (a int, b text) PARTITION BY RANGE ((a + 1), b)",
	"CREATE TABLE app.part PARTITION OF app.parts DEFAULT",
	"ALTER TABLE app.parts DETACH PARTITION app.part",
	"ALTER TABLE app.base ADD COLUMN more int GENERATED ALWAYS AS (id + 1) STORED, ADD COLUMN late int",
	"ALTER TABLE app.base ALTER COLUMN late TYPE bigint",
	"ALTER TABLE app.base ALTER COLUMN n SET DEFAULT 7",
	"ALTER TABLE app.base ALTER COLUMN n DROP DEFAULT",
	["ALTER TABLE app.base RENAME COLUMN name TO called", true],
	["ALTER TABLE app.refers RENAME TO refers_to", true],
	["ALTER TABLE app.refers_to SET SCHEMA public", true],
	["CREATE SCHEMA second CREATE TABLE t2 (a int)", true],
	["CREATE OPERATOR app.=== (FUNCTION = int4eq, LEFTARG = int, RIGHTARG = int)", true],
	["CREATE CAST (app.mood AS int) WITH INOUT", true],
	["CREATE OPERATOR CLASS app.ops FOR TYPE app.pair USING btree AS STORAGE app.pair", true],
	["CREATE ROLE reader", true],
	"GRANT SELECT ON app.base TO reader",
	["CREATE OR REPLACE FUNCTION app.f(text) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'", true],
	"DROP INDEX app.by_expression",
	"DROP POLICY p ON app.base",
	"DROP RULE r ON app.child",
	"DROP TRIGGER t ON app.base",
	"ALTER TABLE app.base DROP CONSTRAINT base_name_check",
	"ALTER TABLE public.refers_to DROP CONSTRAINT refers_id_fkey",
	"ALTER DOMAIN app.small DROP CONSTRAINT positive",
	"ALTER TABLE app.child NO INHERIT app.base",
	"DROP FUNCTION app.f(text)",
	"ALTER TABLE app.base DROP COLUMN more",
	"CREATE MATERIALIZED VIEW app.kept AS SELECT id FROM app.base",
	"CREATE SEQUENCE app.counter",
	["DROP TYPE app.pair CASCADE", true], // with its operator class
	"DO 'BEGIN FOR i IN 1..20 LOOP EXECUTE format(''CREATE TABLE app.many%s (a int, b text CHECK (b > %L))'', i, i); END LOOP; END'",
	"BEGIN; CREATE TABLE app.never (a int); ROLLBACK",
	"BEGIN; DROP TABLE app.many1; CREATE TABLE app.many1 (other int); COMMIT",
	"BEGIN; SAVEPOINT s; ALTER TABLE app.many2 ADD COLUMN c int; RELEASE s; DROP TABLE app.many3; COMMIT",
	"DROP TABLE app.base CASCADE",
	["DROP SCHEMA app CASCADE", true],
];

for (const version of [15, 18] as const) {
	describe(`a picture of the catalog that follows what changes, PostgreSQL ${version}`, () => {
		let server: RunningPostgres;
		let control: Session;
		let query: CatalogQuery;
		let own: ServerCatalog;
		before(async () => {
			server = await startPostgres({ version });
			await server.query("CREATE SCHEMA app");
			control = await openSession(server);
			query = control.query;
			await query("SET search_path = ''");
			own = await loadServerCatalog(query);
		});
		after(async () => {
			control.close();
			await server.stop();
		});

		const whole = async (on: CatalogQuery = query, session = false): Promise<CatalogSnapshot> =>
			loadCatalog(on, { server: own, epoch: 0, session });
		let epoch = 0;
		const step = (picture: Picture) => advance(query, picture, { server: own, epoch: () => ++epoch });

		test("is after each change what reading all of it gives", async () => {
			let picture: Picture = { reading: await readAll(query), catalog: await whole() };
			for (const entry of DDL) {
				const [ddl, rare] = typeof entry === "string" ? [entry, false] : entry;
				await server.query(ddl);
				const reading = await readAll(query);
				const next = await step(picture);
				assert.equal(next === null, rare, ddl);
				const read = await whole();
				picture = next ?? { reading, catalog: read };
				assert.deepEqual(contents(picture.catalog), contents(read), ddl);
				assert.deepEqual(picture.reading.ledgers, reading.ledgers, ddl);
				const again = await step(picture);
				assert.equal(again?.catalog, picture.catalog, `${ddl}: nothing more`);
			}
		});

		test("of several changes at once, too, and beside a transaction that is open for long", async () => {
			await server.query("DROP SCHEMA IF EXISTS app CASCADE; CREATE SCHEMA app");
			const old = await openSession(server);
			await old.query("BEGIN");
			await old.query("CREATE TABLE app.slow (a int)");
			let picture: Picture = { reading: await readAll(query), catalog: await whole() };
			for (const ddl of ["CREATE TABLE app.a (x int)", "CREATE VIEW app.b AS SELECT x FROM app.a"])
				await server.query(ddl);
			picture = (await step(picture)) ?? assert.fail("all was to be read again");
			assert.deepEqual(contents(picture.catalog), contents(await whole()));
			assert.equal((await step(picture))?.catalog, picture.catalog, "nothing more beside it");
			await old.query("COMMIT");
			await server.query("DROP VIEW app.b");
			picture = (await step(picture)) ?? assert.fail("all was to be read again");
			assert.deepEqual(contents(picture.catalog), contents(await whole()));
			assert.ok(picture.catalog.relation("app", "slow"));
			old.close();
		});

		test("is for a session what it sees itself: its temporary objects, its transaction, what it has undone", async () => {
			const session = await openSession(server);
			const picture: Picture = { reading: await readAll(query), catalog: await whole() };
			for (const sql of [
				"CREATE TEMP TABLE mine (a int PRIMARY KEY, b text DEFAULT 'x' CHECK (b > ''))",
				"CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
				"CREATE TEMP VIEW sight AS SELECT a FROM mine",
				"CREATE TABLE app.shared (a int)",
				"CREATE TEMP TABLE heir (c int) INHERITS (app.shared)",
				"BEGIN",
				"CREATE TABLE app.uncommitted (a int)",
				"SAVEPOINT s",
				"ALTER TABLE app.shared ADD COLUMN b int",
				"DROP TABLE mine CASCADE",
				"ROLLBACK TO s",
				"DROP FUNCTION pg_temp.f()",
				"COMMIT",
			]) {
				await session.query(sql);
				const seen = await advance(session.query, picture, {
					server: own,
					epoch: () => ++epoch,
					session: true,
				});
				assert.ok(seen !== null, sql);
				assert.deepEqual(contents(seen.catalog), contents(await whole(session.query, true)), sql);
			}
			session.close();
		});
	});
}

/** All that a catalog says of the user's objects, in an order that doesn't depend on how it was read. */
function contents({ user }: CatalogSnapshot): unknown {
	const byOid = <T extends { readonly oid: number }>(objects: ReadonlyMap<number, T>) =>
		[...objects.values()].sort((a, b) => a.oid - b.oid).map((object) => sorted(object));
	const named = [...user.relations.values()].map(({ schema, name }) => user.relation(schema, name)?.oid);
	return {
		schemas: [...user.schemas].sort(),
		relations: byOid(user.relations),
		functions: byOid(user.functions),
		types: byOid(user.types),
		found: named.sort(),
		overloads: [...user.functions.values()]
			.map(({ schema, name }) =>
				user
					.functionsNamed(schema, name)
					.map(({ oid }) => oid)
					.sort()
					.join(),
			)
			.sort(),
		operators: user.operators,
		casts: user.userCasts,
	};
}

/** Lists without an order of their own come as the server's rows lie. */
function sorted(object: object): unknown {
	const lists = ["children", "cascades", "checks", "indexExpressions", "triggers", "rules", "policies"];
	return Object.fromEntries(
		Object.entries(object).map(([name, value]) =>
			lists.includes(name)
				? [name, [...(value as unknown[])].map((item) => JSON.stringify(item)).sort()]
				: [name, value],
		),
	);
}
