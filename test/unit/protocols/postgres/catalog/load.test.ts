import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
	type Catalog,
	CatalogKeeper,
	FIRST_USER_OID,
	type Relation,
} from "../../../../../src/protocols/postgres/catalog/index.ts";
import { whenClause } from "../../../../../src/protocols/postgres/catalog/read-relations.ts";
import { type RunningPostgres, startPostgres } from "../../../../support/postgres.ts";
import { connectTo } from "./support.ts";

const SCHEMA = `
CREATE SCHEMA app; CREATE SCHEMA "Od""d .";
CREATE TABLE app.customers (id serial PRIMARY KEY, email text NOT NULL, gone int, "Full Name" text DEFAULT upper('x'),
	twice int GENERATED ALWAYS AS (length(email) * 2) STORED, CHECK (length(email) > 1));
ALTER TABLE app.customers DROP COLUMN gone;
CREATE INDEX ON app.customers (lower(email)) WHERE length("Full Name") > 3;
CREATE VIEW app.mails AS SELECT c.id, lower(c.email) AS mail FROM app.customers c;
CREATE MATERIALIZED VIEW app.counts AS SELECT count(*) FROM app.mails;
CREATE TABLE app.orders (id int PRIMARY KEY, customer int REFERENCES app.customers ON DELETE CASCADE ON UPDATE SET NULL);
CREATE TABLE app.lines (o int REFERENCES app.orders);
CREATE TABLE app.parts (at date, n int) PARTITION BY RANGE ((n + 1));
CREATE TABLE app.part1 PARTITION OF app.parts FOR VALUES FROM (1) TO (9);
CREATE TABLE "Od""d ."."T.1" (a int);
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON app.customers FOR EACH ROW WHEN (new.email IS NOT NULL) EXECUTE FUNCTION app.touch();
CREATE TRIGGER off AFTER DELETE ON app.customers EXECUTE FUNCTION app.touch();
ALTER TABLE app.customers DISABLE TRIGGER off;
CREATE TRIGGER cut AFTER TRUNCATE ON app.customers EXECUTE FUNCTION app.touch();
CREATE RULE noted AS ON DELETE TO app.orders DO ALSO INSERT INTO app.lines VALUES (1);
ALTER TABLE app.orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON app.orders FOR SELECT USING (customer > 1);
CREATE POLICY add ON app.orders FOR INSERT WITH CHECK (customer > 2);
CREATE FUNCTION app.plus(a int, b int DEFAULT app.one(), OUT c int) LANGUAGE sql IMMUTABLE AS 'SELECT a + b';
CREATE FUNCTION app.atomic(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT count(*)::int FROM app.customers; END;
CREATE FUNCTION app.many(VARIADIC x int[]) RETURNS SETOF int LANGUAGE plpgsql STABLE SECURITY DEFINER
	SET search_path = app, pg_temp SET work_mem = '4MB' AS 'BEGIN RETURN QUERY SELECT 1; END';
CREATE FUNCTION app.cols(i int) RETURNS TABLE (x int, y text) LANGUAGE sql AS $$ SELECT 1, 'a' $$;
CREATE PROCEDURE app.act(INOUT a int) LANGUAGE plpgsql AS 'BEGIN COMMIT; END';
CREATE AGGREGATE app.total (int) (SFUNC = int4pl, STYPE = int, FINALFUNC = app.finish);
CREATE OPERATOR app.@+@ (FUNCTION = app.add3, LEFTARG = int, RIGHTARG = int);
CREATE DOMAIN app.small AS int DEFAULT 7 CHECK (VALUE < app.one() + 9);
CREATE TYPE app.mood AS ENUM ('a'); CREATE TYPE app.pair AS (x int, y text); CREATE TYPE app.span AS RANGE (SUBTYPE = int);
CREATE CAST (int AS app.pair) WITH FUNCTION app.to_pair(int) AS ASSIGNMENT;
CREATE FUNCTION app.audit() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER audit ON ddl_command_end EXECUTE FUNCTION app.audit();
CREATE EVENT TRIGGER quiet ON ddl_command_end EXECUTE FUNCTION app.audit(); ALTER EVENT TRIGGER quiet DISABLE;
`;
const FIRST = `
CREATE SCHEMA app;
CREATE FUNCTION app.one() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION app.finish(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION app.add3(int, int) RETURNS int LANGUAGE sql AS 'SELECT $1 + $2';
`;

