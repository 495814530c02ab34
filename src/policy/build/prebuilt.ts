import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readArchive } from "../bundle/archive.ts";
import type { BundleFiles } from "../bundle/files.ts";
import { readManifest } from "../bundle/manifest.ts";
import { type BuildOptions, buildBundle } from "./build.ts";
import { BuildError } from "./errors.ts";
import { Opa } from "./opa.ts";
import { packageRoot } from "./package-root.ts";
import { type BuiltBundle, defaultSequence, publish } from "./publish.ts";
import { sourceRevision } from "./sources.ts";

/**
 * Where the compiled forms of the default policy and of the demo's policies are kept, for machines that have neither
 * `opa` nor Go. `tools/generate-prebuilt.ts` makes them; a test holds them to their sources.
 */
export const prebuiltDirectory = (): string => join(packageRoot(), "tools", "prebuilt");

/** The compiled default policy, as a bundle's archive. */
export const shippedBundle = (): string => join(prebuiltDirectory(), "default.tar.gz");

/**
 * As `buildBundle`, and where no `opa` is at hand, from the prebuilt form of exactly these sources (by
 * `sourceRevision`). `opa` is not installed for it. Throws BuildError; `opa_missing` when there is neither.
 */
export async function buildOrPrebuilt(
	options: BuildOptions,
): Promise<BuiltBundle & { readonly prebuilt: boolean }> {
	try {
		const opa = await Opa.find({ path: options.opa, install: false });
		return { ...(await buildBundle({ ...options, opa: opa.path })), prebuilt: false };
	} catch (thrown) {
		if (!(thrown instanceof BuildError) || thrown.code !== "opa_missing") throw thrown;
		const files = await findPrebuilt(await sourceRevision(options.dirs));
		if (files === undefined) throw thrown;
		const built = await publish(files, options.sequence ?? defaultSequence(), options.signKey);
		return { ...built, prebuilt: true };
	}
}

async function findPrebuilt(revision: string): Promise<BundleFiles | undefined> {
	for (const name of await readdir(prebuiltDirectory())) {
		if (!name.endsWith(".tar.gz")) continue;
		const archive = await readFile(join(prebuiltDirectory(), name));
		const files = await readArchive(archive, { bytes: 64 << 20, entries: 1000, depth: 32 });
		if (readManifest(files.get(".manifest")).revision === revision) return files;
	}
	return undefined;
}
