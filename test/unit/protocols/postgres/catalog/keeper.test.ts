import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CatalogError, CatalogKeeper } from "../../../../../src/protocols/postgres/catalog/index.ts";
import { Grammar, GrammarError } from "../../../../../src/protocols/postgres/grammar/index.ts";
import { type RunningPostgres, startPostgres } from "../../../../support/postgres.ts";
import { connectTo, eventually, openSession } from "./support.ts";

const unavailable = (error: unknown) => error instanceof CatalogError && error.code === "catalog_unavailable";

for (const version of [15, 18] as const) {
	describe(`a catalog kept true, PostgreSQL ${version}`, () => {
		let server: RunningPostgres;
		before(async () => {
			server = await startPostgres({ version });
			await server.query("CREATE SCHEMA app; CREATE TABLE app.t (id int, name text)");
			await server.query("CREATE VIEW app.v AS SELECT id, name FROM app.t");
			await server.query("CREATE TABLE app.u (id int); CREATE VIEW app.w AS SELECT id FROM app.u");
		});
		after(() => server.stop());

		/** A keeper that asks every time, unless given another bound. */
		const keeping = async (work: (keeper: CatalogKeeper) => Promise<void>, staleBoundMs = 0) => {
			const keeper = new CatalogKeeper({ connect: () => connectTo(server), staleBoundMs });
			try {
				await work(keeper);
			} finally {
				keeper.close();
			}
		};

		const CHANGES: readonly (readonly [string, string])[] = [
			["a table", "CREATE TABLE app.new (a int)"],
			["a column", "ALTER TABLE app.new ADD COLUMN b int"],
			["a column's name", "ALTER TABLE app.new RENAME COLUMN b TO c"],
			["a column's type", "ALTER TABLE app.new ALTER COLUMN c TYPE bigint"],
			["a column's default", "ALTER TABLE app.new ALTER COLUMN c SET DEFAULT 1"],
			["another default", "ALTER TABLE app.new ALTER COLUMN c SET DEFAULT 2"],
			["a dropped column", "ALTER TABLE app.new DROP COLUMN c"],
			["a table's schema", "ALTER TABLE app.new SET SCHEMA public"],
			["a view", "CREATE OR REPLACE VIEW app.v AS SELECT id, upper(name) AS name FROM app.t"],
			["a function", "CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1'"],
			["a function's body", "CREATE OR REPLACE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 2'"],
			["a function's setting", "ALTER FUNCTION app.f() SET work_mem = '1MB'"],
			["a server's own function", "ALTER FUNCTION pg_catalog.lower(text) COST 2"],
			["a trigger function", "CREATE FUNCTION app.g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'"],
			["a trigger", "CREATE TRIGGER g AFTER INSERT ON app.t EXECUTE FUNCTION app.g()"],
			["a trigger's state", "ALTER TABLE app.t DISABLE TRIGGER g"],
			["a rule", "CREATE RULE r AS ON INSERT TO app.t DO ALSO SELECT 1"],
			["row security", "ALTER TABLE app.t ENABLE ROW LEVEL SECURITY"],
			["a policy", "CREATE POLICY p ON app.t USING (id > 1)"],
			["a policy's expression", "ALTER POLICY p ON app.t USING (id > 2)"],
			["a check", "ALTER TABLE app.t ADD CHECK (id > 0)"],
			["an index", "CREATE INDEX ON app.t (lower(name))"],
			["a domain", "CREATE DOMAIN app.d AS int CHECK (VALUE > 1)"],
			["a domain's check", "ALTER DOMAIN app.d ADD CHECK (VALUE > 2)"],
			["an operator", "CREATE OPERATOR app.@@@ (FUNCTION = int4pl, LEFTARG = int, RIGHTARG = int)"],
			["a cast", "CREATE CAST (int AS jsonb) WITH INOUT AS IMPLICIT"],
			["a schema", "CREATE SCHEMA other"],
			["a schema's privileges", "GRANT USAGE ON SCHEMA other TO PUBLIC"],
			["inheritance", "CREATE TABLE app.kid () INHERITS (app.t)"],
			["a parent lost", "ALTER TABLE app.kid NO INHERIT app.t"],
			["a role", "CREATE ROLE somebody"],
			["a membership", "GRANT somebody TO CURRENT_USER"],
			["a role's powers", "ALTER ROLE somebody NOINHERIT"],
			[
				"an event trigger's function",
				"CREATE FUNCTION app.e() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
			],
			["an event trigger", "CREATE EVENT TRIGGER e ON sql_drop EXECUTE FUNCTION app.e()"],
			["its state", "ALTER EVENT TRIGGER e DISABLE"],
			["a drop", "DROP TABLE app.kid"],
		];

		test("notices each kind of change, and moves the epoch", () =>
			keeping(async (keeper) => {
				let { epoch } = await keeper.current();
				for (const [what, ddl] of CHANGES) {
					await server.query(ddl);
					const now = await keeper.current();
					assert.ok(now.epoch > epoch, what);
					epoch = now.epoch;
				}
			}));

		test("does not move for data, maintenance, temporary objects and roll backs", () =>
			keeping(async (keeper) => {
				await server.query("ANALYZE"); // the first after a child was lost notes that once
				const before = await keeper.current();
				const session = await openSession(server);
				for (const sql of [
					"INSERT INTO app.u SELECT generate_series(1, 1000)",
					"ANALYZE app.u",
					"VACUUM app.u",
					"VACUUM FREEZE pg_class",
					"ANALYZE",
					"CREATE TEMP TABLE mine (a int PRIMARY KEY, b text CHECK (b > ''))",
					"CREATE TEMP VIEW sight AS SELECT a FROM mine",
					"CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
					"BEGIN",
					"CREATE TABLE app.never (a int)",
					"ROLLBACK",
				]) {
					await session.query(sql);
					assert.equal(await keeper.current(), before, sql);
				}
				session.close();
			}));

		test("leaves out other sessions' temporary objects", () =>
			keeping(async (keeper) => {
				const session = await openSession(server);
				await session.query("CREATE TEMP TABLE hidden (a int)");
				const [row] = await server.query(
					"SELECT oid, relnamespace::regnamespace FROM pg_class WHERE relname = 'hidden'",
				);
				const catalog = await keeper.current();
				assert.equal(catalog.relationByOid(Number(row?.[0])), undefined);
				assert.ok(!catalog.hasSchema(row?.[1] ?? ""));
				session.close();
			}));

		test("answers within the bound without asking, and after invalidate only after asking", () =>
			keeping(async (keeper) => {
				const before = await keeper.current();
				await server.query("CREATE TABLE app.later (a int)");
				assert.equal(keeper.peek(), before);
				keeper.invalidate();
				assert.equal(keeper.peek(), undefined);
				assert.ok((await keeper.current()).relation("app", "later"));
				await server.query("DROP TABLE app.later");
			}, 60_000));

		test("notices a change within the bound while it is used", () =>
			keeping(async (keeper) => {
				await keeper.current();
				await server.query("CREATE TABLE app.soon (a int)");
				const changed = Date.now();
				while (
					keeper.peek()?.relation("app", "soon") === undefined &&
					(await keeper.current()).relation("app", "soon") === undefined
				) {
					assert.ok(Date.now() - changed < 300, "more than the bound and the time to read");
					await new Promise((resolve) => setTimeout(resolve, 5));
				}
				await server.query("DROP TABLE app.soon");
			}, 100));

		test("asks once for all who ask at the same time", async () => {
			let reads = 0;
			const keeper = new CatalogKeeper({
				connect: async () => {
					const connection = await connectTo(server);
					const query = (sql: string) => {
						if (sql.includes("FROM pg_catalog.pg_attribute a")) reads++;
						return connection.query(sql);
					};
					return { query, close: () => connection.close() };
				},
			});
			const catalogs = await Promise.all(Array.from({ length: 50 }, () => keeper.current()));
			assert.equal(new Set(catalogs).size, 1);
			assert.equal(reads, 2, "the server's part and the user's");
			keeper.close();
		});

		test("a view whose table is locked is opaque until it can be read, and others are not", () =>
			keeping(async (keeper) => {
				const before = await keeper.current();
				assert.ok(before.relation("app", "w")?.viewDefinition);
				const session = await openSession(server);
				await session.query("BEGIN");
				await session.query("LOCK TABLE app.u IN ACCESS EXCLUSIVE MODE");
				// A rename elsewhere makes every definition be read anew.
				await server.query("ALTER TABLE app.t RENAME TO t2");
				const locked = await keeper.current();
				assert.equal(locked.relation("app", "w")?.viewDefinition, null);
				assert.match(locked.relation("app", "v")?.viewDefinition ?? "", /app\.t2/);
				assert.equal((await keeper.current()).epoch, locked.epoch, "nothing has changed");
				await session.query("ROLLBACK");
				assert.ok((await keeper.current()).relation("app", "w")?.viewDefinition);
				await server.query("ALTER TABLE app.t2 RENAME TO t");
				session.close();
			}));

		test("so are functions, rules and policies that name a locked table", () =>
			keeping(async (keeper) => {
				await server.query(`CREATE TABLE app.held (a int);
					CREATE FUNCTION app.counts() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM app.held; END;
					CREATE TABLE app.guarded (a int); ALTER TABLE app.guarded ENABLE ROW LEVEL SECURITY;
					CREATE POLICY among ON app.guarded USING (a IN (SELECT a FROM app.held));
					CREATE RULE copied AS ON UPDATE TO app.guarded DO ALSO DELETE FROM app.held;`);
				const session = await openSession(server);
				await session.query("BEGIN");
				await session.query("LOCK TABLE app.held IN ACCESS EXCLUSIVE MODE");
				const locked = await keeper.current();
				const [counts] = locked.functions("app", "counts");
				assert.deepEqual([counts?.body, counts?.bodyIsBound], [null, true]);
				const guarded = locked.relation("app", "guarded");
				const grammar = await Grammar.load(version * 10_000);
				for (const text of [
					guarded?.rules[0]?.definition,
					guarded?.policies[0]?.using,
					guarded?.policies[0]?.check,
				]) {
					assert.throws(() => grammar.parse(text ?? ""), GrammarError);
					assert.throws(() => grammar.parse(`SELECT ${text}`), GrammarError);
				}
				await grammar.close();
				// The session itself doesn't wait for its own lock.
				const own = await keeper.readSession(session.query);
				assert.match(own.functions("app", "counts")[0]?.body ?? "", /app\.held/);
				await session.query("ROLLBACK");
				const free = await keeper.current();
				assert.match(free.functions("app", "counts")[0]?.body ?? "", /app\.held/);
				assert.match(free.relation("app", "guarded")?.rules[0]?.definition ?? "", /DELETE FROM app\.held/);
				assert.match(free.relation("app", "guarded")?.policies[0]?.using ?? "", /app\.held/);
				assert.equal(free.relation("app", "guarded")?.policies[0]?.check, null);
				session.close();
			}));

		test("a session with a temporary table doesn't wait for others' locks", () =>
			keeping(async (keeper) => {
				await keeper.current();
				const [session, other] = [await openSession(server), await openSession(server)];
				await session.query("CREATE TEMP TABLE mine (a int)");
				await other.query("BEGIN");
				await other.query("LOCK TABLE app.held, app.t, app.u IN ACCESS EXCLUSIVE MODE");
				const catalog = await keeper.readSession(session.query);
				assert.ok(catalog.relation("app", "v")?.viewDefinition);
				await other.query("ROLLBACK");
				session.close();
				other.close();
			}));

		test("connects anew when its connection was ended", () =>
			keeping(async (keeper) => {
				const before = await keeper.current();
				await server.query(
					"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sallyport catalog'",
				);
				await server.query("CREATE TABLE app.after (a int)");
				assert.ok((await keeper.current()).epoch > before.epoch);
				await server.query("DROP TABLE app.after");
			}));

		test("a connection can't write and sees no schema but by name", async () => {
			let query: ((sql: string) => Promise<unknown>) | undefined;
			const keeper = new CatalogKeeper({
				connect: async () => {
					const connection = await connectTo(server);
					query = (sql) => connection.query(sql);
					return connection;
				},
			});
			await keeper.current();
			await assert.rejects(query?.("CREATE TABLE app.no (a int)") ?? Promise.resolve(), /read-only/);
			assert.deepEqual(await query?.("SHOW search_path"), [['""']]);
			keeper.close();
		});

		test("rejects while the server can't be reached, and once it is closed", async () => {
			let down = true;
			let attempts = 0;
			const keeper = new CatalogKeeper({
				connect: () => {
					attempts++;
					return down ? Promise.reject(new Error("no route")) : connectTo(server);
				},
				staleBoundMs: 0,
			});
			for (let attempt = 0; attempt < 20; attempt++) await assert.rejects(keeper.current(), unavailable);
			assert.equal(attempts, 1, "the others fell within the pause");
			assert.equal(keeper.peek(), undefined);
			down = false;
			await eventually("connects again", () =>
				keeper.current().then(
					() => true,
					() => false,
				),
			);
			keeper.close();
			assert.equal(keeper.peek(), undefined);
			await assert.rejects(
				keeper.current(),
				(error) => error instanceof CatalogError && error.code === "catalog_closed",
			);
		});
	});
}

test("a server that stops makes the catalog unknown, not old", async () => {
	const server = await startPostgres({ version: 15 });
	const keeper = new CatalogKeeper({ connect: () => connectTo(server), staleBoundMs: 50 });
	await keeper.current();
	await server.stop();
	await new Promise((resolve) => setTimeout(resolve, 60));
	assert.equal(keeper.peek(), undefined);
	await assert.rejects(keeper.current(), unavailable);
	keeper.close();
});
