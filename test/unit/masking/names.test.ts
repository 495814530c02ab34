import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseColumnName } from "../../../src/masking/index.ts";

describe("a mask's column name", () => {
	for (const [text, schema, table, column] of [
		["public.customers.email", "public", "customers", "email"],
		['"we.ird"."t ""x"""."c"', "we.ird", 't "x"', "c"],
		["public.Customers.E-Mail", "public", "Customers", "E-Mail"],
		["public.customers.*", "public", "customers", null],
		['public.customers."*"', "public", "customers", "*"],
		["public.*.email", "public", null, "email"],
		["*.*.*", null, null, null],
		["schéma.tablé.cölumn 😀", "schéma", "tablé", "cölumn 😀"],
	] as const) {
		it(text, () => assert.deepEqual(parseColumnName(text), { schema, table, column, path: null }));
	}

	for (const [path, elements] of [
		["#>>{card,number}", ["card", "number"]],
		["#>{card}", ["card"]],
		["#>>{cards,*,number}", ["cards", null, "number"]],
		["#>>{cards,0}", ["cards", "0"]],
		['#>>{"a,b","*","say \\"x\\""}', ["a,b", "*", 'say "x"']],
	] as const) {
		it(`with a path: ${path}`, () =>
			assert.deepEqual(parseColumnName(`public.orders.payload${path}`), {
				...{ schema: "public", table: "orders", column: "payload", path: elements },
			}));
	}

	for (const text of [
		...["public.orders.payload#>>{}", "public.orders.*#>>{a}", "public.orders.payload#>>{a,}"],
		...["public.orders.payload#>>{,a}", 'public.orders.payload#>>{"a}', "orders.payload#>>{a}"],
		...["", "email", "customers.email", "db.public.customers.email", "public..email", ".customers.email"],
		...["public.customers.", '"public.customers.email', 'public."".email', 'public.cus"tomers.email'],
		...['"public"x.customers.email', 'public.customers."email', "public.customers.email."],
	]) {
		it(`is refused: ${JSON.stringify(text)}`, () => {
			assert.throws(() => parseColumnName(text), { name: "MaskingError", code: "mask_column_name_invalid" });
		});
	}
});
