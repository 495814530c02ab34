import { openPolicy, readBundleAt } from "../../../policy/index.ts";
import type { AddCommand } from "../../context.ts";
import { type VerifyOptions, verification, withVerification } from "../../signing.ts";

interface Options extends VerifyOptions {
	readonly json?: true;
}

/** Reads a bundle as a gateway does: signature, manifest, roots, module, trial run. */
export const bundleVerify: AddCommand = (parent, { terminal, env }) => {
	withVerification(parent.command("verify <path>"))
		.description("check that a gateway would take a bundle: a tarball or an unpacked directory")
		.option("--json", "as JSON")
		.action(async (path: string, options: Options) => {
			const key = await verification(options, env);
			const bundle = await readBundleAt(path, key);
			if (bundle.wasm !== undefined) await terminal.during("compiling", openPolicy(bundle));
			const { manifest, revision } = bundle;
			const facts = {
				revision,
				sequence: manifest.sallyport.sequence ?? null,
				roots: manifest.roots,
				policy: bundle.wasm !== undefined,
				verified: key !== undefined,
			};
			if (options.json) return terminal.json(facts);
			terminal.facts([
				["revision", revision],
				["sequence", String(facts.sequence ?? "-")],
				["roots", facts.roots.map((root) => (root === "" ? "(everything)" : root)).join(", ")],
				["carries", facts.policy ? "policy" : "data only"],
				["signature", facts.verified ? "verified" : "none"],
			]);
		});
};
