import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { BuildError, buildBundle, buildOrPrebuilt, sourceRevision } from "../../../src/policy/build/index.ts";
import { Opa } from "../../../src/policy/build/opa.ts";
import { packageRoot } from "../../../src/policy/build/package-root.ts";
import { prebuiltDirectory } from "../../../src/policy/build/shipped.ts";
import { directoryOf } from "./support.ts";

const sources: Record<string, string[]> = JSON.parse(
	await readFile(join(prebuiltDirectory(), "sources.json"), "utf8"),
);
const OPA_OF_THE_PREBUILT = /^Version: 1\.22\.3$/m;
const { SALLYPORT_OPA } = process.env;
afterEach(() => {
	if (SALLYPORT_OPA === undefined) delete process.env["SALLYPORT_OPA"];
	else process.env["SALLYPORT_OPA"] = SALLYPORT_OPA;
});

for (const [name, directories] of Object.entries(sources)) {
	const dirs = directories.map((directory) => join(packageRoot(), directory));

	test(`the prebuilt ${name} is exactly what its sources build to`, async () => {
		const stored = await readFile(join(prebuiltDirectory(), `${name}.tar.gz`));
		const { archive, revision } = await buildBundle({ dirs, sequence: 0 });
		const due = "run `node tools/generate-prebuilt.ts`";
		assert.equal(revision, await sourceRevision(dirs));
		const same = gunzipSync(stored).equals(gunzipSync(archive)); // compressed by whichever zlib was there
		const opa = await Opa.find();
		if (OPA_OF_THE_PREBUILT.test(await opa.run(["version"]))) assert.ok(same, due);
		else assert.ok(gunzipSync(stored).includes(revision), due); // another OPA compiles to other bytes
	});

	test(`without opa the ${name} comes from its prebuilt form, numbered anew`, async () => {
		process.env["SALLYPORT_OPA"] = "/nowhere/opa";
		const { archive, prebuilt, sequence } = await buildOrPrebuilt({ dirs, sequence: 5 });
		assert.equal(prebuilt, true);
		assert.equal(sequence, 5);
		assert.ok(gunzipSync(archive).includes('"sequence":5'));
	});
}

test("without opa, sources that nobody built beforehand are an error that says what to do", async (context) => {
	process.env["SALLYPORT_OPA"] = "/nowhere/opa";
	const directory = await directoryOf(context, { "data.json": '{"x": 1}' });
	await assert.rejects(
		buildOrPrebuilt({ dirs: [directory] }),
		(thrown) =>
			thrown instanceof BuildError && thrown.code === "opa_missing" && /SALLYPORT_OPA/.test(thrown.message),
	);
});
