import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Value } from "typebox/value";
import {
	type Capabilities,
	offeredBuiltins,
	offeredCapabilities,
} from "../../../src/policy/build/capabilities.ts";
import { Opa } from "../../../src/policy/build/opa.ts";
import { capabilitiesFile, schemaDirectory } from "../../../src/policy/build/package-root.ts";
import { policySchemas } from "../../../src/policy/build/schemas.ts";
import { CommandInput } from "../../../src/policy/index.ts";
import { commandInput } from "./support.ts";

const REGENERATE = "run `node tools/generate-schemas.ts`";

test("the committed schemas are exactly what the declarations say", async () => {
	const committed = await readdir(schemaDirectory(), { recursive: true, withFileTypes: true });
	const files = committed
		.filter((entry) => entry.isFile() && entry.name !== "capabilities.json")
		.map((entry) => join(entry.parentPath, entry.name).slice(schemaDirectory().length + 1));
	assert.deepEqual(files.sort(), [...policySchemas().keys()].sort(), REGENERATE);
	for (const [path, text] of policySchemas()) {
		assert.equal(await readFile(join(schemaDirectory(), path), "utf8"), text, `${path}: ${REGENERATE}`);
	}
});

test("the committed capabilities are what the gateway can run", async () => {
	const committed = await readFile(capabilitiesFile(), "utf8");
	const names = (JSON.parse(committed) as Capabilities).builtins.map(({ name }) => name);
	for (const name of names) assert.ok(offeredBuiltins().has(name), `${name} is not offered; ${REGENERATE}`);
	const opa = await Opa.find();
	const current = await opa.json<Capabilities>(["capabilities", "--current"]);
	assert.deepEqual(JSON.parse(committed), JSON.parse(offeredCapabilities(current)), REGENERATE);
});

test("the capabilities hold no network and nothing that decodes without complaint", async () => {
	const { builtins, allow_net } = JSON.parse(await readFile(capabilitiesFile(), "utf8"));
	const names = new Set(builtins.map(({ name }: { name: string }) => name));
	for (const name of [
		"http.send",
		"net.lookup_ip_addr",
		"base64.decode",
		"base64url.decode",
		"opa.runtime",
	]) {
		assert.equal(names.has(name), false, name);
	}
	assert.deepEqual(allow_net, []);
});

test("the input that these tests use is a command's input", () => {
	assert.deepEqual([...Value.Errors(CommandInput, commandInput())], []);
});
