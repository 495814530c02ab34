import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type JsonPath, maskPaths, planMasks, type Transform } from "../../../src/masking/index.ts";
import { columnMask, maskObligation } from "../../support/masks.ts";

const KEY = Buffer.alloc(32, 1);
const masked = (text: string, ...within: readonly (readonly [JsonPath, Partial<Transform>?])[]) =>
	maskPaths(
		columnMask("redact", {
			within: within.map(([path, given]) => ({ ...columnMask("redact"), ...given, path })),
		}),
		text,
		KEY,
	);

describe("paths into JSON", () => {
	for (const [name, text, path, expected] of [
		["a key", '{"a": "x", "b": "y"}', ["a"], '{"a": "[redacted]", "b": "y"}'],
		[
			"a key below a key",
			'{"card":{"number":"4111","brand":"v"}}',
			["card", "number"],
			'{"card":{"number":"[redacted]","brand":"v"}}',
		],
		["what is not there", '{"b": [1, {"a": 2}]}', ["a"], '{"b": [1, {"a": 2}]}'],
		["an object as a whole", '{"a": {"b": [1, "}"]}}', ["a"], '{"a": "[redacted]"}'],
		[
			"any element",
			'{"a": [{"n": "x"}, {"n": "y"}, 3]}',
			["a", null, "n"],
			'{"a": [{"n": "[redacted]"}, {"n": "[redacted]"}, 3]}',
		],
		["one element", '["x", "y"]', ["1"], '["x", "[redacted]"]'],
		["one from the end: which it is isn't known", '["x", "y"]', ["-1"], '["[redacted]", "[redacted]"]'],
		["a key that is written otherwise", '{"\\u0061": "x"}', ["a"], '{"\\u0061": "[redacted]"}'],
		["a key that stands twice", '{"a": 1, "a": 2}', ["a"], '{"a": "[redacted]", "a": "[redacted]"}'],
		["null stays", '{"a": null}', ["a"], '{"a": null}'],
		[
			"texts with quotes and backslashes",
			'{"a\\\\": "x\\"}", "b": "y"}',
			["b"],
			'{"a\\\\": "x\\"}", "b": "[redacted]"}',
		],
		["space anywhere", ' { "a" :\n1 } ', ["a"], ' { "a" :\n"[redacted]" } '],
	] as const) {
		it(name, () => assert.equal(masked(text, [path]), expected));
	}

	it("each path by its own mask, and the stricter of two", () => {
		const text = '{"a": "4111111111114242", "b": 123, "c": {"d": "x"}, "e": true}';
		assert.equal(
			masked(
				text,
				[["a"], { transform: "partial", keep: 4 }],
				[["b"], { transform: "generalise", to: "100" }],
				[["c", "d"], { transform: "null" }],
				[["e"], { transform: "partial" }],
			),
			'{"a": "************4242", "b": 100, "c": {"d": null}, "e": "[redacted]"}',
		);
		assert.equal(
			masked('{"a": "x"}', [["a"], { transform: "partial" }], [["a"], { transform: "null" }]),
			'{"a": null}',
		);
		assert.equal(
			masked('{"a": {"b": "x"}}', [["a", "b"], { transform: "partial" }], [["a"], { transform: "null" }]),
			'{"a": null}',
		);
	});

	it("what is no JSON, or deeper than can be followed, gives nothing", () => {
		for (const text of ["", "{", '{"a"}', '{"a": 1', "[1,]", '{"a": tru}', '{"a": 1} x', '"open', "nonsense"])
			assert.equal(masked(text, [["a"]]), null, text);
		assert.equal(masked("[".repeat(5_000) + "]".repeat(5_000), [["a"]]), null);
		assert.equal(masked(`"${"x".repeat(17 << 20)}"`, [["a"]]), null);
	});

	it("long texts and many elements take a moment only", () => {
		const started = Date.now();
		const long = `{"a": "${"x\\\\".repeat(2_000_000)}", "b": [${"1,".repeat(500_000)}1]}`;
		assert.equal(masked(long, [["a"]])?.length, long.length - 6_000_000 + "[redacted]".length);
		assert.ok(Date.now() - started < 5_000);
	});

	it("a plan holds every path; what is masked whole or derived is so whatever the paths say", () => {
		const source = { schema: "public", table: "t", column: "j", flow: "direct" } as const;
		const column = { name: "c", sources: [source], opaque: false, origin: null };
		const paths = [
			maskObligation(["public.t.j#>>{a}"], "null"),
			maskObligation(["public.t.j#>>{b,*}"], "partial"),
		];
		const both = planMasks([column], paths)?.[0]?.within;
		assert.deepEqual(
			both?.map(({ path, transform }) => [path, transform]),
			[
				[["a"], "null"],
				[["b", null], "partial"],
			],
		);
		const whole = planMasks([column], [...paths, maskObligation(["public.t.j"], "hash")])?.[0];
		assert.deepEqual([whole?.within, whole?.transform], [null, "hash"]);
		const derived = { ...column, sources: [{ ...source, flow: "derived" as const }] };
		const made = planMasks([derived], paths)?.[0];
		assert.deepEqual([made?.within, made?.transform, made?.derived], [null, "null", true]);
	});
});
