import { type BuildOptions, buildBundle } from "./build.ts";
import { BuildError } from "./errors.ts";
import { Opa } from "./opa.ts";
import { type BuiltBundle, defaultSequence, publish } from "./publish.ts";
import { findPrebuilt } from "./shipped.ts";
import { sourceRevision } from "./sources.ts";

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
