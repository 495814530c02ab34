import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { copyMasker } from "../../../../../src/protocols/postgres/masking/index.ts";
import { columnMask } from "../../../../support/masks.ts";
import { cells, masksOf, REWRITING } from "./properties.ts";
import { FORMS, KEY } from "./written.ts";

describe("a masked result is what the server would have written of masked values", () => {
	for (const [name, property] of Object.entries(REWRITING))
		it(name, () => fc.assert(property, { seed: 20_261_126, numRuns: 100 }));
});

it("the end of COPY in the middle of a row is refused", () => {
	for (const form of [FORMS["text"], FORMS["CSV"]])
		for (const data of ["a", "a\\", '"a', "a\tb"]) {
			assert.ok(form !== undefined);
			const masker = copyMasker(form, cells([columnMask("redact")]), KEY);
			assert.throws(
				() => {
					masksOf(masker, [Buffer.from(data)]);
					masker.finish();
				},
				{ code: "row_shape_unexpected" },
			);
		}
});

it("a row of fewer fields is refused, whatever is escaped in it", () => {
	for (const [name, row] of [
		["text", "SECRET\\\tx\n"],
		["text with stars between", "SECRET\\*x\n"],
		["CSV", '"SECRET"",x"\n'],
		["CSV with another quote and escape", "'SECRET\\',x'\n"],
	] as const) {
		const form = FORMS[name];
		assert.ok(form !== undefined);
		for (const plan of [
			[columnMask("redact"), null],
			[null, columnMask("redact")],
			[columnMask("partial"), null],
		]) {
			const masker = copyMasker(form, cells(plan), KEY);
			assert.throws(() => masksOf(masker, [Buffer.from(row)]), { code: "row_shape_unexpected" }, name);
		}
	}
});
