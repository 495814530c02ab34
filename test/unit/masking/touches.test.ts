import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { SqlRelation, SqlStatement } from "../../../src/commands/index.ts";
import { touchesMasked } from "../../../src/masking/index.ts";

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
const mask = (...columns: string[]) => ({
	rule: "r",
	columns,
	detectors: [],
	transform: "redact" as const,
	keep: 0,
});

describe("touchesMasked", () => {
	const orders = statement([relation("public", "orders")]);

	it("asks for the relation, not for the column", () => {
		assert.equal(touchesMasked([orders], [mask("public.orders.email")]), true);
		assert.equal(touchesMasked([orders], [mask("public.customers.email")]), false);
		assert.equal(touchesMasked([orders], [mask("other.orders.email")]), false);
		assert.equal(touchesMasked([orders], []), false);
		assert.equal(touchesMasked([], [mask("public.orders.email")]), false);
	});

	it("takes * for any table", () => assert.equal(touchesMasked([orders], [mask("public.*.email")]), true));

	it("looks into every statement and whatever is nested in it", () => {
		const outer = statement([], [statement([], [orders])]);
		assert.equal(touchesMasked([statement([]), outer], [mask("public.orders.*")]), true);
	});

	it("refuses a mask that it can't read", () => {
		assert.throws(() => touchesMasked([orders], [mask("orders")]), { code: "mask_column_name_invalid" });
	});
});
