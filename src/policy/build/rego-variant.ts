import { readArchive } from "../bundle/archive.ts";
import type { BundleFiles } from "../bundle/files.ts";
import { type ExactObject, goJson, parseExact } from "../bundle/json.ts";
import { readManifest } from "../bundle/manifest.ts";
import { writeArchive } from "./archive.ts";

/**
 * The signature of the variant for OPA, kept in the bundle that it is made of: a server takes the variant out of a
 * bundle, and can't sign it.
 */
export const REGO_SIGNATURES = ".rego-signatures.json";

const LIMITS = { bytes: 256 << 20, entries: 10_000, depth: 32 };

/**
 * The files of a bundle without its compiled module, which OPA can run without an engine for modules; without any
 * signature. Undefined when there are no sources.
 */
export function withoutModule(files: BundleFiles): BundleFiles | undefined {
	if (![...files.keys()].some((name) => name.endsWith(".rego"))) return undefined;
	const content = files.get(".manifest") ?? Buffer.from("{}");
	const modules = new Set(readManifest(content).wasm.map(({ module }) => module));
	const manifest = parseExact(".manifest", content) as ExactObject;
	delete manifest["wasm"];
	const kept = [...files].filter(
		([name]) => !modules.has(name) && name !== ".signatures.json" && name !== REGO_SIGNATURES,
	);
	return new Map([...kept, [".manifest", Buffer.from(goJson(manifest))]]);
}

/**
 * The archive for OPA itself of a bundle's archive, signed as the bundle's author signed it; null when it holds no
 * sources. Throws PolicyError.
 */
export async function regoVariant(archive: Uint8Array): Promise<Buffer | null> {
	const files = await readArchive(archive, LIMITS);
	const kept = withoutModule(files);
	if (kept === undefined) return null;
	const signature = files.get(REGO_SIGNATURES);
	return writeArchive(signature === undefined ? kept : new Map([...kept, [".signatures.json", signature]]));
}
