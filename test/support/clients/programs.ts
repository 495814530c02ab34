import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

const DEBIAN = "/usr/lib/postgresql";

/** Where a program is: on PATH, or among what Debian installs beside it; undefined when it is nowhere. */
export function findProgram(name: string, elsewhere: readonly string[] = []): string | undefined {
	const onPath = (process.env["PATH"] ?? "").split(delimiter).filter((directory) => directory !== "");
	return [...onPath, ...debianVersions(), ...elsewhere]
		.map((directory) => join(directory, name))
		.find((path) => existsSync(path));
}

/** The newest version's first. */
function debianVersions(): string[] {
	if (!existsSync(DEBIAN)) return [];
	return readdirSync(DEBIAN)
		.sort((a, b) => Number(b) - Number(a))
		.map((version) => join(DEBIAN, version, "bin"));
}
