import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
	CatalogError,
	CatalogKeeper,
	parseSearchPath,
} from "../../../../../src/protocols/postgres/catalog/index.ts";
import { type RunningPostgres, startPostgres } from "../../../../support/postgres.ts";
import { connectTo, openSession } from "./support.ts";

for (const [setting, names] of [
	['"$user", public', ["$user", "public"]],
	["", []],
	['""', [""]],
	['  a ,B,\t"C d"\n', ["a", "b", "C d"]],
	['"a""b", "x,y"', ['a"b', "x,y"]],
	["$user", ["$user"]],
	["Ärger, ÉTÉ", ["Ärger", "ÉtÉ"]],
	[`"${"é".repeat(40)}"`, ["é".repeat(31)]],
] as const) {
	test(`the setting ${JSON.stringify(setting)} names ${JSON.stringify(names)}`, () => {
		assert.deepEqual(parseSearchPath(setting), names);
	});
}

for (const setting of ["a,", ",a", "a b", '"a', '"a"b', "a,,b"]) {
	test(`the setting ${JSON.stringify(setting)} is refused`, () => {
		assert.throws(() => parseSearchPath(setting), CatalogError);
	});
}

const SETTINGS = [
	'"$user", public',
	"app",
	"app, hidden, nowhere",
	"hidden, app",
	"''",
	"app, pg_catalog",
	"pg_catalog, app",
	"app, pg_temp, public",
	"app, app, public, app",
	'"App ""Q""", app',
	"information_schema, app",
	'"$user", "$user", app',
	"App, PUBLIC",
	"pg_toast, app",
];

for (const version of [15, 18] as const) {
	describe(`the effective search path, PostgreSQL ${version}`, () => {
		let server: RunningPostgres;
		let keeper: CatalogKeeper;
		before(async () => {
			server = await startPostgres({ version });
			await server.query(
				'CREATE SCHEMA app; CREATE SCHEMA hidden; CREATE SCHEMA "App ""Q"""; CREATE SCHEMA plain',
			);
			await server.query(
				"CREATE ROLE plain LOGIN; CREATE ROLE member LOGIN; CREATE ROLE reader; GRANT reader TO member",
			);
			await server.query(
				'GRANT USAGE ON SCHEMA app, plain, "App ""Q""" TO PUBLIC; GRANT USAGE ON SCHEMA hidden TO reader',
			);
			keeper = new CatalogKeeper({ connect: () => connectTo(server), staleBoundMs: 0 });
		});
		after(async () => {
			keeper.close();
			await server.stop();
		});
		for (const user of ["postgres", "plain", "member"]) {
			for (const temporary of [false, true]) {
				test(`is the server's own for ${user} ${temporary ? "with" : "without"} a temporary schema`, async () => {
					const session = await openSession(server, user);
					if (temporary) await session.query("CREATE TEMP TABLE own (a int)");
					const [row] = await session.query(
						"SELECT nspname FROM pg_namespace WHERE oid = pg_my_temp_schema()",
					);
					const schema = row?.[0] ?? null;
					assert.equal(schema !== null, temporary);
					for (const setting of [...SETTINGS, ...(schema === null ? [] : ["pg_temp", `app, ${schema}`])]) {
						// (Without one, current_schemas makes one where pg_temp comes first.)
						await session.query(`SET search_path = ${setting}`);
						const [shown] = await session.query("SHOW search_path");
						const [path] = await session.query("SELECT array_to_json(current_schemas(true))");
						const ours = await keeper.effectiveSearchPath(user, shown?.[0] ?? "", schema);
						assert.deepEqual(ours, JSON.parse(path?.[0] ?? ""), setting);
					}
					session.close();
				});
			}
		}

		test("follows privileges as they change", async () => {
			assert.deepEqual(await keeper.effectiveSearchPath("plain", "hidden"), ["pg_catalog"]);
			await server.query("GRANT USAGE ON SCHEMA hidden TO plain");
			assert.deepEqual(await keeper.effectiveSearchPath("plain", "hidden"), ["pg_catalog", "hidden"]);
			await server.query("REVOKE USAGE ON SCHEMA hidden FROM plain; GRANT reader TO plain");
			assert.deepEqual(await keeper.effectiveSearchPath("plain", "hidden"), ["pg_catalog", "hidden"]);
			await server.query("REVOKE reader FROM plain");
			assert.deepEqual(await keeper.effectiveSearchPath("plain", "hidden"), ["pg_catalog"]);
		});

		test("takes roles with awkward names", async () => {
			await server.query(
				`CREATE ROLE "o'neil \\ x"; CREATE SCHEMA "o'neil \\ x"; GRANT USAGE ON SCHEMA "o'neil \\ x" TO PUBLIC`,
			);
			assert.deepEqual(await keeper.effectiveSearchPath("o'neil \\ x", '"$user"'), [
				"pg_catalog",
				"o'neil \\ x",
			]);
		});
	});
}
