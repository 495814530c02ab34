import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compareStrictness, type Transform } from "../../../src/masking/index.ts";
import { TRANSFORMS } from "../../../src/policy/index.ts";
import { columnMask } from "../../support/masks.ts";

const GRAINS = [null, "year", "quarter", "month", "day", "minute", "1", "10", "1000", "/8", "/24", "/32"];
const ALL: readonly Transform[] = TRANSFORMS.flatMap((transform) =>
	[0, 2].flatMap((keep) =>
		[0, 3].flatMap((keepFirst) =>
			[false, true].flatMap((preserve) =>
				[false, true].flatMap((zero) =>
					GRAINS.map((to) => columnMask(transform, { keep, keepFirst, preserve, zero, to })),
				),
			),
		),
	),
);

describe("the order of strictness", () => {
	it("is total: of any two different transforms one is stricter, and always the same one", () => {
		const sample = ALL.filter((_, index) => index % 7 === 0);
		for (const [place, a] of sample.entries()) {
			assert.equal(compareStrictness(a, a), 0);
			for (const b of sample.slice(place + 1)) {
				const order = Math.sign(compareStrictness(a, b));
				assert.notEqual(order, 0, `${JSON.stringify(a)} ${JSON.stringify(b)}`);
				assert.equal(Math.sign(compareStrictness(b, a)), -order);
			}
		}
	});

	it("holds from one to the next: sorting gives one order, whatever came first", () => {
		const sorted = ALL.toSorted(compareStrictness);
		const again = ALL.toReversed().toSorted(compareStrictness);
		assert.deepEqual(again, sorted);
	});

	for (const [name, stricter, weaker] of [
		["the mark before zeros", columnMask("redact"), columnMask("redact", { zero: true })],
		[
			"a plain digest before one of the same form",
			columnMask("hash"),
			columnMask("hash", { preserve: true }),
		],
		[
			"a year before a month",
			columnMask("generalise", { to: "year" }),
			columnMask("generalise", { to: "month" }),
		],
		["a large bucket", columnMask("generalise", { to: "1000" }), columnMask("generalise", { to: "10" })],
		["a wide network", columnMask("generalise", { to: "/8" }), columnMask("generalise", { to: "/24" })],
		[
			"fewer characters",
			columnMask("partial", { keep: 2 }),
			columnMask("partial", { keep: 2, keepFirst: 1 }),
		],
		["a digest before a token", columnMask("hash", { preserve: true }), columnMask("tokenise")],
		["a coarser value before a part", columnMask("generalise", { to: "1" }), columnMask("partial")],
	] as const) {
		it(name, () => assert.ok(compareStrictness(stricter, weaker) < 0));
	}
});
