import { PolicyError } from "../errors.ts";

/** A bundle's files by path, without a leading slash. */
export type BundleFiles = ReadonlyMap<string, Buffer>;

/** Bounds on what a bundle unpacks to. */
export interface BundleLimits {
	/** Of all files together. */
	readonly bytes: number;
	readonly entries: number;
	/** Of folders in a path. */
	readonly depth: number;
}

export const MAX_ENTRIES = 10_000;
export const MAX_DEPTH = 32;

/**
 * Gathers a bundle's files and refuses what a bundle has no use for: paths that leave it, files that come twice, and
 * more than the limits. The names of what is refused are in the operator's half of the error.
 */
export class FileCollector {
	readonly files = new Map<string, Buffer>();
	readonly #limits: BundleLimits;
	#bytes = 0;
	#entries = 0;

	constructor(limits: BundleLimits) {
		this.#limits = limits;
	}

	/** Counts one entry, a folder too, and returns its path in the bundle's own form. */
	admit(path: string, size: number): string {
		this.#entries++;
		this.#bytes += size;
		if (this.#entries > this.#limits.entries) throw tooLarge(`more than ${this.#limits.entries} entries`);
		if (this.#bytes > this.#limits.bytes) throw tooLarge(`more than ${this.#limits.bytes} bytes unpacked`);
		const parts = path
			.replace(/^(\.?\/)+/, "")
			.replace(/\/$/, "")
			.split("/");
		if (parts.some((part) => part === "" || part === "." || part === ".." || /[\0\\]/.test(part))) {
			if (path !== "./" && path !== "." && path !== "/") throw invalid(`the path ${JSON.stringify(path)}`);
		}
		if (parts.length > this.#limits.depth) throw tooLarge(`a path deeper than ${this.#limits.depth} folders`);
		return parts.join("/");
	}

	add(path: string, content: Buffer): void {
		if (path === "" || this.files.has(path)) throw invalid(`the file ${JSON.stringify(path)} comes twice`);
		this.files.set(path, content);
	}
}

/**
 * Refuses files that others would read as something and that are not read here: what was left out without a word
 * would be policy that nobody enforces.
 */
export function checkNames(files: BundleFiles): void {
	for (const path of files.keys()) {
		const name = path.split("/").at(-1) ?? "";
		if (name === "data.yaml" || name === "data.yml")
			throw invalid(`${path} is not taken: data comes in data.json`);
		if (path.endsWith(".manifest.pb"))
			throw invalid(`${path} is not taken: the manifest is .manifest, in JSON`);
		if (path.endsWith(".manifest") && path !== ".manifest")
			throw invalid(`${path} is a manifest that is not at the bundle's root`);
		if (name === "patch.json" && path !== "patch.json")
			throw invalid(`${path} is a patch that is not at the bundle's root`);
	}
}

export function invalid(operator: string, cause?: unknown): PolicyError {
	return new PolicyError("bundle_invalid", undefined, { operator, cause });
}

export function tooLarge(operator: string): PolicyError {
	return new PolicyError("bundle_too_large", undefined, { operator });
}
