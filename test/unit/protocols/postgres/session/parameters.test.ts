import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Catalog } from "../../../../../src/protocols/postgres/catalog/index.ts";
import { parametersOf } from "../../../../../src/protocols/postgres/session/parameters.ts";

const TEXT = 25;
const anyText = fc.string({ unit: fc.nat(0x10ffff).map((point) => String.fromCodePoint(point)) });

test("whatever their values and types are called, parameters are what the serialiser makes of them", () => {
	fc.assert(
		fc.property(fc.array(fc.option(anyText)), anyText, anyText, (texts, schema, name) => {
			const values = texts.map((text) => (text === null ? null : Buffer.from(text)));
			const catalog = { typeByOid: () => ({ schema, name }) } as unknown as Catalog;
			const sent = {
				parameterCount: values.length,
				formatOf: () => 0,
				value: (index: number) => values[index] ?? null,
			};
			const expected = values.map((bytes) => ({
				type: schema === "pg_catalog" ? name : `${schema}.${name}`,
				format: "text",
				value: bytes === null ? null : bytes.toString(),
				null: bytes === null,
				bytes: bytes?.length ?? 0,
				truncated: false,
				sha256: null,
			}));
			const { json, count, list } = parametersOf(sent, Array(values.length).fill(TEXT), catalog);
			assert.deepEqual([json, count], [JSON.stringify(expected), values.length]);
			assert.deepEqual(list, JSON.parse(JSON.stringify(expected)));
		}),
	);
});
