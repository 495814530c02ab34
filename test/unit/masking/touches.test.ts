import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RelationFacts, SqlRelation, SqlStatement } from "../../../src/commands/index.ts";
import { touchesMasked } from "../../../src/masking/index.ts";
import { maskObligation } from "../../support/masks.ts";

const relation = (schema: string, name: string): SqlRelation => ({
	...{ schema, name, kind: "table", temporary: false, access: ["select"], via: [] },
});
const statement = (relations: SqlRelation[], nested: SqlStatement[] = []): SqlStatement => ({
	...{
		kind: "select",
		effects: ["read"],
		effect: "read",
		relations,
		columns: [],
		functions: [],
		has_where: false,
	},
	...{ where_is_constant: false, limit: null, opaque: false, opaque_reasons: [], details: {}, nested },
});
const mask = (...columns: string[]) => maskObligation(columns, "redact");

const none = () => null;
const facts = (columns: string[], ...relatives: string[]): RelationFacts => ({
	columns,
	relatives: relatives.map((table) => ({ schema: "public", table })),
});

describe("touchesMasked", () => {
	const orders = statement([relation("public", "orders")]);

	it("asks for the relation, not for the column", () => {
		assert.equal(touchesMasked([orders], [mask("public.orders.email")], none), true);
		assert.equal(touchesMasked([orders], [mask("public.customers.email")], none), false);
		assert.equal(touchesMasked([orders], [mask("other.orders.email")], none), false);
		assert.equal(touchesMasked([orders], [], none), false);
		assert.equal(touchesMasked([], [mask("public.orders.email")], none), false);
	});

	it("takes * for any table", () =>
		assert.equal(touchesMasked([orders], [mask("public.*.email")], none), true));

	it("looks into every statement and whatever is nested in it", () => {
		const outer = statement([], [statement([], [orders])]);
		assert.equal(touchesMasked([statement([]), outer], [mask("public.orders.*")], none), true);
	});

	it("takes a table's parents, partitions and children for the table", () => {
		const child = statement([relation("public", "orders_2024")]);
		const known = () => facts(["email"], "orders");
		assert.equal(touchesMasked([child], [mask("public.orders.email")], known), true);
		assert.equal(touchesMasked([child], [mask("public.customers.email")], known), false);
	});

	it("refuses a mask on a column that its table doesn't have", () => {
		const known = () => facts(["mail"]);
		assert.throws(() => touchesMasked([orders], [mask("public.orders.email")], known), {
			code: "mask_column_missing",
		});
		assert.equal(touchesMasked([orders], [mask("public.orders.mail")], known), true);
		assert.equal(touchesMasked([orders], [mask("*.*.email")], known), true);
		assert.equal(touchesMasked([orders], [mask("public.orders.*")], known), true);
	});

	it("refuses a mask that it can't read", () => {
		assert.throws(() => touchesMasked([orders], [mask("orders")], none), {
			code: "mask_column_name_invalid",
		});
	});
});
