import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { quoted } from "../../../src/lib/index.ts";

test("a text is quoted as JSON has it, whatever it holds", () => {
	const texts = fc.oneof(
		fc.string({ unit: fc.nat(0x10ffff).map((point) => String.fromCodePoint(point)) }),
		fc.string({ unit: "grapheme" }),
		fc.string({
			unit: fc.constantFrom("a", '"', "\\", "\n", "\0", "\x1f", "\x7f", "\u2028", "\ud800", "é", " "),
		}),
	);
	fc.assert(
		fc.property(texts, (text) => assert.equal(quoted(text), JSON.stringify(text))),
		{ numRuns: 2_000 },
	);
	assert.equal(quoted(null), "null");
});
