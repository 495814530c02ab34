import { cp, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { describeThrown } from "../../lib/index.ts";
import { readArchive } from "../bundle/archive.ts";
import { compileModule } from "../engine/compile.ts";
import { makeImage } from "../engine/image.ts";
import { PolicyInstance } from "../engine/instance.ts";
import { DEFAULT_LIMITS, UNBOUNDED } from "../engine/limits.ts";
import { PolicyError } from "../errors.ts";
import { BuildError } from "./errors.ts";
import { Opa } from "./opa.ts";
import { capabilitiesFile } from "./package-root.ts";
import { inTemporaryDirectory, stage } from "./stage.ts";

/** One test of a policy, by OPA and by the gateway's own engine. */
export interface PolicyTest {
	/** `PACKAGE.NAME`. */
	readonly name: string;
	readonly file: string;
	readonly line: number;
	/** What `opa test` says. */
	readonly passed: boolean;
	/** What the engine says; null where the test can't be compiled for it. */
	readonly inEngine: boolean | null;
	/** Budget units that the engine spent on the whole test; null where it didn't run there. */
	readonly cost: number | null;
	/** Why it failed, where somebody says. */
	readonly why: string | null;
}

export interface PolicyTests {
	readonly tests: readonly PolicyTest[];
	/** Why the engine can't run the tests; null when it did. They may call what a policy may not. */
	readonly engineProblem: string | null;
}

interface OpaTest {
	readonly package: string;
	readonly name: string;
	readonly fail?: boolean;
	readonly skip?: boolean;
	readonly error?: unknown;
	readonly location: { readonly file: string; readonly row: number };
}

/**
 * Runs the tests (`*_test.rego`) of policy directories beside the library: by `opa test`, and each once more compiled
 * into the module that a gateway would run, where its cost is counted. Throws BuildError.
 */
export async function runPolicyTests(dirs: readonly string[]): Promise<PolicyTests> {
	const opa = await Opa.find();
	return inTemporaryDirectory(async (directory) => {
		const { tree, shown } = await stage(opa, dirs, directory);
		const places = await addTests(dirs, tree);
		const results = await opaTests(opa, tree, shown);
		const engine = await engineOf(opa, directory, tree, results);
		const tests = results
			.filter(({ skip }) => skip !== true)
			.map((result): PolicyTest => {
				const outcome = "problem" in engine ? null : engine.run(entrypointOf(result));
				return {
					name: nameOf(result),
					file: placeOf(places, result.location.file),
					line: result.location.row,
					passed: result.fail !== true && result.error === undefined,
					inEngine: outcome?.passed ?? null,
					cost: outcome?.cost ?? null,
					why: outcome?.why ?? null,
				};
			});
		return { tests, engineProblem: "problem" in engine ? shown(engine.problem) : null };
	});
}

/** What `stage` leaves out. Answers the original of each file. */
async function addTests(dirs: readonly string[], tree: string): Promise<Map<string, string>> {
	const places = new Map<string, string>();
	for (const [index, dir] of dirs.entries()) {
		if (!(await stat(dir)).isDirectory()) continue;
		for (const entry of await readdir(dir, { recursive: true })) {
			if (!entry.endsWith("_test.rego") || entry.split("/").some((part) => part.startsWith("."))) continue;
			const target = join("user", String(index), entry);
			await mkdir(dirname(join(tree, target)), { recursive: true });
			await cp(join(dir, entry), join(tree, target));
			places.set(target, join(dir, entry));
		}
	}
	return places;
}

/** `opa test` ends with 2 where a test failed, and has told all of them. */
async function opaTests(opa: Opa, tree: string, shown: (text: string) => string): Promise<OpaTest[]> {
	try {
		const said = await opa.run(["test", "--format", "json", "."], tree).catch((thrown: unknown) => {
			if (thrown instanceof BuildError && thrown.message.trimStart().startsWith("[")) return thrown.message;
			throw thrown;
		});
		return (JSON.parse(said) as OpaTest[] | null) ?? [];
	} catch (thrown) {
		if (!(thrown instanceof BuildError) || thrown.code !== "opa_failed") throw thrown;
		throw new BuildError("policy_check", shown(thrown.message), { cause: thrown });
	}
}

interface Engine {
	run(entrypoint: string): {
		readonly passed: boolean;
		readonly cost: number | null;
		readonly why: string | null;
	};
}

/** Compiles the tests; what OPA says where it can't. */
async function engineOf(
	opa: Opa,
	directory: string,
	tree: string,
	tests: readonly OpaTest[],
): Promise<Engine | { readonly problem: string }> {
	const entrypoints = [...new Set(tests.map(entrypointOf))];
	if (entrypoints.length === 0) return { run: () => ({ passed: true, cost: 0, why: null }) };
	const output = join(directory, "tests.tar.gz");
	try {
		await opa.run(
			[
				...["build", "-t", "wasm", "--capabilities", capabilitiesFile()],
				...entrypoints.flatMap((entrypoint) => ["-e", entrypoint]),
				...["-b", basename(tree), "-o", output],
			],
			directory,
		);
	} catch (thrown) {
		if (!(thrown instanceof BuildError) || thrown.code !== "opa_failed") throw thrown;
		return { problem: thrown.message };
	}
	const files = await readArchive(await readFile(output), { bytes: 2 ** 30, entries: 100_000, depth: 256 });
	const compiled = await compileModule(files.get("policy.wasm") ?? new Uint8Array(), entrypoints);
	const data = files.get("data.json") ?? Buffer.from("{}");
	const limits = { ...DEFAULT_LIMITS, budget: UNBOUNDED };
	const module = { ...compiled, image: makeImage(compiled, data, limits.maximumPages) };
	const now = BigInt(Date.now()) * 1_000_000n;
	return {
		run: (entrypoint) => {
			const number = compiled.entrypoints.get(entrypoint) ?? -1;
			try {
				// A fresh one each: after an error an instance is of no more use.
				const instance = PolicyInstance.create(module, limits);
				const { result, cost } = instance.evaluate(number, "{}", { nowNs: () => now });
				const [first] = JSON.parse(result) as { result: unknown }[];
				return { passed: first?.result === true, cost, why: null };
			} catch (thrown) {
				return { passed: false, cost: null, why: reasonOf(thrown) };
			}
		},
	};
}

function reasonOf(thrown: unknown): string {
	return thrown instanceof PolicyError
		? `${thrown.code}: ${thrown.operator ?? thrown.message}`
		: describeThrown(thrown);
}

function entrypointOf({ package: name, name: test }: OpaTest): string {
	return [...name.split(".").slice(1), test].join("/");
}

function nameOf({ package: name, name: test }: OpaTest): string {
	return `${name.replace(/^data\./, "")}.${test}`;
}

function placeOf(places: ReadonlyMap<string, string>, file: string): string {
	return places.get(file.replace(/^\.\//, "")) ?? file;
}