for (const version of [15, 18] as const) {
	describe(`the catalog of PostgreSQL ${version}`, () => {
		let server: RunningPostgres;
		let keeper: CatalogKeeper;
		let catalog: Catalog;
		const relation = (schema: string, name: string): Relation => {
			const found = catalog.relation(schema, name);
			assert.ok(found, `${schema}.${name}`);
			return found;
		};
		before(async () => {
			server = await startPostgres({ version });
			await server.query(FIRST);
			const [before, cast] = SCHEMA.replace("CREATE SCHEMA app; ", "").split("CREATE CAST");
			await server.query(before ?? "");
			await server.query(
				"CREATE FUNCTION app.to_pair(int) RETURNS app.pair LANGUAGE sql AS 'SELECT $1, ''a'''",
			);
			await server.query(`CREATE CAST${cast}`);
			keeper = new CatalogKeeper({ connect: () => connectTo(server) });
			catalog = await keeper.current();
		});
		after(async () => {
			keeper.close();
			await server.stop();
		});

		test("knows the server and its schemas", () => {
			assert.equal(Math.floor(catalog.serverVersion / 10_000), version);
			for (const name of ["app", 'Od"d .', "public", "pg_catalog", "information_schema"]) {
				assert.ok(catalog.hasSchema(name), name);
			}
			assert.ok(!catalog.hasSchema("nope"));
		});

		test("columns are the live ones, with defaults and generated values", () => {
			const { columns, kind, oid } = relation("app", "customers");
			assert.equal(kind, "table");
			assert.deepEqual(
				columns.map(({ number, name, generated, defaultExpression }) => [
					number,
					name,
					generated,
					defaultExpression,
				]),
				[
					[1, "id", false, "nextval('app.customers_id_seq'::regclass)"],
					[2, "email", false, null],
					[4, "Full Name", false, "upper('x'::text)"],
					[5, "twice", true, "(length(email) * 2)"],
				],
			);
			assert.equal(catalog.relationByOid(oid), relation("app", "customers"));
			assert.ok(relation('Od"d .', "T.1"));
		});

		test("a view's definition has every name qualified", () => {
			assert.match(relation("app", "mails").viewDefinition ?? "", /FROM app\.customers/);
			assert.match(relation("app", "counts").viewDefinition ?? "", /FROM app\.mails/);
			assert.match(relation("pg_catalog", "pg_stat_activity").viewDefinition ?? "", /pg_stat_get_activity/);
			assert.equal(relation("app", "customers").viewDefinition, null);
		});

		test("what hangs on a relation is there, and what is disabled or internal is not", () => {
			const { triggers, checks, indexExpressions } = relation("app", "customers");
			const touch = catalog.functions("app", "touch")[0]?.oid;
			assert.deepEqual(
				triggers.map((trigger) => ({ ...trigger })).sort((a, b) => a.name.localeCompare(b.name)),
				[
					{ name: "cut", events: ["truncate"], functionOid: touch, when: null },
					{
						name: "touch",
						events: ["insert", "update"],
						functionOid: touch,
						when: "((new.email IS NOT NULL))",
					},
				],
			);
			assert.deepEqual(checks, ["(length(email) > 1)"]);
			assert.deepEqual(indexExpressions, ["lower(email)", '(length("Full Name") > 3)']);
			const { rules, policies } = relation("app", "orders");
			assert.equal(rules[0]?.event, "delete");
			assert.match(rules[0]?.definition ?? "", /INSERT INTO app\.lines/);
			assert.deepEqual(
				[...policies].sort((a, b) => a.command.localeCompare(b.command)),
				[
					{ command: "insert", using: null, check: "(customer > 2)" },
					{ command: "select", using: "(customer > 1)", check: null },
				],
			);
			assert.deepEqual(relation("app", "parts").indexExpressions, ["(n + 1)"]);
		});

		test("partitions and acting foreign keys lead to other relations", () => {
			const [parts, part1] = [relation("app", "parts"), relation("app", "part1")];
			assert.equal(parts.kind, "partitioned_table");
			assert.deepEqual([parts.children, part1.parents], [[part1.oid], [parts.oid]]);
			const orders = relation("app", "orders");
			assert.deepEqual(relation("app", "customers").cascades, [
				{ relation: orders.oid, on: "delete", action: "delete", defaults: false },
				{ relation: orders.oid, on: "update", action: "update", defaults: false },
			]);
			assert.deepEqual(orders.cascades, [], "one that only refuses doesn't act");
		});

		test("sequences, indexes, toast tables and composite types are found", async () => {
			assert.equal(relation("app", "customers_id_seq").kind, "sequence");
			assert.equal(relation("app", "customers_pkey").kind, "index");
			assert.equal(relation("app", "pair").kind, "composite_type");
			const toast = `pg_toast_${relation("app", "customers").oid}`;
			assert.equal(relation("pg_toast", toast).kind, "toast");
		});

		test("functions have their arguments, bodies and settings", () => {
			const named = (name: string) => {
				const found = catalog.functions("app", name);
				assert.equal(found.length, 1);
				return found[0];
			};
			const plus = named("plus");
			assert.deepEqual(
				[plus?.arguments, plus?.defaults, plus?.argumentNames, plus?.outputNames, plus?.defaultExpressions],
				[2, 1, ["a", "b"], ["c"], "app.one()"],
			);
			assert.deepEqual(
				[plus?.volatility, plus?.body, plus?.bodyIsBound],
				["immutable", "SELECT a + b", false],
			);
			const atomic = named("atomic");
			assert.equal(atomic?.bodyIsBound, true);
			assert.match(atomic?.body ?? "", /FROM app\.customers/);
			const many = named("many");
			assert.deepEqual(
				[many?.variadic, many?.returnsSet, many?.securityDefiner, many?.volatility, many?.settings],
				[true, true, true, "stable", ["search_path=app, pg_temp", "work_mem=4MB"]],
			);
			assert.deepEqual(named("cols")?.outputNames, ["x", "y"]);
			assert.deepEqual([named("act")?.kind, named("act")?.argumentNames], ["procedure", ["a"]]);
			const total = named("total");
			assert.equal(total?.kind, "aggregate");
			assert.ok(total?.support.includes(named("finish")?.oid ?? 0));
			assert.equal(catalog.functionByOid(plus?.oid ?? 0), plus);
			assert.equal(catalog.functions("pg_catalog", "substring").length > 3, true);
			assert.ok(catalog.functions("pg_catalog", "now").every(({ oid }) => oid < FIRST_USER_OID));
		});

		test("operators, types, casts and event triggers", () => {
			const [operator] = catalog.operators("@+@");
			assert.deepEqual([operator?.schema, operator?.leftType, operator?.rightType], ["app", 23, 23]);
			assert.equal(operator?.functionOid, catalog.functions("app", "add3")[0]?.oid);
			assert.ok(catalog.operators("=").length > 50);
			const small = catalog.type("app", "small");
			assert.deepEqual(
				[small?.kind, small?.baseType, small?.checks, small?.defaultExpression],
				["domain", 23, ["(VALUE < (app.one() + 9))"], "7"],
			);
			assert.equal(catalog.type("app", "mood")?.kind, "enum");
			assert.equal(catalog.type("app", "span")?.kind, "range");
			assert.equal(catalog.type("app", "_mood")?.elementType, catalog.type("app", "mood")?.oid);
			assert.equal(catalog.type("app", "pair")?.relationOid, relation("app", "pair").oid);
			assert.equal(catalog.type("pg_catalog", "int4")?.oid, 23);
			assert.equal(catalog.typeByOid(1007)?.elementType, 23);
			assert.equal(catalog.typeByOid(600)?.elementType, 0, "a point is no array");
			const target = catalog.type("app", "pair")?.oid;
			assert.deepEqual(
				catalog.userCasts.filter((cast) => cast.target === target),
				[
					{
						source: 23,
						target,
						functionOid: catalog.functions("app", "to_pair")[0]?.oid,
						context: "assignment",
					},
				],
			);
			assert.deepEqual(
				catalog.eventTriggers.map(({ name }) => name),
				["audit"],
			);
		});

		test("every relation, function and type of the database is there", async () => {
			for (const [table, find] of [
				["pg_class", (oid: number) => catalog.relationByOid(oid)],
				["pg_proc", (oid: number) => catalog.functionByOid(oid)],
				["pg_type", (oid: number) => catalog.typeByOid(oid)],
			] as const) {
				const missing = (await server.query(`SELECT oid FROM ${table}`)).filter(
					([oid]) => !find(Number(oid)),
				);
				assert.deepEqual(missing, [], table);
			}
		});
	});
}

test("a trigger's condition is found whatever the names around it are", () => {
	const definition = `CREATE TRIGGER "x WHEN (false) EXECUTE" BEFORE UPDATE OF "a(b" ON app."FOR EACH ROW WHEN (1)" FOR EACH ROW WHEN (((new.a)::text = ') EXECUTE'::text)) EXECUTE FUNCTION app.f('WHEN (x)')`;
	assert.equal(whenClause(definition), "(((new.a)::text = ') EXECUTE'::text))");
});
