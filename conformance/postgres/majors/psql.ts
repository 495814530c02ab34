import { join } from "node:path";
import { psqlProgram } from "../../../test/support/clients/psql.ts";
import { run } from "../../../test/wire/run.ts";
import type { Stage } from "../stage.ts";

const SCRIPTS = join(import.meta.dirname, "..", "..", "..", "test", "wire", "psql");

/**
 * What psql prints of each script, both streams in one. Without the place in the server's source that an error comes
 * from: the gateway answers syntax errors and failed blocks itself, and has none.
 */
export async function psqlScripts(client: Stage["client"]): Promise<ReadonlyMap<string, string>> {
	const program = await psqlProgram();
	const env = {
		...{ PGHOST: client.host, PGPORT: String(client.port), PGUSER: client.user },
		...{ PGPASSWORD: client.password, PGDATABASE: client.database, PGSSLMODE: "disable" },
	};
	const transcripts = new Map<string, string>();
	for (const script of ["commands.sql", "session.sql"]) {
		const args = ["-c", 'exec "$0" "$@" 2>&1', program, "-X", "-f", join(SCRIPTS, script)];
		const { code, stdout } = await run("/bin/sh", args, { env });
		const text = stdout.replaceAll(/PID \d+/g, "PID").replaceAll(/^LOCATION: .*\n/gm, "");
		transcripts.set(script, `${text}exit ${code}\n`);
	}
	return transcripts;
}
