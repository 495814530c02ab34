import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { contributed, isPure } from "../../../../../src/protocols/postgres/catalog/index.ts";
import { openWorld, type World } from "./world.ts";

const EXTENSIONS =
	"citext hstore pg_trgm uuid-ossp pgcrypto btree_gin btree_gist unaccent ltree intarray fuzzystrmatch tablefunc cube " +
	"earthdistance seg isn pg_stat_statements sslinfo intagg dblink lo";
/** Made by a superuser, who alone can: what they are called says nothing. */
const PRETENDERS = `
	CREATE FUNCTION akeys(text) RETURNS text LANGUAGE sql VOLATILE AS 'SELECT pg_read_file($1)';
	CREATE FUNCTION similarity(text) RETURNS text LANGUAGE c AS '$libdir/dblink', 'dblink_exec';
	CREATE FUNCTION digest(text) RETURNS text LANGUAGE c AS '$libdir/dblink', 'dblink_connect';
	CREATE FUNCTION file(text) RETURNS text LANGUAGE internal AS 'pg_read_file_all';
	CREATE FUNCTION low(text) RETURNS text LANGUAGE internal AS 'lower';
	CREATE TABLE crowd (id int, name citext UNIQUE, tags hstore, path ltree, note text);
	CREATE INDEX ON crowd USING gist (note gist_trgm_ops)`;

for (const version of [15, 18] as const) {
	describe(`extensions that come with PostgreSQL ${version}`, () => {
		let world: World;
		before(async () => {
			const made = EXTENSIONS.split(" ").map((name) => `CREATE EXTENSION "${name}"`);
			world = await openWorld(version, `SET search_path = public; ${made.join(";")};${PRETENDERS}`);
		});
		after(() => world.stop());

		const only = async (sql: string) => {
			const [statement] = await world.analyse(sql);
			assert.ok(statement !== undefined);
			assert.equal(statement.unresolved, null, sql);
			return statement;
		};

		for (const sql of [
			"SELECT name, tags -> 'a', tags ? 'b' FROM crowd WHERE name = 'Ann' AND path <@ 'top.science'",
			"SELECT hstore('a', note), akeys(tags), tags || 'x=>1'::hstore FROM crowd",
			"SELECT max(name), min(name) FROM crowd GROUP BY name ORDER BY name",
			"SELECT * FROM crowd WHERE note % 'word' ORDER BY similarity(note, 'word') LIMIT 5",
			"SELECT gen_random_uuid(), uuid_generate_v4(), encode(digest(note, 'sha256'), 'hex') FROM crowd",
			"SELECT crypt(note, gen_salt('bf')), pgp_sym_encrypt(note, 'k'), unaccent(note) FROM crowd",
			"SELECT levenshtein(note, 'x'), soundex(note), metaphone(note, 4) FROM crowd",
			"SELECT uniq(sort(ARRAY[3, 1])), ARRAY[1, 2] & ARRAY[2]",
			"SELECT earth_distance(ll_to_earth(1, 2), ll_to_earth(3, 4)), '(1, 2)'::cube, normal_rand(1, 0, 1)",
			"SELECT int_array_aggregate(id), '978-0-393-04002-9'::isbn FROM crowd",
			"INSERT INTO crowd (id, name, tags, path) VALUES (1, 'Ann', 'a=>1', 'top.x')",
			"SELECT low('X')",
		]) {
			it(`is understood: ${sql}`, async () => {
				const { policy } = await only(sql);
				assert.deepEqual(policy.opaque_reasons, []);
				assert.deepEqual(policy.effects, [sql.startsWith("INSERT") ? "write" : "read"]);
			});
		}

		for (const sql of [
			"SELECT * FROM crosstab('SELECT name, id, note FROM crowd') AS c(a text, b text)",
			"SELECT * FROM connectby('crowd', 'id', 'parent', '1', 0) AS c(a int, b int, c int)",
			"SELECT set_limit(0.5)",
			"SELECT pg_stat_statements_reset()",
			"SELECT dblink_exec('host=x', 'DELETE FROM y')",
			"SELECT akeys('/etc/passwd')",
			"SELECT similarity('host=x')",
			"SELECT digest('host=x')",
			"SELECT file('/etc/passwd')",
		]) {
			it(`is opaque: ${sql}`, async () => {
				const { policy } = await only(sql);
				assert.ok(policy.opaque || policy.effects.includes("execute"), policy.effects.join());
			});
		}

		it("what comes of a column is known to come of it", async () => {
			const { output } = await only("SELECT upper(name::text), tags -> 'a', digest(note, 'md5') FROM crowd");
			const columns = output?.map(({ sources, opaque }) => [opaque, sources.map(({ column }) => column)]);
			assert.deepEqual(columns, [
				[false, ["name"]],
				[false, ["tags"]],
				[false, ["note"]],
			]);
		});

		it("other sessions' texts are nobody's column", async () => {
			const { output } = await only("SELECT query, calls FROM pg_stat_statements");
			assert.deepEqual(output?.map(({ opaque }) => opaque).slice(0, 1), [true]);
		});

		it("every function in C of theirs is reviewed or left out on purpose, and none changes anything unseen", async () => {
			const { rows } = await world.client.query<{ probin: string; prosrc: string; changing: boolean }>(
				"SELECT DISTINCT probin, prosrc, provolatile = 'v' AS changing FROM pg_proc WHERE prolang = 13 AND oid >= 16384 AND probin <> '$libdir/dblink'",
			);
			const entries = rows.map(({ probin, prosrc, changing }) => ({
				symbol: prosrc,
				changing,
				reviewed: contributed({ library: probin, symbol: prosrc }),
			}));
			const missing = entries.filter(({ reviewed }) => reviewed === undefined).map(({ symbol }) => symbol);
			assert.deepEqual(
				missing.filter((symbol) => !LEFT_OUT.test(symbol)),
				[],
			);
			const changing = entries.filter((entry) => entry.changing && isPure(entry.reviewed));
			assert.deepEqual(
				changing.map(({ symbol }) => symbol).filter((symbol) => !CHANCE.test(symbol)),
				[],
			);
		});
	});
}

/** They set something, or work on large objects. */
const LEFT_OUT = /^(set_limit|accept_weak_input|weak_input_status|lo_manage|pg_stat_statements_reset.*)$/;
/** Volatile because they give something else each time: chance, time, and a property of the connection. */
const CHANCE =
	/^(pg_(gen_salt|random).*|pgp_(pub|sym)_encrypt_.*|uuid_generate_v(1|1mc|4)|normal_rand|ssl_.*|unaccent_.*|pg_check_fipsmode)$/;
