/** The thread in which bundles are read, verified, compiled and tried, so that the one that decides doesn't wait. */
import { createHash } from "node:crypto";
import { parentPort } from "node:worker_threads";
import { describeThrown } from "../../lib/index.ts";
import { assemble } from "../bundle/activate.ts";
import type { Bundle } from "../bundle/bundle.ts";
import { type Candidate, readCandidate } from "../bundle/candidate.ts";
import { discoveredDocument } from "../discovery/document.ts";
import { compileModule } from "../engine/compile.ts";
import type { ReadyPolicy } from "../engine/engine.ts";
import type { EngineLimits } from "../engine/limits.ts";
import type { CompiledModule } from "../engine/policy-module.ts";
import { PolicyError } from "../errors.ts";
import { type Answer, filesOf, type Job, plainError, toVerification } from "./jobs.ts";
import { Kept } from "./kept.ts";

/** Modules that are kept: the one in force, so that new data needs no compiling, and the one that takes its place. */
const modules = new Kept<CompiledModule>(2);
/** Gateways of one process take up the same revision at the same time; it may have large data, so only the last. */
const policies = new Kept<ReadyPolicy | undefined>(1);

const compileOnce = (wasm: Uint8Array) => modules.get(digestOf([wasm]), () => compileModule(wasm));

function assembleOnce(bundles: ReadonlyMap<string, Bundle>, limits: EngineLimits) {
	const said = [...bundles].map(([name, { revision, manifest }]) => [name, revision, manifest]);
	const contents = [...bundles.values()].flatMap(({ data, wasm }) => [data, wasm ?? Buffer.alloc(0)]);
	const key = digestOf([Buffer.from(JSON.stringify([said, limits])), ...contents]);
	return policies.get(key, () => assemble(bundles, limits, compileOnce));
}

function digestOf(parts: readonly Uint8Array[]): string {
	const hash = createHash("sha256");
	for (const part of parts) hash.update(`${part.byteLength}\0`).update(part);
	return hash.digest("hex");
}

async function answer(job: Job): Promise<Candidate | ReadyPolicy | string | undefined> {
	if (job.kind === "discover") return discoveredDocument(job.bundle, job.decision, job.now);
	if (job.kind === "assemble") return assembleOnce(job.bundles, job.limits);
	const files = new Map(await filesOf(job.content));
	const signed = files.has(".signatures.json");
	if (job.verification === "unverified") files.delete(".signatures.json");
	const verification = job.verification === "unverified" ? undefined : toVerification(job.verification);
	const { bundle, type } = readCandidate(files, verification, job.over);
	const { data, wasm } = bundle;
	return {
		type,
		signed,
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
