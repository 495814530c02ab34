import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { detectorSettings } from "../../../src/policy/detectors.ts";
import { PolicyError } from "../../../src/policy/index.ts";

const settings = (pii: unknown) =>
	detectorSettings(Buffer.from(JSON.stringify({ sallyport: { packs: { pii } } })));

describe("own detectors in a bundle's data", () => {
	it("are none where the data has none", () => {
		for (const data of ["{}", '{"sallyport":{}}', '{"sallyport":{"packs":{"pii":{}}}}', '{"sallyport":1}'])
			assert.deepEqual(detectorSettings(Buffer.from(data)), { expressions: {}, names: [] });
	});

	it("are expressions by name, and names of people", () => {
		const given = { expressions: { employee: "E-[0-9]{6}" }, names: ["Ada Lovelace"] };
		assert.deepEqual(settings(given), given);
	});

	it("refuse the bundle where one doesn't compile, looks around, matches nothing at all or has a taken name", () => {
		const wrong = [
			{ own: "(" },
			{ own: "(?=x)" },
			{ own: "(a)\\1" },
			{ own: "x*" },
			{ own: "" },
			{ own: 7 },
			{ own: "a".repeat(1_001) },
			{ own: "(a{1000}){1000}" },
			{ email: "x" },
			{ "Own name": "x" },
			["x"],
		];
		for (const expressions of wrong)
			assert.throws(
				() => settings({ expressions }),
				(thrown) => thrown instanceof PolicyError && thrown.code === "bundle_detector",
				JSON.stringify(expressions).slice(0, 60),
			);
		assert.throws(() => settings({ names: [7] }), PolicyError);
	});
});
