import { cp, mkdir, readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { BuildError } from "./errors.ts";
import { writeLibrary } from "./library.ts";
import { schemaDirectory, templateDirectory } from "./package-root.ts";

/**
 * Makes a repository of a user's own: an example rule with data and tests, the library and the schemas, a workflow.
 * Throws BuildError `policy_source` where something is there already.
 */
export async function initRepository(directory: string): Promise<void> {
	const present = await readdir(directory).catch(() => []);
	if (present.some((name) => name !== ".git")) {
		throw BuildError.of("policy_source", [
			{ file: directory, line: null, message: "there is something in it: name a new or an empty directory" },
		]);
	}
	await mkdir(directory, { recursive: true });
	await cp(templateDirectory(), directory, { recursive: true });
	// A package's archive never holds a file of that name.
	await rename(join(directory, "gitignore"), join(directory, ".gitignore"));
	await writeLibrary(join(directory, "library"));
	await cp(schemaDirectory(), join(directory, "schemas"), { recursive: true });
}
