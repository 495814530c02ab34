import type { RunningPostgres } from "../../../test/support/postgres.ts";
import { startProgram } from "../../program.ts";
import type { Outcome, Progress, Road, Suite } from "../../suite.ts";
import { tally } from "../../tally.ts";
import { setStage } from "../stage.ts";
import { pgxSource } from "./source.ts";

const DATABASE = "pgx_test";

/**
 * What the suite's own testsetup/postgresql_setup.sql makes, but for the users of other authentication methods. The
 * database is a copy of the one in which all this is made.
 */
const SET_UP = [
	"CREATE EXTENSION hstore",
	"CREATE EXTENSION ltree",
	"CREATE DOMAIN uint64 AS numeric(20, 0)",
	`CREATE USER " tricky, ' } "" \\ test user " SUPERUSER`,
	`CREATE DATABASE ${DATABASE} TEMPLATE postgres`,
];

/**
 * The tests of pgx, as its Go module carries them. Tests that need another way to authenticate than a password over
 * TCP skip themselves, on both roads.
 */
export const pgx: Suite = {
	name: "pgx",
	prepare: async () => {
		await pgxSource();
	},
	run,
};

async function run(road: Road, progress: Progress): Promise<Outcome> {
	const source = await pgxSource();
	const stage = await setStage(road, DATABASE, { version: 18, settings: { max_connections: "200" } }, fill);
	try {
		const { host, port, user, password } = stage.client;
		const url = `host=${host} port=${port} user=${user} password='${quoted(password)}' dbname=${DATABASE} sslmode=disable`;
		const env = {
			PGX_TEST_DATABASE: url,
			PGX_TEST_TCP_CONN_STRING: url,
			PGX_TEST_PLAIN_PASSWORD_CONN_STRING: url,
		};
		const results = new Map<string, string>();
		const args = ["test", "-json", "-count=1", "-p=1", "-timeout=30m", "./..."];
		await startProgram("go", args, { cwd: source, env }, (line) => {
			const outcome = outcomeOf(line);
			if (outcome === null) return;
			results.set(...outcome);
			progress(results.size);
		});
		return { summary: tally(results), results };
	} finally {
		await stage.stop();
	}
}

async function fill(server: RunningPostgres): Promise<void> {
	for (const statement of SET_UP) await server.query(statement);
}

const quoted = (text: string) => text.replaceAll(/['\\]/g, "\\$&");

/** One line of `go test -json`: the outcome of one test. Random directories are part of some names. */
function outcomeOf(line: string): [string, string] | null {
	if (!line.startsWith("{")) return null;
	const { Action, Package, Test } = JSON.parse(line) as { Action: string; Package?: string; Test?: string };
	if (Test === undefined || !["pass", "fail", "skip"].includes(Action)) return null;
	const place = (Package ?? "").replace(/^github\.com\/jackc\/pgx\/v5\/?/, "");
	const name = Test.replaceAll(/\/tmp\/\w+?\d+\//g, "/tmp/");
	return [`${place}${place === "" ? "" : "."}${name}`, Action];
}
