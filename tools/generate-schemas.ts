/** Writes `policy-schemas/` from the TypeBox declarations; a test holds the committed files to them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { policySchemas } from "../src/policy/build/schemas.ts";

const root = join(import.meta.dirname, "..", "policy-schemas");
for (const [path, text] of policySchemas()) {
	mkdirSync(dirname(join(root, path)), { recursive: true });
	writeFileSync(join(root, path), text);
}
