import { installPackage } from "./package-manager.ts";
import { findProgram } from "./programs.ts";

/** The path of `psql`; installed where it is missing and can be. */
export async function psqlProgram(): Promise<string> {
	const found = findProgram("psql");
	if (found !== undefined) return found;
	await installPackage("postgresql-client", "psql");
	const installed = findProgram("psql");
	if (installed === undefined) throw new Error("apt-get installed postgresql-client, but there is no psql");
	return installed;
}
