import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { loadConfig } from "../../src/config/index.ts";
import { buildBundle } from "../../src/policy/build/index.ts";
import { readBundleAt } from "../../src/policy/index.ts";
import { CASES } from "../wire/bundles/cases.ts";

const PAGE = readFileSync(resolve(import.meta.dirname, "../../docs/bundle-delivery.md"), "utf8");
const scratch = mkdtempSync(join(tmpdir(), "sallyport-delivery-page-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

const blocks = (language: string) =>
	[...PAGE.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, "gm"))].map(
		([, text = ""]) => text,
	);

test("the page's configurations are ones that a gateway takes", () => {
	for (const name of [
		"ca.pem",
		"token",
		"release-1.pub",
		"release-2.pub",
		"client.key",
		"client.pem",
		"exceptions.tar.gz",
	])
		writeFileSync(join(scratch, name), "x");
	const found = blocks("yaml");
	assert.ok(found.length >= 4);
	for (const text of found) {
		const file = join(scratch, "sallyport.yaml");
		writeFileSync(file, text);
		loadConfig(file, {});
	}
});

test("the page's masks are rules that `bundle build` makes entrypoints of", async () => {
	const directory = mkdtempSync(join(scratch, "policy-"));
	writeFileSync(join(directory, "log.rego"), blocks("rego")[0] ?? "");
	const { archive } = await buildBundle({ dirs: [directory] });
	const file = join(scratch, "bundle.tar.gz");
	writeFileSync(file, archive);
	const { manifest } = await readBundleAt(file);
	const entrypoints = manifest.wasm.map(({ entrypoint }) => entrypoint);
	for (const name of ["system/log/mask", "system/log/drop"]) assert.ok(entrypoints.includes(name), name);
});

test("the page lists each bundle that OPA takes and a gateway refuses, with the reason", () => {
	for (const { name, differs } of CASES.filter((each) => each.differs !== undefined))
		assert.ok(PAGE.includes(`| ${name} | ${differs} |`), name);
});
