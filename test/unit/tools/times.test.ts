import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";

const ROOT = resolve(import.meta.dirname, "../../..");
const { LONG } = (await import(`${ROOT}/tools/tasks/test/times.mjs` as string)) as {
	LONG: readonly string[];
};

test("the files that begin first are there", () => {
	for (const file of LONG) assert.ok(existsSync(join(ROOT, file)), file);
});
