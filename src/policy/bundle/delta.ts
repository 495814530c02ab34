import { Value } from "typebox/value";
import { type Bundle, contentRevision } from "./bundle.ts";
import { type BundleFiles, checkNames, invalid } from "./files.ts";
import { type ExactJson, type ExactObject, isExactObject, parseExact } from "./json.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { misfit, PatchOperation, patched } from "./patch.ts";
import { refused } from "./refused.ts";
import { checkData, outside, rootsContain } from "./roots.ts";
import type { Verification } from "./signature.ts";

const PATCH = "patch.json";

/** Changes to the data of the bundle in force, read and not yet made. */
export interface Delta {
	readonly revision: string;
	readonly manifest: Manifest;
	readonly operations: readonly PatchOperation[];
	/** Nobody signed it, though signatures are asked for: its sequence proves nothing. */
	readonly unproven: boolean;
}

export const isDelta = (files: BundleFiles): boolean => files.has(PATCH);

/** Whether deltas are taken at all: they can't be signed, nor kept for a restart. */
export function takesDeltas(verification: Verification | undefined, persist: boolean): boolean {
	const allowed = verification?.required !== true || verification.signing.allow_unsigned_delta_bundles;
	return allowed && !persist;
}

/** Reads a delta bundle: the manifest and `patch.json`, nothing else that would be read of a snapshot. */
export function readDelta(
	files: BundleFiles,
	verification: Verification | undefined,
	persist: boolean,
): Delta {
	if (!takesDeltas(verification, persist)) {
		if (persist) throw misfit("a delta can't be kept for a restart, and the bundle has `persist`");
		throw refused("a delta bundle can't be signed, and signatures are asked for");
	}
	checkNames(files);
	for (const path of files.keys()) {
		const name = path.split("/").at(-1);
		if (
			name === "data.json" ||
			name === "policy.wasm" ||
			name === ".signatures.json" ||
			path.endsWith(".rego")
		)
			throw invalid(`${path} has no place in a delta bundle`);
	}
	const manifest = readManifest(files.get(".manifest"));
	const operations = readOperations(files.get(PATCH) ?? Buffer.alloc(0));
	for (const { path } of operations) {
		if (!rootsContain(manifest.roots, path.replace(/^\/+|\/+$/g, "")))
			throw outside(`the patch of '${path}' is outside the roots`);
	}
	return {
		revision: manifest.revision === "" ? contentRevision(files) : manifest.revision,
		manifest,
		operations,
		unproven: verification?.required === true,
	};
}

function readOperations(content: Buffer): readonly PatchOperation[] {
	const file = parseExact(PATCH, content);
	const data = isExactObject(file) ? file["data"] : undefined;
	if (!Array.isArray(data) || data.length === 0) throw invalid(`${PATCH} has no changes in \`data\``);
	return data.map((operation: ExactJson) => {
		if (!Value.Check(PatchOperation, operation)) throw invalid(`${PATCH} holds what is no change`);
		return operation as unknown as PatchOperation;
	});
}

/**
 * The bundle in force with a delta's changes: the module and what its rules depend on stay. Throws PolicyError
 * (bundle_delta, bundle_roots).
 */
export function withDelta(active: Bundle | undefined, delta: Delta): Bundle {
	if (active === undefined) throw misfit("there is no bundle in force that it could change");
	if (!sameShape(active.manifest, delta.manifest))
		throw misfit("its roots or its modules are others than those of the bundle in force");
	const data = patched(parseExact("data.json", active.data) as ExactObject, delta.operations);
	checkData(active.manifest.roots, data);
	const before = active.manifest.sallyport;
	const sequence = delta.unproven ? before.sequence : (delta.manifest.sallyport.sequence ?? before.sequence);
	return {
		revision: delta.revision,
		manifest: {
			...active.manifest,
			revision: delta.manifest.revision,
			sallyport: { ...before, ...(sequence === undefined ? {} : { sequence }) },
		},
		data: Buffer.from(JSON.stringify(data)),
		wasm: active.wasm,
	};
}

function sameShape(a: Manifest, b: Manifest): boolean {
	const roots = (manifest: Manifest) => [...new Set(manifest.roots)].sort().join("\n");
	return roots(a) === roots(b) && JSON.stringify(a.wasm) === JSON.stringify(b.wasm);
}
