import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parametersJson } from "../../../../../src/protocols/postgres/session/parameters.ts";

test("parameters as JSON are what the serialiser makes of them", () => {
	const parameter = fc.record({
		type: fc.string(),
		format: fc.constantFrom("text" as const, "binary" as const),
		value: fc.option(fc.string({ unit: fc.nat(0x10ffff).map((point) => String.fromCodePoint(point)) })),
		null: fc.boolean(),
		bytes: fc.nat(),
		truncated: fc.boolean(),
		sha256: fc.option(fc.string()),
	});
	fc.assert(
		fc.property(fc.array(parameter), (parameters) =>
			assert.equal(parametersJson(parameters), JSON.stringify(parameters)),
		),
	);
});
