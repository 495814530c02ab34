/**
 * Writes `tools/prebuilt/`: the compiled forms of the policies that `tools/prebuilt/sources.json` lists (directories
 * below the repository's root), with sequence 0 and no signature. Run it after a change to any of them or to the
 * library; a test says when it is due.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildBundle } from "../src/policy/build/index.ts";

const root = join(import.meta.dirname, "..");
const prebuilt = join(import.meta.dirname, "prebuilt");
const sources = JSON.parse(readFileSync(join(prebuilt, "sources.json"), "utf8")) as Record<string, string[]>;
for (const [name, directories] of Object.entries(sources)) {
	const dirs = directories.map((directory) => join(root, directory));
	const { archive } = await buildBundle({ dirs, sequence: 0 });
	writeFileSync(join(prebuilt, `${name}.tar.gz`), archive);
}
