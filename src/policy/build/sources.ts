import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, posix, sep } from "node:path";
import { BuildError, type Problem } from "./errors.ts";
import { libraryDirectory } from "./package-root.ts";

export interface SourceFile {
	/** As a message names it: the directory as the user gave it, and the path beneath. */
	readonly shown: string;
	/** Below its directory, with slashes; OPA takes a data file's place in `data` from it. */
	readonly relative: string;
}

export interface Sources {
	readonly rego: readonly SourceFile[];
	readonly data: readonly SourceFile[];
}

const DATA_FILES = new Set(["data.json", "data.yaml", "data.yml"]);
const LOOKS_LIKE_DATA = /\.(json|ya?ml)$/;

/**
 * The rules and data of one policy directory, in a fixed order. Tests (`*_test.rego`), hidden files and files of
 * other kinds are left out. Throws BuildError `policy_source` for what would be overlooked otherwise: links, and
 * data under a name that a bundle does not take (`opa test` would read it).
 */
export async function readSources(directory: string): Promise<Sources> {
	const rego: SourceFile[] = [];
	const data: SourceFile[] = [];
	const problems: Problem[] = [];

	const walk = async (relative: string): Promise<void> => {
		const entries = await readdir(join(directory, relative), { withFileTypes: true });
		entries.sort((a, b) => (a.name < b.name ? -1 : 1));
		for (const entry of entries) {
			if (entry.name.startsWith(".")) continue;
			const path = posix.join(relative, entry.name);
			const file = { shown: join(directory, path), relative: path };
			if (entry.isSymbolicLink()) problems.push(problem(file, "a link: a bundle is built from files only"));
			else if (entry.isDirectory()) await walk(path);
			else if (entry.name.endsWith("_test.rego")) continue;
			else if (entry.name.endsWith(".rego")) rego.push(file);
			else if (DATA_FILES.has(entry.name)) data.push(file);
			else if (LOOKS_LIKE_DATA.test(entry.name)) {
				problems.push(problem(file, "data files of a bundle are named data.json or data.yaml"));
			}
		}
	};

	const found = await stat(directory).catch(() => undefined);
	if (!found?.isDirectory()) {
		throw BuildError.of("policy_source", [{ file: directory, line: null, message: "not a directory" }]);
	}
	await walk("");
	if (problems.length > 0) throw BuildError.of("policy_source", problems);
	return { rego, data };
}

const problem = (file: SourceFile, message: string): Problem => ({ file: file.shown, line: null, message });

/**
 * The name of what the library and these directories say: the first 16 hexadecimal digits of a digest over the
 * names and contents of all rules and data. It needs no `opa`.
 */
export async function sourceRevision(dirs: readonly string[]): Promise<string> {
	const hash = createHash("sha256");
	for (const [index, directory] of [libraryDirectory(), ...dirs].entries()) {
		const { rego, data } = await readSources(directory);
		for (const file of [...rego, ...data]) {
			const content = await readFile(file.shown);
			hash.update(`${index}\0${file.relative}\0${content.length}\0`).update(content);
		}
	}
	return hash.digest("hex").slice(0, 16);
}

/**
 * When anything in the library or in these directories was last changed, in milliseconds since the epoch: what was
 * added, edited or taken away.
 */
export async function lastChange(dirs: readonly string[]): Promise<number> {
	let last = 0;
	for (const directory of [libraryDirectory(), ...dirs]) {
		const names = await readdir(directory, { recursive: true });
		for (const name of ["", ...names]) {
			if (name.split(sep).some((part) => part.startsWith("."))) continue;
			last = Math.max(last, Math.floor((await stat(join(directory, name))).mtimeMs));
		}
	}
	return last;
}
