import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, test } from "node:test";
import { loadConfig } from "../../src/config/index.ts";
import { buildBundle } from "../../src/policy/build/index.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const README = readFileSync(join(ROOT, "README.md"), "utf8");
const scratch = mkdtempSync(join(tmpdir(), "sallyport-readme-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** The first code block of a language. */
function block(language: string): string {
	const found = new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, "m").exec(README)?.[1];
	assert.ok(found, `the README has a block of ${language}`);
	return found;
}

test("the README's configuration is one that a gateway takes", () => {
	const file = join(scratch, "sallyport.yaml");
	writeFileSync(file, block("yaml"));
	writeFileSync(join(scratch, "bundle.tar.gz"), "");
	const config = loadConfig(file, { ORDERS_PASSWORD: "not-a-real-one" });
	assert.equal(config.connections[0]?.name, "orders");
});

test("the README's rule is one that `bundle build` takes", async () => {
	const directory = mkdtempSync(join(scratch, "policy-"));
	writeFileSync(join(directory, "payments.rego"), block("rego"));
	const { revision } = await buildBundle({ dirs: [directory] });
	assert.notEqual(revision, "");
});

test("every npm command that the pages name is there", () => {
	const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
		scripts: Record<string, string>;
	};
	for (const page of pages()) {
		for (const [, name = ""] of readFileSync(page, "utf8").matchAll(
			/npm (?:run )?(test|demo|check|bench|conformance|build)\b/g,
		))
			assert.ok(scripts[name] !== undefined, `${page}: npm ${name}`);
	}
});

test("every link between the pages leads somewhere", () => {
	for (const page of pages()) {
		for (const [, target = ""] of readFileSync(page, "utf8").matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g))
			assert.ok(existsSync(join(dirname(page), target)), `${page}: ${target}`);
	}
});

function pages(): string[] {
	const docs = readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md"));
	return [join(ROOT, "README.md"), ...docs.map((name) => join(ROOT, "docs", name))];
}
