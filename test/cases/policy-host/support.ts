import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { readArchive } from "../../../src/policy/bundle/archive.ts";
import { compileModule } from "../../../src/policy/engine/compile.ts";
import { makeImage } from "../../../src/policy/engine/image.ts";
import { PolicyInstance } from "../../../src/policy/engine/instance.ts";
import { DEFAULT_LIMITS } from "../../../src/policy/engine/limits.ts";
import { resolveOpa } from "../../../tools/opa.mjs";

const run = promisify(execFile);
const CAPABILITIES = join(import.meta.dirname, "../../../policy-schemas/capabilities.json");

/** What `time.now_ns` answers in these cases: 2026-01-02T03:04:05.000000006Z. */
export const NOW_NS = 1_767_323_045_000_000_006n;

/** What asking an entrypoint gave: a result set (empty is undefined) or an error's code and the operator's text. */
export type Outcome = { readonly results: readonly unknown[] } | { readonly error: string };

export type Ask = (entrypoint: string, input: unknown, data?: unknown) => Outcome;

/** Compiles modules by `opa build` and answers through the gateway's own engine, with fresh memory for each question. */
export async function compile(modules: readonly string[], entrypoints: readonly string[]): Promise<Ask> {
	return await inFolder(modules, async (opa, folder, files) => {
		const output = join(folder, "bundle.tar.gz");
		const asked = entrypoints.flatMap((entrypoint) => ["-e", entrypoint]);
		await run(opa, ["build", "-t", "wasm", "--capabilities", CAPABILITIES, "-o", output, ...asked, ...files]);
		const unpacked = await readArchive(await readFile(output), {
			bytes: 1 << 28,
			entries: 10_000,
			depth: 32,
		});
		const wasm = unpacked.get("policy.wasm");
		if (wasm === undefined) throw new Error("opa built no module");
		const module = await compileModule(wasm, entrypoints);
		return (entrypoint, input, data = {}) => {
			const image = makeImage(module, Buffer.from(JSON.stringify(data)), DEFAULT_LIMITS.maximumPages);
			const instance = PolicyInstance.create({ ...module, image }, DEFAULT_LIMITS);
			const number = module.entrypoints.get(entrypoint) ?? -1;
			try {
				const { result } = instance.evaluate(number, JSON.stringify(input), { nowNs: () => NOW_NS });
				return { results: (JSON.parse(result) as { result: unknown }[]).map((entry) => entry.result) };
			} catch (thrown) {
				const { code, operator } = thrown as { code: string; operator?: string };
				return { error: `${code}: ${operator}` };
			}
		};
	});
}

/** Evaluates a query with `opa eval` itself. */
export async function opaEval(
	modules: readonly string[],
	input: unknown,
	queries: readonly string[],
	{ strict = true } = {},
): Promise<Outcome[]> {
	return await inFolder(modules, async (opa, folder, files) => {
		const inputFile = join(folder, "input.json");
		await writeFile(inputFile, JSON.stringify(input));
		const sources = files.flatMap((file) => ["-d", file]);
		const outcomes: Outcome[] = [];
		for (const query of queries) {
			const args = [
				"eval",
				...(strict ? ["--strict-builtin-errors"] : []),
				"--format",
				"json",
				"-i",
				inputFile,
				...sources,
				query,
			];
			outcomes.push(await run(opa, args, { maxBuffer: 1 << 26 }).then(({ stdout }) => read(stdout), failed));
		}
		return outcomes;
	});
}

function read(stdout: string): Outcome {
	const { result = [] } = JSON.parse(stdout) as { result?: { expressions: { value: unknown }[] }[] };
	return { results: result.map(({ expressions }) => expressions[0]?.value) };
}

function failed(error: { stdout?: string; message: string }): Outcome {
	return { error: error.stdout || error.message };
}

async function inFolder<T>(
	modules: readonly string[],
	work: (opa: string, folder: string, files: readonly string[]) => Promise<T>,
): Promise<T> {
	const folder = await mkdtemp(join(tmpdir(), "sallyport-policy-host-"));
	try {
		const files = modules.map((_, i) => join(folder, `${i}.rego`));
		for (const [i, text] of modules.entries()) await writeFile(files[i] ?? "", text);
		return await work(await resolveOpa({ quiet: true }), folder, files);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** Sorts every array, to compare what came from sets: a module writes their members in no particular order. */
export function sortedDeep(value: unknown): unknown {
	if (Array.isArray(value)) {
		return value.map(sortedDeep).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
	}
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([key, member]) => [key, sortedDeep(member)]),
	);
}
