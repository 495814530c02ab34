/** Writes `policy-schemas/` from what the gateway itself declares; a test holds the committed files to it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Capabilities, offeredCapabilities } from "../src/policy/build/capabilities.ts";
import { Opa } from "../src/policy/build/opa.ts";
import { policySchemas } from "../src/policy/build/schemas.ts";

const root = join(import.meta.dirname, "..", "policy-schemas");
for (const [path, text] of policySchemas()) {
	mkdirSync(dirname(join(root, path)), { recursive: true });
	writeFileSync(join(root, path), text);
}
const opa = await Opa.find();
const current = await opa.json<Capabilities>(["capabilities", "--current"]);
writeFileSync(join(root, "capabilities.json"), offeredCapabilities(current));
