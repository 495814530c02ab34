import { readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import { together } from "../../lib/index.ts";
import { readArchive } from "../bundle/archive.ts";
import type { BundleFiles } from "../bundle/files.ts";
import type { Capabilities } from "./capabilities.ts";
import { BuildError } from "./errors.ts";
import { dependencies, type Plan } from "./manifest.ts";
import { Opa } from "./opa.ts";
import { capabilitiesFile, libraryDirectory, schemaDirectory } from "./package-root.ts";
import { type BuiltBundle, epochSequence, publish, withMetadata } from "./publish.ts";
import { everyRuleSet } from "./rule-sets.ts";
import { libraryDependencies } from "./shipped.ts";
import type { SigningKey } from "./sign.ts";
import { lastChange, sourceRevision } from "./sources.ts";
import { inTemporaryDirectory, type Staged, stage } from "./stage.ts";

export interface BuildOptions {
	/** The user's policy directories; none builds the default policy. */
	readonly dirs: readonly string[];
	/**
	 * The bundle's number, higher than that of whatever it is to replace. Default: SOURCE_DATE_EPOCH, else the
	 * time if it is signed, else when the sources were last changed: the same sources give the same bytes, and an edit
	 * a higher number.
	 */
	readonly sequence?: number;
	/** The name of this revision. Default: `sourceRevision` of the directories. */
	readonly revision?: string;
	readonly signKey?: SigningKey;
	/** The program to build with; found as `tools/opa.mjs` does when absent. */
	readonly opa?: string;
}

/**
 * Checks, compiles and packs policy directories, together with the shipped library. Throws BuildError: what is wrong
 * with the rules or data, with file and line, or OPA's own words.
 */
export async function buildBundle(options: BuildOptions): Promise<BuiltBundle> {
	const opa = await Opa.find({ path: options.opa });
	return inTemporaryDirectory(async (directory) => {
		const staged = await stage(opa, options.dirs, directory);
		const revision = options.revision ?? (await sourceRevision(options.dirs));
		const sequence = options.sequence ?? epochSequence() ?? (await ownSequence(options));
		const manifest = { revision, roots: staged.roots, metadata: { sallyport: { rules: staged.rules } } };
		await writeFile(join(staged.tree, ".manifest"), JSON.stringify(manifest));
		const [, , depends, files] = await together([
			check(opa, staged),
			test(opa, options.dirs),
			dependsOf(opa, staged, options.dirs, directory),
			compile(opa, staged, directory),
		]);
		return publish(withMetadata(files, "depends", depends), sequence, options.signKey);
	});
}

/** What is signed is made to be published now; what isn't is the same whenever it is built. */
async function ownSequence({ dirs, signKey }: BuildOptions): Promise<number> {
	return signKey === undefined ? lastChange(dirs) : Date.now();
}

async function check(opa: Opa, { tree, shown }: Staged): Promise<void> {
	try {
		await opa.run(["check", "--strict", "-s", schemaDirectory(), "--capabilities", capabilitiesFile(), tree]);
	} catch (cause) {
		if (!(cause instanceof BuildError) || cause.code !== "opa_failed") throw cause;
		throw new BuildError("policy_check", shown(cause.message), { cause });
	}
}

/** Runs the tests that the directories bring. */
async function test(opa: Opa, dirs: readonly string[]): Promise<void> {
	const found = await Promise.all(dirs.map((directory) => readdir(directory, { recursive: true })));
	if (!found.flat().some((name) => name.endsWith("_test.rego"))) return;
	try {
		await opa.run(["test", "--ignore", ".*", libraryDirectory(), ...dirs]);
	} catch (cause) {
		if (!(cause instanceof BuildError) || cause.code !== "opa_failed") throw cause;
		throw new BuildError("policy_test", cause.message, { cause });
	}
}

async function dependsOf(opa: Opa, { tree, touched }: Staged, dirs: readonly string[], directory: string) {
	const { builtins } = JSON.parse(await readFile(capabilitiesFile(), "utf8")) as Capabilities;
	const changing = builtins.filter((builtin) => builtin.nondeterministic === true).map(({ name }) => name);
	// The library's own compiled form is made by asking.
	const library = dirs.length === 0 ? {} : await libraryDependencies();
	const plan = await planOf(opa, tree, directory);
	return dependencies(opa, tree, plan, new Set(changing), { library, touched });
}

async function planOf(opa: Opa, tree: string, directory: string): Promise<Plan> {
	const output = join(directory, "plan.tar.gz");
	const entrypoints = everyRuleSet().flatMap((rules) => ["-e", `sallyport/${rules.package}/${rules.set}`]);
	const capabilities = ["--capabilities", capabilitiesFile()];
	await opa.run(
		["build", "-t", "plan", ...capabilities, ...entrypoints, "-b", basename(tree), "-o", output],
		directory,
	);
	return JSON.parse(String((await unpack(output)).get("plan.json"))) as Plan;
}

async function compile(opa: Opa, { tree, entrypoints }: Staged, directory: string): Promise<BundleFiles> {
	const output = join(directory, "bundle.tar.gz");
	const capabilities = ["--capabilities", capabilitiesFile()];
	// From within the directory: the module holds the paths of its sources, and those must not differ by build.
	const asked = entrypoints.flatMap((entrypoint) => ["-e", entrypoint]);
	const args = [
		...["build", "-t", "wasm", "--prune-unused"],
		...capabilities,
		...asked,
		...["-b", basename(tree), "-o", output],
	];
	await opa.run(args, directory);
	const files = await unpack(output);
	// Gateways don't look at the sources; OPA, which has no engine for the module, runs them. OPA's archive has them
	// without the entrypoints, which the module has.
	return new Map([...files].filter(([name]) => !name.endsWith(".rego")).concat(await regoFiles(tree)));
}

async function regoFiles(tree: string): Promise<[string, Buffer][]> {
	const names = (await readdir(tree, { recursive: true })).filter((name) => name.endsWith(".rego"));
	return Promise.all(
		names.map(async (name) => [name.split(sep).join("/"), await readFile(join(tree, name))]),
	);
}

/** The bounds are those of what OPA made of our own sources: none. */
async function unpack(path: string): Promise<BundleFiles> {
	return readArchive(await readFile(path), { bytes: 2 ** 30, entries: 100_000, depth: 256 });
}
