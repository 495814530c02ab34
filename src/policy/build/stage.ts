import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { together } from "../../lib/index.ts";
import type { RuleEntry } from "../bundle/manifest.ts";
import { checkData } from "./check-data.ts";
import { checkRules, libraryNames } from "./check-rules.ts";
import { BuildError, type Problem } from "./errors.ts";
import type { Opa } from "./opa.ts";
import { libraryDirectory } from "./package-root.ts";
import { parseRego } from "./parse.ts";
import { libraryRules } from "./rule-list.ts";
import { readSources, type SourceFile } from "./sources.ts";

/** The tree that is compiled: the library, the user's rules, and one file with all of the data. */
export interface Staged {
	readonly tree: string;
	/** The library's root, the user's data roots, and the first names of the user's own packages. */
	readonly roots: readonly string[];
	/** The library's rules and the user's, those that add to the sets. */
	readonly rules: readonly RuleEntry[];
	/** The sets to which the user's rules add. */
	readonly touched: ReadonlySet<string>;
	/** A file of the tree as `rules` names it. */
	relativeOf(path: string): string;
	/** What is compiled to be asked besides the library's entrypoints. */
	readonly entrypoints: readonly string[];
	/** Replaces the tree's paths in OPA's messages by the user's own. */
	shown(message: string): string;
}

/** A directory for one build, gone when the work is done. */
export async function inTemporaryDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
	const directory = await mkdtemp(join(tmpdir(), "sallyport-build-"));
	try {
		return await work(directory);
	} finally {
		await rm(directory, { recursive: true, force: true });
	}
}

/**
 * Checks the user's directories against the library's terms and lays everything out below `directory`. Throws
 * BuildError (policy_source, policy_rules, policy_data) with all problems of the first kind that it meets.
 */
export async function stage(opa: Opa, dirs: readonly string[], directory: string): Promise<Staged> {
	const sources = await Promise.all(dirs.map((dir) => readSources(dir)));
	const [checked, data] = await together([
		checkAllRules(
			opa,
			sources.flatMap(({ rego }) => rego),
		),
		mergedData(
			opa,
			sources.map(({ data }) => data),
			directory,
		),
	]);
	const roots = new Set(["sallyport", ...checked.packages]);
	for (const root of Object.keys(data.parsed)) roots.add(root);

	const tree = join(directory, "tree");
	await cp(libraryDirectory(), tree, { recursive: true });
	const shown = new Map<string, string>();
	for (const [index, { rego }] of sources.entries()) {
		for (const file of rego) {
			const path = join("user", String(index), file.relative);
			shown.set(join(tree, path), file.shown);
			await copy(file.shown, join(tree, path));
		}
	}
	await writeFile(join(tree, "data.json"), data.text);
	return {
		tree,
		roots: [...roots].sort(),
		rules: [...(await libraryRules(libraryDirectory())), ...checked.rules],
		touched: new Set(checked.rules.map(({ set }) => set)),
		relativeOf: (path) => path.replace(/^.*?\btree\//, "").replace(/^user\/\d+\//, ""),
		entrypoints: [...checked.entrypoints].sort(),
		shown: (message) => {
			let text = message;
			for (const [path, original] of shown) text = text.replaceAll(path, original);
			return text.replaceAll(`${tree}/`, "");
		},
	};
}

/** `packages` are the first names of those outside of the library. */
async function checkAllRules(
	opa: Opa,
	files: readonly SourceFile[],
): Promise<{
	readonly packages: Set<string>;
	readonly rules: readonly RuleEntry[];
	readonly entrypoints: Set<string>;
}> {
	const [names, modules] = await together([
		libraryNames(opa, libraryDirectory()),
		together(files.map((file) => parseRego(opa, file))),
	]);
	const problems: Problem[] = [];
	const packages = new Set<string>();
	const rules: RuleEntry[] = [];
	const entrypoints = new Set<string>();
	for (const [index, file] of files.entries()) {
		const checked = checkRules(file, modules[index] ?? [], names);
		problems.push(...checked.problems);
		packages.add(checked.root);
		rules.push(...checked.rules);
		for (const entrypoint of checked.entrypoints) entrypoints.add(entrypoint);
	}
	if (problems.length > 0) throw BuildError.of("policy_rules", problems);
	return { packages, rules, entrypoints };
}

/**
 * All data as OPA itself reads and merges it, so that YAML means the same here and in `opa test`. The text keeps
 * numbers as they were written.
 */
async function mergedData(opa: Opa, dirs: readonly (readonly SourceFile[])[], directory: string) {
	const files = dirs.flat();
	if (files.length === 0) return { text: "{}", parsed: {} };
	const args = ["eval", "--format", "raw", "data"];
	const shown = new Map<string, string>();
	for (const [index, dir] of dirs.entries()) {
		const root = join(directory, `data-${index}`);
		await mkdir(root);
		for (const file of dir) {
			shown.set(join(root, file.relative), file.shown);
			await copy(file.shown, join(root, file.relative));
		}
		args.push("--data", root);
	}
	let text: string;
	try {
		text = await opa.run(args);
	} catch (cause) {
		let said = cause instanceof Error ? cause.message : String(cause);
		for (const [path, original] of shown) said = said.replaceAll(path, original);
		throw new BuildError("policy_data", said, { cause });
	}
	const parsed = JSON.parse(text) as Record<string, unknown>;
	const problems = checkData(
		parsed,
		files.map((file) => file.shown),
	);
	if (problems.length > 0) throw BuildError.of("policy_data", problems);
	return { text, parsed };
}

async function copy(from: string, to: string): Promise<void> {
	await mkdir(dirname(to), { recursive: true });
	await cp(from, to);
}
