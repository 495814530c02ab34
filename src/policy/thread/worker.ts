/** The thread in which bundles are read, verified, compiled and tried, so that the one that decides doesn't wait. */
import { createHash } from "node:crypto";
import { parentPort } from "node:worker_threads";
import { describeThrown } from "../../lib/index.ts";
import { assemble } from "../bundle/activate.ts";
import { type Candidate, readCandidate } from "../bundle/candidate.ts";
import { compileModule } from "../engine/compile.ts";
import type { ReadyPolicy } from "../engine/engine.ts";
import type { CompiledModule } from "../engine/policy-module.ts";
import { PolicyError } from "../errors.ts";
import { type Answer, type Job, plainError, toFiles, toVerification } from "./jobs.ts";

/** Modules that are kept: the one in force, so that new data needs no compiling, and the one that takes its place. */
const MODULES = 2;
const modules = new Map<string, CompiledModule>();

async function compileOnce(wasm: Uint8Array): Promise<CompiledModule> {
	const digest = createHash("sha256").update(wasm).digest("hex");
	const compiled = modules.get(digest) ?? (await compileModule(wasm));
	modules.delete(digest);
	modules.set(digest, compiled);
	for (const old of [...modules.keys()].slice(0, -MODULES)) modules.delete(old);
	return compiled;
}

async function answer(job: Job): Promise<Candidate | ReadyPolicy | undefined> {
	if (job.kind === "assemble") return assemble(job.bundles, job.limits, compileOnce);
	const { bundle, type } = readCandidate(toFiles(job.files), toVerification(job.verification), job.over);
	const { data, wasm } = bundle;
	return {
		type,
		bundle: { ...bundle, data: shared(data), wasm: wasm === undefined ? undefined : shared(wasm) },
	};
}

/** In memory that all threads see: handing it on copies nothing. */
function shared(bytes: Uint8Array): Uint8Array {
	if (bytes.buffer instanceof SharedArrayBuffer) return bytes;
	const copy = new Uint8Array(new SharedArrayBuffer(bytes.byteLength));
	copy.set(bytes);
	return copy;
}

parentPort?.on("message", ({ id, job }: { id: number; job: Job }) => {
	answer(job)
		.then(
			(value): Answer => ({ id, value }),
			(thrown: unknown): Answer => {
				const error =
					thrown instanceof PolicyError
						? thrown
						: new PolicyError("bundle_invalid", undefined, { operator: describeThrown(thrown) });
				return { id, failure: plainError(error) };
			},
		)
		.then((result) => parentPort?.postMessage(result));
});
