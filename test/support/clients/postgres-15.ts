import { existsSync } from "node:fs";
import { installPackage } from "./package-manager.ts";
import { findProgram } from "./programs.ts";

const INITDB = "/usr/lib/postgresql/15/bin/initdb";

/** Makes sure of Debian's PostgreSQL 15 (`startPostgres({ version: 15 })`). Version 18 comes with the packages. */
export async function ensurePostgres15(): Promise<void> {
	if (existsSync(INITDB) || findProgram("initdb") !== undefined) return;
	await installPackage("postgresql-15", "a PostgreSQL 15 server");
}
