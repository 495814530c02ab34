import type { RunningPostgres } from "../../../test/support/postgres.ts";

/** As `pg_regress` starts its server; where it leaves a setting alone the server's own default. */
export const SETTINGS = { max_prepared_transactions: "2", shared_buffers: "128MB", timezone: "GMT" } as const;

/** As `pg_regress` makes its database, so that messages and formats do not depend on the machine. */
const DATABASE = [
	`CREATE DATABASE "regression" TEMPLATE=template0`,
	...["lc_messages", "lc_monetary", "lc_numeric", "lc_time"].map(
		(name) => `ALTER DATABASE "regression" SET ${name} TO 'C'`,
	),
	`ALTER DATABASE "regression" SET bytea_output TO 'hex'`,
	`ALTER DATABASE "regression" SET timezone_abbreviations TO 'Default'`,
];

export async function makeDatabase(server: RunningPostgres): Promise<void> {
	for (const statement of DATABASE) await server.query(statement);
}
