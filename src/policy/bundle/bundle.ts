import { createHash } from "node:crypto";
import { PolicyError } from "../errors.ts";
import { type BundleFiles, checkNames, invalid } from "./files.ts";
import { type ExactJson, type ExactObject, isExactObject, parseExact } from "./json.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { checkData } from "./roots.ts";
import { type Verification, verifySignature } from "./signature.ts";

/** A bundle that was read and verified, not yet activated. */
export interface Bundle {
	/** The manifest's, or a digest of the files for a bundle that has none. */
	readonly revision: string;
	readonly manifest: Manifest;
	/** The bundle's part of the data document: JSON in UTF-8, numbers as they were written. */
	readonly data: Uint8Array;
	/** The compiled policy; undefined in a bundle that carries only data. */
	readonly wasm: Uint8Array | undefined;
}

/** Makes a bundle of files: signature first, then manifest, data and module. Throws PolicyError. */
export function readBundle(files: BundleFiles, verification: Verification | undefined): Bundle {
	verifySignature(files, verification);
	checkNames(files);
	if (files.has("patch.json")) throw invalid("patch.json has no place in a whole bundle");
	const manifest = readManifest(files.get(".manifest"));
	const data = readData(files);
	checkData(manifest.roots, data);
	const wasm = readModule(files, manifest);
	return {
		revision: manifest.revision === "" ? contentRevision(files) : manifest.revision,
		manifest,
		data: Buffer.from(JSON.stringify(data)),
		wasm,
	};
}

function readModule(files: BundleFiles, manifest: Manifest): Buffer | undefined {
	const modules = [...new Set(manifest.wasm.map(({ module }) => module))];
	const [module] = modules;
	if (module === undefined) {
		const source = [...files.keys()].find((path) => path.endsWith(".rego"));
		if (source === undefined) return undefined;
		throw new PolicyError("bundle_module", undefined, {
			operator: `${source} was not compiled to WebAssembly`,
		});
	}
	if (modules.length > 1)
		throw new PolicyError("bundle_module", undefined, { operator: "it has several modules" });
	const wasm = files.get(module);
	if (wasm === undefined) throw invalid(`the manifest names ${module}, which is missing`);
	return wasm;
}

/** Merges the bundle's `data.json` files, each under the path of its folder. */
function readData(files: BundleFiles): ExactObject {
	const root: ExactObject = Object.create(null);
	for (const [path, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
		const folders = path.split("/");
		if (folders.pop() !== "data.json") continue;
		const value = parseExact(path, content);
		if (folders.length === 0 && !isExactObject(value)) throw invalid(`${path} is not an object`);
		const nested = folders.reduceRight<ExactJson>(
			(inner, folder) => Object.assign(Object.create(null), { [folder]: inner }),
			value,
		);
		mergeData(root, nested as ExactObject, path);
	}
	return root;
}

/** The data document of several bundles, whose roots are known not to overlap. */
export function dataOfAll(bundles: ReadonlyMap<string, Bundle>): Uint8Array {
	const [first, ...others] = bundles;
	if (first === undefined) return Buffer.from("{}");
	if (others.length === 0) return first[1].data;
	const all: ExactObject = Object.create(null);
	for (const [name, { data }] of bundles) mergeData(all, parseExact(name, data) as ExactObject, name);
	return Buffer.from(JSON.stringify(all));
}

/** Copies `source` into `target`; two values at one place are a conflict unless both are objects. */
function mergeData(target: ExactObject, source: ExactObject, origin: string): void {
	for (const [key, value] of Object.entries(source)) {
		let present = target[key];
		if (present === undefined && isExactObject(value)) {
			present = Object.create(null) as ExactObject;
			target[key] = present;
		}
		if (present === undefined) target[key] = value;
		else if (isExactObject(present) && isExactObject(value)) mergeData(present, value, origin);
		else throw invalid(`${origin} conflicts with another data file at ${key}`);
	}
}

/** The name of a bundle that has none: it says what is in it. */
export function contentRevision(files: BundleFiles): string {
	const hash = createHash("sha256");
	for (const [path, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
		hash.update(`${path}\0${content.length}\0`).update(content);
	}
	return `sha256:${hash.digest("hex").slice(0, 16)}`;
}
