import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readArchive } from "../bundle/archive.ts";
import type { BundleFiles } from "../bundle/files.ts";
import { readManifest } from "../bundle/manifest.ts";
import type { KnownDependencies } from "./manifest.ts";
import { packageRoot } from "./package-root.ts";
import { sourceRevision } from "./sources.ts";

/**
 * Where the compiled forms of the default policy and of the demo's policies are kept, for machines that have neither
 * `opa` nor Go. `tools/generate-prebuilt.ts` makes them; a test holds them to their sources.
 */
export const prebuiltDirectory = (): string => join(packageRoot(), "tools", "prebuilt");

/** The compiled default policy, as a bundle's archive. */
export const shippedBundle = (): string => join(prebuiltDirectory(), "default.tar.gz");

/** The compiled form of exactly the sources of this revision (`sourceRevision`). */
export async function findPrebuilt(revision: string): Promise<BundleFiles | undefined> {
	for (const name of await readdir(prebuiltDirectory())) {
		if (!name.endsWith(".tar.gz")) continue;
		const files = await filesOf(join(prebuiltDirectory(), name));
		if (readManifest(files.get(".manifest")).revision === revision) return files;
	}
	return undefined;
}

/** What the library's rule sets depend on, from its compiled form; empty where that is not of the library as it is. */
export async function libraryDependencies(): Promise<KnownDependencies["library"]> {
	const files = await filesOf(shippedBundle());
	const { revision, sallyport } = readManifest(files.get(".manifest"));
	return revision === (await sourceRevision([])) ? (sallyport.depends ?? {}) : {};
}

async function filesOf(archive: string): Promise<BundleFiles> {
	return readArchive(await readFile(archive), { bytes: 64 << 20, entries: 1000, depth: 32 });
}
