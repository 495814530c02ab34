import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ColumnSource, OutputColumn } from "../../../src/commands/index.ts";
import { planMasks } from "../../../src/masking/index.ts";
import { type MaskObligation, TRANSFORMS, type TransformName } from "../../../src/policy/index.ts";
import { columnMask, maskObligation } from "../../support/masks.ts";

const source = (name: string, flow: ColumnSource["flow"] = "direct"): ColumnSource => {
	const [schema = "", table = "", column = ""] = name.split(".");
	return { schema, table, column, flow };
};
const output = (...sources: ColumnSource[]): OutputColumn => ({
	name: "c",
	sources,
	opaque: false,
	origin: null,
});
const mask = (column: string, transform: TransformName, keep = 0, rule: string = transform): MaskObligation =>
	maskObligation([column], transform, { rule, keep });

describe("planMasks", () => {
	it("is null when nothing is to be masked", () => {
		assert.equal(planMasks([output(source("public.t.a"))], []), null);
		assert.equal(planMasks([output(source("public.t.a")), output()], [mask("public.t.b", "redact")]), null);
		assert.equal(planMasks([], [mask("public.t.b", "redact")]), null);
	});

	it("masks exactly the columns whose sources are named", () => {
		const columns = ["public.t.a", "public.t.b", "other.t.a", "public.u.a", "public.t.A"].map((name) =>
			output(source(name)),
		);
		const plan = planMasks(columns, [mask("public.t.a", "partial", 4, "pii")]);
		assert.deepEqual(plan, [columnMask("partial", { rule: "pii", keep: 4 }), null, null, null, null]);
	});

	it("takes * for all columns of a table", () => {
		const plan = planMasks(
			[output(source("public.t.a")), output(source("public.u.a"))],
			[mask("public.t.*", "redact")],
		);
		assert.deepEqual(
			plan?.map((entry) => entry?.transform ?? null),
			["redact", null],
		);
	});

	for (const [transform, derived] of [
		["null", "null"],
		["redact", "redact"],
		["hash", "redact"],
		["tokenise", "redact"],
		["generalise", "redact"],
		["partial", "redact"],
	] as const) {
		it(`turns ${transform} into ${derived} for what is derived`, () => {
			const plan = planMasks([output(source("public.t.a", "derived"))], [mask("public.t.a", transform, 4)]);
			assert.equal(plan?.[0]?.transform, derived);
			assert.equal(plan?.[0]?.derived, true);
		});
	}

	it("lets the strictest win, whatever the order of the rules", () => {
		const order: readonly TransformName[] = TRANSFORMS;
		for (const [place, stricter] of order.entries()) {
			for (const weaker of order.slice(place + 1)) {
				const masks = [mask("public.t.a", weaker), mask("public.t.a", stricter)];
				for (const both of [masks, masks.toReversed()]) {
					assert.equal(planMasks([output(source("public.t.a"))], both)?.[0]?.transform, stricter);
				}
			}
		}
		const keeps = [mask("public.t.a", "partial", 4, "four"), mask("public.t.a", "partial", 2, "two")];
		assert.deepEqual(
			planMasks([output(source("public.t.a"))], keeps)?.[0],
			columnMask("partial", { rule: "two", keep: 2 }),
		);
	});

	it("is derived when one of several is, whichever wins", () => {
		const column = output(source("public.t.a"), source("public.t.b", "derived"));
		const masks = [mask("public.t.a", "null"), mask("public.t.b", "redact")];
		for (const both of [masks, masks.toReversed()])
			assert.equal(planMasks([column], both)?.[0]?.derived, true);
		assert.equal(planMasks([column], masks.slice(0, 1))?.[0]?.derived, false);
	});

	it("names every rule that asked for the same", () => {
		const masks = [
			mask("public.t.a", "redact", 0, "one"),
			mask("public.t.*", "redact", 0, "two"),
			mask("public.t.a", "hash"),
		];
		assert.equal(planMasks([output(source("public.t.a"))], masks)?.[0]?.rule, "one, two");
	});

	it("masks a column that one of several sources demands, by the strictest", () => {
		const column = output(source("public.t.b"), source("public.t.a"), source("public.t.c", "derived"));
		const masks = [mask("public.t.a", "partial", 4), mask("public.t.c", "partial", 4)];
		assert.equal(planMasks([column], masks)?.[0]?.transform, "redact");
		assert.equal(planMasks([column], masks.slice(0, 1))?.[0]?.transform, "partial");
	});

	it("refuses what it can't do, even where it would mask nothing", () => {
		const columns = [output(source("public.t.a"))];
		assert.throws(() => planMasks(columns, [mask("t.a", "redact")]), { code: "mask_column_name_invalid" });
		const detecting = { ...mask("public.t.a", "redact"), columns: [], detectors: ["emails"] };
		assert.throws(() => planMasks(columns, [detecting]), { code: "mask_detector_unknown" });
	});

	it("gives detectors what no mask of the whole value covers, whatever was made of it", () => {
		const detecting = { ...mask("*", "redact"), detectors: ["email"] };
		const derived = output({ ...source("public.t.a"), flow: "derived" as const });
		const constant: OutputColumn = { name: "c", sources: [], opaque: false, origin: null };
		const plan = planMasks([derived, constant], [detecting, mask("public.t.a", "hash")]);
		assert.deepEqual(
			plan?.map((column) => [column?.transform, column?.detect?.wanted]),
			[
				["redact", undefined],
				["redact", ["email"]],
			],
		);
		const named = { ...detecting, columns: ["public.t.a"] };
		assert.deepEqual(
			planMasks([derived, constant], [named])?.map((column) => column?.detect?.wanted),
			[["email"], undefined],
		);
		const cards = { ...named, detectors: ["card"] };
		assert.deepEqual(planMasks([derived], [named, cards])?.[0]?.detect?.wanted, ["email", "card"]);
	});

	it("masks whatever something unread had a part in, when there is any mask", () => {
		const unread: OutputColumn = { name: "c", sources: [], opaque: true, origin: null };
		assert.equal(planMasks([unread], [mask("public.t.a", "partial", 4)])?.[0]?.transform, "redact");
		const both = [mask("public.t.a", "hash"), mask("public.u.b", "null")];
		assert.equal(planMasks([unread], both)?.[0]?.transform, "null");
	});
});
