import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { parse } from "yaml";
import { analyse } from "../../../../../src/protocols/postgres/analysis/index.ts";
import type { ParsedSql } from "../../../../../src/protocols/postgres/grammar/index.ts";
import { CASES, openWorld, type World } from "./world.ts";

/** A call that has to be seen wherever an expression may stand. */
const CALL = { FuncCall: { funcname: [{ String: { sval: "late_count" } }] } };
const EXPRESSIONS = new Set([
	...[
		"A_Const",
		"A_Expr",
		"A_ArrayExpr",
		"A_Indirection",
		"BoolExpr",
		"CaseExpr",
		"CoalesceExpr",
		"ColumnRef",
	],
	...["FuncCall", "MinMaxExpr", "NullTest", "ParamRef", "RowExpr", "SubLink", "TypeCast", "XmlExpr"],
]);
/** Fields that hold words in the form of constants and names: the server refuses a call there. */
const WORDS = new Set([
	"typmods",
	"DefElem",
	"VariableSetStmt",
	"cycle_clause",
	"pathspec",
	"fields",
	"funccall",
	"AlterTableMoveAllStmt",
]);

type Path = readonly (string | number)[];

/** Every place below `value` where an expression stands. */
function* places(value: unknown, path: Path = []): Generator<Path> {
	if (typeof value !== "object" || value === null) return;
	for (const [key, inner] of Object.entries(value)) {
		if (WORDS.has(key)) continue;
		const step = Array.isArray(value) ? Number(key) : key;
		if (EXPRESSIONS.has(key)) yield path;
		yield* places(inner, [...path, step]);
	}
}

/** The tree with the call in that place. */
function replaced(value: unknown, [step, ...rest]: Path): unknown {
	if (step === undefined) return CALL;
	if (Array.isArray(value)) return value.map((item, index) => (index === step ? replaced(item, rest) : item));
	const tree = value as Record<string, unknown>;
	return { ...tree, [step]: replaced(tree[step], rest) };
}

const texts = (): string[] => [
	...["differential.sql", "differential-18.sql"].flatMap((file) =>
		readFileSync(join(CASES, file), "utf8").split("\n"),
	),
	...readdirSync(CASES)
		.filter((file) => file.endsWith(".yaml"))
		.flatMap((file) =>
			(parse(readFileSync(join(CASES, file), "utf8")) as { sql: string }[]).map(({ sql }) => sql),
		),
];

describe("a call wherever an expression may stand", () => {
	let world: World;
	before(async () => {
		world = await openWorld(18);
	});
	after(() => world.stop());

	it("is seen", async () => {
		let tried = 0;
		const unseen: string[] = [];
		for (const sql of texts()) {
			const parsed = await Promise.resolve(sql)
				.then((each) => world.grammar.parse(each))
				.catch(() => undefined);
			for (const { stmt } of parsed?.tree.stmts ?? []) {
				for (const path of places(stmt)) {
					const tree = { stmts: [{ stmt: replaced(stmt, path) }] } as unknown as ParsedSql["tree"];
					const [statement] = analyse({ text: sql, fingerprint: "", tree }, world.scope);
					const seen = statement?.policy.functions.some(({ name }) => name === "late_count");
					tried++;
					if (seen !== true && statement?.policy.opaque !== true) unseen.push(`${path.join(".")} in: ${sql}`);
				}
			}
		}
		assert.deepEqual(unseen, []);
		assert.ok(tried > 2_000, `${tried} places`);
	});
});
