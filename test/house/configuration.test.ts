import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { configurationSchema, loadConfig, type Schema } from "../../src/config/index.ts";
import { configurationPage } from "../../tools/docs/configuration-page.ts";

const page = await readFile(new URL("../../docs/configuration.md", import.meta.url), "utf8");

/** Every schema of a key that is written in the file, with the path that leads to it. */
function* keys(path: string, schema: Schema): Generator<[string, Schema]> {
	for (const [key, property] of Object.entries(schema.properties ?? {})) {
		const here = path === "" ? key : `${path}.${key}`;
		yield [here, property];
		if (property["x-form"] !== undefined) continue;
		yield* keys(here, property);
		if (property.items !== undefined) yield* keys(`${here}[]`, property.items);
		if (typeof property.additionalProperties === "object")
			yield* keys(`${here}.NAME`, property.additionalProperties);
	}
}

describe("docs/configuration.md", () => {
	it("has every key of the schema", () => {
		for (const [path] of keys("", configurationSchema)) assert.ok(page.includes(`| \`${path}\` |`), path);
	});

	it("is what the schema says (else run: node tools/generate-docs.ts)", () => {
		assert.equal(page, configurationPage(configurationSchema));
	});

	it("tells what each value is for", () => {
		for (const [path, schema] of keys("", configurationSchema)) {
			const isGroup = schema.type === "object" && schema.properties !== undefined;
			if (!isGroup) assert.ok((schema.description ?? "").length > 5, `${path} has no description`);
		}
	});

	it("has an example that the gateway takes", async () => {
		const example = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
		const directory = await mkdtemp(join(tmpdir(), "sallyport-docs-"));
		try {
			await writeFile(join(directory, "release.pub"), "key");
			await writeFile(join(directory, "sallyport.yaml"), example);
			const config = loadConfig(join(directory, "sallyport.yaml"), {
				ORDERS_PASSWORD: "x",
				BUNDLE_TOKEN: "y",
			});
			assert.equal(config.connections[0]?.name, "orders");
		} finally {
			await rm(directory, { recursive: true });
		}
	});
});
