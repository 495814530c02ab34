import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, it } from "node:test";
import { THREATS_ELSEWHERE } from "../threats.ts";
import { THREATS } from "./threats.ts";

const TESTS = resolve(import.meta.dirname, "../..");

const ALL = [...THREATS, ...THREATS_ELSEWHERE];

describe("each threat has a case that stands in the tests", () => {
	it("and none is listed twice", () => {
		const names = ALL.map(({ threat }) => threat);
		assert.deepEqual([...new Set(names)], names);
	});

	for (const { threat, shownBy } of ALL)
		it(threat, () => {
			assert.ok(shownBy.length > 0, "nothing shows it");
			for (const [file, words] of shownBy) {
				const path = join(TESTS, file);
				assert.ok(existsSync(path), file);
				assert.ok(readFileSync(path, "utf8").includes(words), `${file} has no "${words}"`);
			}
		});
});
