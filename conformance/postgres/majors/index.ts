import { builtin } from "../../../src/protocols/postgres/catalog/index.ts";
import { ensureClients } from "../../../test/support/clients/set-up.ts";
import type { RunningPostgres } from "../../../test/support/postgres.ts";
import { nodePostgres } from "../../../test/wire/drivers/node-postgres.ts";
import type { Work } from "../../../test/wire/drivers/outcome.ts";
import { pgjdbc } from "../../../test/wire/drivers/pgjdbc.ts";
import { pgx } from "../../../test/wire/drivers/pgx.ts";
import { postgresJs } from "../../../test/wire/drivers/postgres-js.ts";
import { psycopg } from "../../../test/wire/drivers/psycopg.ts";
import { tokioPostgres } from "../../../test/wire/drivers/tokio-postgres.ts";
import { SAMPLE } from "../../../test/wire/world.ts";
import type { Outcome, Progress, Road, Suite } from "../../suite.ts";
import { setStage } from "../stage.ts";
import { OTHER_MAJORS, type OtherMajor, programsOf } from "./programs.ts";
import { psqlScripts } from "./psql.ts";

const DRIVERS = {
	"node-postgres": nodePostgres,
	"postgres.js": postgresJs,
	"psycopg 3": psycopg,
	pgx,
	pgjdbc,
	"tokio-postgres": tokioPostgres,
} as const satisfies Record<string, Work>;

const DATABASE = "postgres";

/**
 * What `npm test` does on PostgreSQL 15 and 18, on the other majors: the work of each driver, psql's commands, and
 * whether every function of the server's is in the table of what they do.
 */
export const majors: Suite = {
	name: "majors",
	prepare: async () => {
		await ensureClients();
		for (const major of OTHER_MAJORS) await programsOf(major);
	},
	run,
};

async function run(road: Road, progress: Progress): Promise<Outcome> {
	const results = new Map<string, string>();
	for (const major of OTHER_MAJORS) {
		const binDir = await programsOf(major);
		const stage = await setStage(road, DATABASE, { binDir }, fill, ["other"]);
		try {
			const { host, port, user, password } = stage.client;
			const url = `postgresql://${user}:${password}@${host}:${port}/${DATABASE}`;
			const client = { ...stage.client, url: encodeURI(url) };
			for (const [driver, work] of Object.entries(DRIVERS)) {
				for (const [step, outcome] of await work(client))
					results.set(`${major}, ${driver}: ${step}`, `${JSON.stringify(outcome, null, 1)}`);
				progress(results.size);
			}
			for (const [script, transcript] of await psqlScripts(client))
				results.set(`${major}, psql: ${script}`, transcript);
			const unknown = road === "direct" ? [] : await unknownFunctions(stage.server, major);
			results.set(`${major}, functions that nobody has reviewed`, unknown.join("\n"));
			progress(results.size);
		} finally {
			await stage.stop();
		}
	}
	return { summary: `${OTHER_MAJORS.join(", ")}: ${results.size} steps`, results };
}

async function fill(server: RunningPostgres): Promise<void> {
	for (const statement of SAMPLE.split(/;\n/)) if (statement.trim() !== "") await server.query(statement);
}

async function unknownFunctions(server: RunningPostgres, major: OtherMajor): Promise<string[]> {
	const found = await server.query(
		`SELECT DISTINCT proname FROM pg_proc WHERE oid < 16384
		AND pronamespace IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)`,
	);
	return found.flatMap(([name]) => (builtin(major, name ?? "") === undefined ? [name ?? ""] : []));
}
