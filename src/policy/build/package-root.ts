import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The directory of this package: `policies/`, `policy-schemas/` and `tools/` lie in it, whether built or not. */
export function packageRoot(): string {
	let directory = import.meta.dirname;
	while (!existsSync(join(directory, "policy-schemas"))) {
		const parent = dirname(directory);
		if (parent === directory) throw new Error("policy-schemas/ is missing from the installation");
		directory = parent;
	}
	return directory;
}

/** The shipped library and packs, in Rego. */
export const libraryDirectory = (): string => join(packageRoot(), "policies");

/** The JSON Schemas that `opa check -s` takes. */
export const schemaDirectory = (): string => join(packageRoot(), "policy-schemas");

/** What `policy init` begins a repository with. */
export const templateDirectory = (): string => join(packageRoot(), "policy-template");

/** The builtins that the gateway can run, in OPA's form. */
export const capabilitiesFile = (): string => join(schemaDirectory(), "capabilities.json");
