import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { analyse } from "../../../../../src/protocols/postgres/analysis/index.ts";
import type { ParsedSql } from "../../../../../src/protocols/postgres/grammar/index.ts";
import { openWorld, type World } from "./world.ts";

describe("large and deep statements", () => {
	let world: World;
	before(async () => {
		const children = many(300, (n) => `create table child${n} () inherits (parent)`, ";");
		world = await openWorld(15, `create table parent (${many(50, (n) => `c${n} int`)}); ${children}`);
	});
	after(() => world.stop());

	const many = (count: number, each: (index: number) => string, between = ", ") =>
		Array.from({ length: count }, (_, index) => each(index)).join(between);

	const only = async (sql: string) => {
		const [statement] = await world.analyse(sql);
		assert.ok(statement !== undefined);
		return statement;
	};

	// The grammar's own limits are elsewhere: these are trees as deep as it could ever give.
	const wrapped = (levels: number, wrap: (inner: object) => object): ParsedSql => {
		let inner: object = { ColumnRef: { fields: [{ String: { sval: "email" } }] } };
		for (let level = 0; level < levels; level++) inner = wrap(inner);
		const stmt = {
			SelectStmt: {
				targetList: [{ ResTarget: { val: inner } }],
				fromClause: [{ RangeVar: { relname: "customers", inh: true } }],
				whereClause: inner,
				op: "SETOP_NONE",
			},
		};
		return {
			text: " ".repeat(levels),
			fingerprint: "",
			tree: { stmts: [{ stmt }] } as unknown as ParsedSql["tree"],
		};
	};
	const wraps: Record<string, (inner: object) => object> = {
		"one-sided operators": (inner) => ({
			A_Expr: { kind: "AEXPR_OP", name: [{ String: { sval: "-" } }], rexpr: inner },
		}),
		casts: (inner) => ({ TypeCast: { arg: inner, typeName: { names: [{ String: { sval: "text" } }] } } }),
		conditions: (inner) => ({ BoolExpr: { boolop: "OR_EXPR", args: [inner] } }),
		rows: (inner) => ({ RowExpr: { args: [inner] } }),
		calls: (inner) => ({ FuncCall: { funcname: [{ String: { sval: "upper" } }], args: [inner] } }),
		cases: (inner) => ({ CaseExpr: { args: [{ CaseWhen: { expr: inner, result: {} } }] } }),
		subqueries: (inner) => ({
			SubLink: {
				subLinkType: "EXPR_SUBLINK",
				subselect: { SelectStmt: { targetList: [{ ResTarget: { val: inner } }], op: "SETOP_NONE" } },
			},
		}),
	};

	for (const [name, wrap] of Object.entries(wraps)) {
		it(`${name} thousands of levels deep are opaque`, () => {
			const [statement] = analyse(wrapped(20_000, wrap), world.scope);
			assert.equal(statement?.policy.opaque, true);
		});
		it(`${name} as deep as the analysis follows do not exhaust the stack`, () => {
			for (let levels = 100; levels <= 1_000; levels += 50) {
				const [statement] = analyse(wrapped(levels, wrap), world.scope);
				assert.ok(statement !== undefined);
			}
		});
	}

	it("a union of hundreds of arms keeps every source", async () => {
		const statement = await only(
			Array.from({ length: 200 }, () => "SELECT email FROM customers").join(" UNION ALL "),
		);
		assert.equal(statement.policy.opaque, false);
		assert.ok(statement.output?.[0]?.sources.some((source) => source.column === "email"));
	});

	it("stars that double their columns with each CTE end at the server's bound", async () => {
		const ctes = ["c0 AS (SELECT * FROM customers)"];
		for (let level = 1; level < 30; level++)
			ctes.push(`c${level} AS (SELECT * FROM c${level - 1} a, c${level - 1} b)`);
		const statement = await only(`WITH ${ctes.join(", ")} SELECT * FROM c29`);
		assert.match(statement.policy.opaque_reasons.join(), /more than 1664 columns/);
	});

	it("a long list of values is read in time", async () => {
		const rows = Array.from({ length: 900 }, (_, index) => `(${index}, ${index})`).join(",");
		const started = performance.now();
		const statement = await only(`INSERT INTO orders (id, amount) VALUES ${rows}`);
		assert.equal(statement.policy.opaque, false);
		assert.ok(performance.now() - started < 5_000);
	});

	it("an ordinary statement is analysed in well under a millisecond", async () => {
		const sql =
			"SELECT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id = $1 ORDER BY o.id LIMIT 5";
		for (let round = 0; round < 300; round++) await only(sql);
		const times: number[] = [];
		for (let round = 0; round < 300; round++) {
			const started = performance.now();
			await only(sql);
			times.push(performance.now() - started);
		}
		times.sort((one, other) => one - other);
		assert.ok((times[150] ?? 1) < 0.5, `median ${times[150]} ms`);
	});

	/** CPU of this thread, which says the same on a busy machine. */
	const cpuMs = (work: () => void): number => {
		const before = process.threadCpuUsage();
		work();
		const { user, system } = process.threadCpuUsage(before);
		return (user + system) / 1_000;
	};
	for (const sql of [
		"select name from customers where id = 1",
		"select * from (select email from customers) c",
		"with c as (select * from customers) select * from c",
		"update customers set name = 'x' where id in (select customer_id from orders)",
		"create table other as select * from customers",
		"do 'begin perform 1; end'",
	]) {
		it(`with no time for it, it can't be judged what this does: ${sql}`, async () => {
			const parsed = await world.grammar.parse(sql);
			const [hurried] = analyse(parsed, world.scope, -1);
			assert.match(hurried?.policy.opaque_reasons.join() ?? "", /longer to analyse/);
			assert.deepEqual([hurried?.unresolved, hurried?.cacheable], [null, false]);
			const [statement] = analyse(parsed, world.scope);
			assert.equal(statement?.policy.opaque, false, "nothing of it is kept");
		});
	}

	it("hundreds of whole rows of a table with hundreds of children are read in time", async () => {
		const parsed = await world.grammar.parse(
			`select 1 from parent p where ${many(300, () => "p is null", " or ")}`,
		);
		assert.ok(cpuMs(() => analyse(parsed, world.scope)) < 2_000);
	});

	for (const [what, sql] of [
		["items in FROM", `select 1 from ${many(20_000, (n) => `orders o${n}`)} where o1.id = 1`],
		["items of IN", `select 1 from orders where id in (${many(100_000, String)})`],
		["rows of VALUES", `insert into orders (id, customer_id) values ${many(40_000, (n) => `(${n}, ${n})`)}`],
		["statements", many(10_000, (n) => `select id from orders where id = ${n}`, ";")],
	] as const) {
		it(`thousands of ${what} take time in proportion`, async () => {
			const parsed = await world.grammar.parse(sql);
			assert.ok(cpuMs(() => analyse(parsed, world.scope)) < 2_000);
		});
	}
});
