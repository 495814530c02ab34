import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { psqlProgram } from "../support/clients/psql.ts";
import { ALLOW_ALL, packsOf } from "../support/wire-pair.ts";
import { run } from "./run.ts";
import { openTerminal } from "./terminal.ts";
import { openWorld, type Road, VERSIONS, type World } from "./world.ts";

const HERE = import.meta.dirname;
const SCHEMA = join(HERE, "tools", "everything.sql");

/** Their operators go by the names of those that such tools use (`=`, `||`, `->`, `@>`), and may be meant. */
const ON_THE_PATH = ["citext", "ltree", "intarray", "cube"];

/** What somebody types who then presses Tab, twice: what is completed, and what is listed. */
const TYPED = [
	...[
		"SELECT * FROM cust",
		"SELECT * FROM shop.pa",
		"SELECT * FROM customers WHERE na",
		"UPDATE orders SET ",
	],
	...[
		"INSERT INTO orders (",
		"\\d shop.peo",
		"\\df shop.t",
		"\\sv cont",
		"SET search_p",
		"SET datestyle TO ",
	],
	...[
		"SET ROLE tools_",
		"DROP TYPE shop.",
		"DROP INDEX shop.peo",
		"CALL shop.",
		"\\c oth",
		"ALTER DOMAIN shop.",
	],
	...["ALTER TABLE shop.people DROP CONSTRAINT ", "GRANT SELECT ON shop.names TO tools_"],
];

describe("tools that read the catalog see through the gateway what they see directly", () => {
	let world: World;
	let program: string;
	before(async () => {
		program = await psqlProgram();
		world = await openWorld({ policy: ALLOW_ALL });
		for (const version of VERSIONS) {
			// Nothing changes by itself between two looks at it.
			await world.servers[version].query("ALTER SYSTEM SET autovacuum = off");
			await world.servers[version].query("SELECT pg_reload_conf()");
			const args = ["-Xq", "-v", "ON_ERROR_STOP=1", "-f", SCHEMA, world.direct(version).url];
			const { code, stderr } = await run(program, args);
			assert.equal(code, 0, stderr);
			for (const name of ON_THE_PATH) await world.servers[version].query(`CREATE EXTENSION ${name}`);
		}
	});
	after(() => world.stop());

	/** What psql wrote and said, without what is another each time: sizes, and places in the server's source. */
	const transcript = async (road: Road, script: string) => {
		const args = ["-c", 'exec "$0" "$@" 2>&1', program, "-X", road.url, "-f", script];
		const { code, stdout } = await run("/bin/sh", args);
		const text = stdout.replaceAll(/ *\d+ (bytes|kB|MB)\b/g, " SIZE").replaceAll(/^LOCATION: .*\n/gm, "");
		return `${text}exit ${code}`.split("\n");
	};

	for (const version of VERSIONS) {
		it(`psql's commands that describe, on PostgreSQL ${version}`, async () => {
			const script = join(HERE, "psql", "describe.sql");
			const expected = await transcript(world.direct(version), script);
			assert.ok(expected.length > 5_000, `${expected.length} lines`);
			assert.deepEqual(await transcript(world.through(version), script), expected);
		});

		it(`psql's completion at a terminal, on PostgreSQL ${version}`, async () => {
			const shown = async (road: Road) => {
				const prompts = ["PROMPT1=ready> ", "PROMPT2=ready> "].flatMap((prompt) => ["-v", prompt]);
				const terminal = openTerminal([program, "-X", ...prompts, road.url]);
				await terminal.type("", "ready> ");
				const answers: string[] = [];
				// Ctrl-U takes the line away again.
				for (const [index, text] of TYPED.entries())
					answers.push(
						await terminal.type(`${text}\t\t\x15\\echo done ${index}.\r`, `done ${index}.\r\nready> `),
					);
				terminal.close();
				return answers;
			};
			const expected = await shown(world.direct(version));
			assert.match(expected[0] ?? "", /omers/);
			assert.match(expected[3] ?? "", /customer_id/);
			assert.deepEqual(await shown(world.through(version)), expected);
		});
	}

	describe("under the policy that is shipped", () => {
		before(() => world.gateway.replacePolicy(packsOf({})));

		for (const version of VERSIONS)
			for (const tool of ["dbeaver", "pgadmin"])
				it(`${tool}'s queries, on PostgreSQL ${version}`, async () => {
					const script = join(HERE, "catalog", `${tool}.sql`);
					const expected = await transcript(world.direct(version), script);
					assert.doesNotMatch(expected.join("\n"), /ERROR/);
					assert.ok(expected.length > 400);
					assert.deepEqual(await transcript(world.through(version), script), expected);
				});
	});
});
