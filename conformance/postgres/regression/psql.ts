import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { psqlProgram } from "../../../test/support/clients/psql.ts";
import type { Stage } from "../stage.ts";
import type { Workspace } from "./workspace.ts";

const TIMEOUT_MS = 900_000;

/** Runs one test's script as `pg_regress` does and answers all that psql printed. */
export async function runTest(test: string, workspace: Workspace, client: Stage["client"]): Promise<string> {
	const { directory } = workspace;
	const output = join(directory, "results", `${test}.out`);
	const script = openSync(join(directory, "sql", `${test}.sql`), "r");
	const out = openSync(output, "w");
	try {
		const args = ["-X", "-a", "-q", "-v", "HIDE_TABLEAM=on", "-v", "HIDE_TOAST_COMPRESSION=on"];
		const psql = spawn(await psqlProgram(), args, {
			cwd: directory,
			env: environment(test, directory, client),
			stdio: [script, out, out],
			timeout: TIMEOUT_MS,
			killSignal: "SIGKILL",
		});
		const [code, signal] = await once(psql, "exit");
		const ending = signal === null ? `psql ended with ${code}` : `psql was ended after ${TIMEOUT_MS} ms`;
		// As text of single bytes: tests of encodings print what is no UTF-8.
		return `${readFileSync(output, "latin1")}${ending}\n`;
	} finally {
		closeSync(script);
		closeSync(out);
	}
}

/** `pg_regress`'s own, and where to go. */
function environment(test: string, directory: string, client: Stage["client"]): NodeJS.ProcessEnv {
	const { PATH, HOME } = process.env;
	return {
		...{ PATH, HOME, LC_MESSAGES: "C", LC_COLLATE: "C", LANG: "C" },
		...{ PGTZ: "PST8PDT", PGDATESTYLE: "Postgres, MDY", PGOPTIONS: "-c intervalstyle=postgres_verbose" },
		...{ PG_ABS_SRCDIR: directory, PG_ABS_BUILDDIR: directory, PG_LIBDIR: directory, PG_DLSUFFIX: ".so" },
		PGAPPNAME: `pg_regress/${test}`,
		PGHOST: client.host,
		PGPORT: String(client.port),
		PGUSER: client.user,
		PGPASSWORD: client.password,
		PGDATABASE: client.database,
		PGSSLMODE: "disable",
		PGGSSENCMODE: "disable",
	};
}
