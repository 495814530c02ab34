import { nginxProgram } from "./nginx.ts";
import { pgbouncerProgram } from "./pgbouncer.ts";
import { pgjdbcClassPath } from "./pgjdbc.ts";
import { pgxProgram } from "./pgx.ts";
import { ensurePostgres15 } from "./postgres-15.ts";
import { psqlProgram } from "./psql.ts";
import { pythonWithAlembic, pythonWithPsycopg } from "./python.ts";
import { tokioPostgresProgram } from "./tokio-postgres.ts";

/**
 * Everything that the tests start and that npm does not bring, got beforehand, so that no test's time includes it. A
 * test that finds something missing all the same gets it by the same functions.
 */
export async function ensureClients(): Promise<void> {
	await ensurePostgres15();
	await psqlProgram();
	await pythonWithPsycopg();
	await pythonWithAlembic();
	await pgbouncerProgram();
	await nginxProgram();
	// Where there is no tool chain only that driver's own test goes without, and fails with the same words.
	for (const get of [pgxProgram, pgjdbcClassPath, tokioPostgresProgram])
		await get().catch((error: Error) => console.error(error.message));
}
