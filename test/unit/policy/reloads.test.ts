import assert from "node:assert/strict";
import { test } from "node:test";
import { reloadMemory } from "../../support/reloads.ts";
import { build, sources, withManifest } from "./support.ts";

/** What collections leave, those of the thread that reads bundles too; revisions that stayed would take 60 MB. */
const NOISE = 40 << 20;

test("reloads leave nothing in memory: each would leave a megabyte if it left its instance", async () => {
	const archive = await withManifest(await build(sources()), { roots: ["sallyport"] });
	const { before, after } = await reloadMemory(archive, 60);
	assert.ok(after < before + NOISE, `${before} bytes before, ${after} after 60 reloads`);
});
