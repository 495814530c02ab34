import { Value } from "typebox/value";
import { Nullable, type Static, Type } from "../../lib/index.ts";
import { invalid } from "./files.ts";
import { checkDistinct, outside, rootsContain } from "./roots.ts";

const Dependencies = Type.Object({
	input: Type.Array(Type.String()),
	data: Type.Optional(Type.Array(Type.String())),
	nondeterministic: Type.Optional(Type.Array(Type.String())),
});

/** A rule that adds to one of the sets, and where it stands in the sources that the bundle was built from. */
export const RuleEntry = Type.Object({
	/** `sallyport/command/deny` and so on. */
	set: Type.String(),
	/** The name in its element; null where that is computed. */
	rule: Nullable(Type.String()),
	/** Below its policy directory, or the library's own. */
	file: Type.String(),
	line: Type.Integer(),
});
export type RuleEntry = Static<typeof RuleEntry>;

/** What Sallyport keeps under `metadata.sallyport`. Further fields are a later version's. */
const SallyportMetadata = Type.Object({
	/** Rises with every publication; a lower one than the active bundle's is refused. */
	sequence: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
	/** By package and rule set, what the rules of that set read. */
	depends: Type.Optional(Type.Record(Type.String(), Type.Record(Type.String(), Dependencies))),
	/** Every rule of the library and of the policy. */
	rules: Type.Optional(Type.Array(RuleEntry)),
});
export type SallyportMetadata = Static<typeof SallyportMetadata>;

/** The versions of Rego that there are; the sources in a bundle aren't run here, but an unknown one is a mistake. */
const RegoVersion = Type.Integer({ minimum: 0, maximum: 2 });

const ManifestFile = Type.Object({
	revision: Type.Optional(Type.String()),
	roots: Type.Optional(Type.Array(Type.String())),
	wasm: Type.Optional(Type.Array(Type.Object({ entrypoint: Type.String(), module: Type.String() }))),
	rego_version: Type.Optional(RegoVersion),
	file_rego_versions: Type.Optional(Type.Record(Type.String(), RegoVersion)),
	metadata: Type.Optional(Type.Object({ sallyport: Type.Optional(SallyportMetadata) })),
});

export interface Manifest {
	/** Empty when the bundle has none. */
	readonly revision: string;
	/** Without leading or trailing slashes; a bundle that names none owns everything. */
	readonly roots: readonly string[];
	readonly wasm: readonly { readonly entrypoint: string; readonly module: string }[];
	readonly sallyport: SallyportMetadata;
}

/** Reads `.manifest`; a bundle without one owns everything. Throws PolicyError (bundle_invalid, bundle_roots). */
export function readManifest(content: Buffer | undefined): Manifest {
	const file: unknown = content === undefined ? {} : parse(content);
	if (!Value.Check(ManifestFile, file)) {
		const [error] = Value.Errors(ManifestFile, file);
		throw invalid(`.manifest: ${error?.instancePath ?? ""} ${error?.message ?? ""}`);
	}
	const roots = (file.roots ?? [""]).map((root) => root.replace(/^\/+|\/+$/g, ""));
	checkDistinct(roots);
	const wasm = (file.wasm ?? []).map(({ entrypoint, module }) => ({
		entrypoint: entrypoint.replace(/^\/+/, ""),
		module: module.replace(/^\/+/, ""),
	}));
	if (new Set(wasm.map(({ entrypoint }) => entrypoint)).size < wasm.length)
		throw invalid(".manifest names an entrypoint twice");
	for (const { entrypoint } of wasm) {
		if (!rootsContain(roots, entrypoint)) throw outside(`the entrypoint ${entrypoint} is outside the roots`);
	}
	return { revision: file.revision ?? "", roots, wasm, sallyport: file.metadata?.sallyport ?? {} };
}

function parse(content: Buffer): unknown {
	try {
		return JSON.parse(content.toString("utf8"));
	} catch (thrown) {
		throw invalid(".manifest is not valid JSON", thrown);
	}
}
