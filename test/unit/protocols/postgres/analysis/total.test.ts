/** What the tables say never fails: all of it is done on a server, with values of the kind that make things fail. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { alwaysBecomes } from "../../../../../src/protocols/postgres/analysis/total-casts.ts";
import { isTotal, TOTAL_NAMES } from "../../../../../src/protocols/postgres/analysis/total-functions.ts";
import { succeeds } from "../../../../../src/protocols/postgres/analysis/total-operators.ts";
import { constantValue, plain } from "../../../../../src/protocols/postgres/analysis/value.ts";
import type { CatalogFunction } from "../../../../../src/protocols/postgres/catalog/model.ts";
import { openWorld, type World } from "./world.ts";

const TEXTS = [
	"''",
	"'a'",
	"'\\\\'",
	"'%'",
	"'(['",
	"'\u{1F600}\u0301\u202E\uFFFF'",
	"E'\\x01\\t\\n'",
	"'1e999'",
	"'{\"'",
	"repeat('a\u00DF', 200000)",
];
const NASTY: Readonly<Record<string, readonly string[]>> = {
	bool: ["true", "false"],
	int2: ["-32768", "32767", "0"],
	int4: ["-2147483648", "2147483647", "0"],
	int8: ["'-9223372036854775808'", "9223372036854775807", "0"],
	numeric: ["'NaN'", "'Infinity'", "'-Infinity'", "0", "-1e-1000", "1e1000", "-123.456"],
	float4: ["'NaN'", "'Infinity'", "'-Infinity'", "'-0'", "'3.4e38'", "'1e-45'"],
	float8: ["'NaN'", "'Infinity'", "'-Infinity'", "'-0'", "'1.7e308'", "'5e-324'"],
	text: TEXTS,
	varchar: TEXTS,
	bpchar: TEXTS,
	name: ["''", "'a'", "'\u{1F600}'"],
	'"char"': ["''", "'a'", "E'\\x01'"],
	bytea: ["''", "'\\x00ff'", "'\\x'"],
	date: ["'infinity'", "'-infinity'", "'4713-01-01 BC'", "'5874897-12-31'", "'2000-02-29'"],
	time: ["'00:00'", "'24:00'"],
	timetz: ["'00:00+15:59'", "'24:00-15:59'"],
	timestamp: ["'infinity'", "'-infinity'", "'4713-01-01 BC'", "'294276-12-31 23:59:59.999999'"],
	timestamptz: ["'infinity'", "'-infinity'", "'4713-01-02 BC'", "'294276-12-31 00:00:00Z'"],
	interval: ["'0'", "'178000000 years'", "'-178000000 years'"],
	uuid: ["'00000000-0000-0000-0000-000000000000'"],
	json: ["'null'", "'{}'", "'[]'", "'\"\\u0000\"'", '\'{"a":{"\\u0000":1},"a":2}\'', "'1e999'"],
	jsonb: ["'null'", "'{}'", "'[]'", "'\"\"'", '\'{"a":{"b":[1,null]}}\'', "'1e999'"],
	bit: ["'1'", "'0'"],
	varbit: ["''", "'101'"],
	inet: ["'0.0.0.0/0'", "'::/0'", "'255.255.255.255'"],
	cidr: ["'0.0.0.0/0'", "'::/0'"],
	macaddr: ["'00:00:00:00:00:00'"],
	macaddr8: ["'ff:ff:ff:ff:ff:ff:ff:ff'"],
	oid: ["0", "4294967295"],
	money: ["'-92233720368547758.08'", "'92233720368547758.07'"],
	pg_lsn: ["'0/0'", "'FFFFFFFF/FFFFFFFF'"],
	xml: ["''", "'<a/>'"],
	tsvector: ["''", "'a:1 b'"],
	_int4: ["'{}'", "'{NULL}'", "'{{1},{2}}'", "'[-5:-4]={1,2}'"],
	_text: ["'{}'", "'{NULL,\"\"}'", "'{{a,b}}'"],
	int4range: ["'empty'", "'(,)'", "'[1,2147483647)'"],
};

/** What stands for other arguments: one that no function minds. */
const BENIGN: Readonly<Record<string, string>> = {
	...{ text: "'a'", name: "'a'", varchar: "'a'", bpchar: "'a'", bytea: "'\\x61'", bool: "true" },
	...{ int2: "1", int4: "1", int8: "1", numeric: "1", float4: "1", float8: "0.5", _text: "'{a}'" },
	...{ jsonb: "'{}'", json: "'{}'", timestamp: "'2000-01-01'", timestamptz: "'2000-01-01'", bit: "'1'" },
	...{ varbit: "'1'", tsvector: "'a'" },
};

/** Words that stand for other arguments of these functions. */
const WORDS: Readonly<Record<string, string>> = {
	...{ encode: "'hex'", convert_to: "'UTF8'", normalize: "'NFC'" },
	to_char: "'999'",
};

/** A unit that the type has; the options of a regular expression. */
function wordOf({ name }: CatalogFunction, place: number, type: string): string | undefined {
	if (name === "date_part" || name === "extract") return type === "time" ? "'second'" : "'day'";
	return name.startsWith("regexp_") && place > 1 ? "'i'" : WORDS[name];
}

const valuesOf = (type: string): string[] => [
	`NULL::${type}`,
	...(NASTY[type] ?? []).map((value) => `(${value})::${type}`),
];

describe("what is taken to succeed for every value", () => {
	let world: World;
	const nameOf = new Map<number, string>();
	const oidOf = new Map<string, number>();
	before(async () => {
		world = await openWorld(15);
		for (const type of Object.keys(NASTY)) {
			const oid = Number((await world.client.query(`SELECT '${type}'::regtype::oid AS oid`)).rows[0]?.oid);
			nameOf.set(oid, type);
			oidOf.set(type, oid);
		}
	});
	after(() => world.stop());

	/** All of it in one statement a time; where one fails, one by one. */
	async function succeed(expressions: readonly string[], from = ""): Promise<void> {
		const all = expressions.map((each) => `(${each}) IS NULL`);
		const sql = (some: readonly string[]): string => `SELECT ${some.join(", ")} ${from}`;
		for (let at = 0; at < all.length; at += 200) {
			const some = all.slice(at, at + 200);
			const failed = await world.client.query(sql(some)).then(
				() => false,
				() => true,
			);
			if (!failed) continue;
			const wrong: string[] = [];
			for (const each of some)
				await world.client
					.query(sql([each]))
					.catch((error: Error) => wrong.push(`${each}: ${error.message}`));
			assert.deepEqual(wrong, []);
		}
	}

	const ANYTHING = [
		"text",
		"int8",
		"numeric",
		"float8",
		"date",
		"timestamptz",
		"jsonb",
		"bytea",
		"inet",
		"xml",
	];
	const ARRAYS = ["_int4", "_text"];

	/** The types of values that are tried for a declared one. */
	const typesFor = (declared: number): string[] => {
		if (declared === 2277 || declared === 5078) return ARRAYS;
		if ([2276, 2283, 2776, 5077, 5079].includes(declared)) return ANYTHING;
		const name = nameOf.get(declared);
		return name === undefined ? [] : [name];
	};

	function callsOf(called: CatalogFunction): string[] {
		const calls: string[] = [];
		const count = Math.max(called.arguments, called.variadic ? 2 : 0);
		for (let index = 0; index < count; index++) {
			if (!isTotal(called, index)) continue;
			for (const type of typesFor(called.argumentTypes[Math.min(index, called.arguments - 1)] ?? 0)) {
				for (const value of valuesOf(type)) {
					const given = Array.from({ length: count }, (_, place) => {
						if (place === index) return value;
						const declared = called.argumentTypes[Math.min(place, called.arguments - 1)] ?? 0;
						const name = nameOf.get(declared);
						if (name === undefined) return called.kind === "window" ? "NULL" : "'a'::text";
						const isWord = name === "text" || name === "name";
						const word = isWord ? wordOf(called, place, type) : undefined;
						return `(${word ?? BENIGN[name] ?? "'a'"})::${name}`;
					});
					calls.push(`pg_catalog."${called.name}"(${given.join(", ")})${OVER[called.kind] ?? ""}`);
				}
			}
		}
		return calls;
	}
	const OVER: Readonly<Record<string, string>> = { window: " OVER ()" };
	const WITHIN = new Set(["mode", "percentile_disc"]);

	for (const name of TOTAL_NAMES.filter((each) => !WITHIN.has(each))) {
		it(name, async () => {
			for (const called of world.catalog.functions("pg_catalog", name)) {
				if (called.returnsSet) for (const call of callsOf(called)) await world.client.query(`SELECT ${call}`);
				else await succeed(callsOf(called));
			}
		});
	}

	it("casts", async () => {
		const casts: string[] = [];
		for (const [from, source] of oidOf)
			for (const [to, target] of oidOf)
				if (alwaysBecomes(source, target, world.catalog))
					casts.push(...valuesOf(from).map((value) => `(${value})::${to}`));
		assert.ok(casts.length > 300);
		await succeed(casts);
	});

	it("operators", async () => {
		const symbols = [
			"=",
			"<>",
			"<",
			">=",
			"~~",
			"!~~*",
			"~",
			"!~*",
			"^@",
			"||",
			"->",
			"->>",
			"#>>",
			"@>",
			"?",
			"&",
			"#",
		];
		const tried: string[] = [];
		for (const symbol of symbols) {
			const operators = world.catalog.operators(symbol).filter(({ users }) => !users);
			for (const { leftType, rightType } of operators) {
				const [left, right] = [nameOf.get(leftType), nameOf.get(rightType)];
				if (left === undefined || right === undefined) continue;
				const pattern = { ...constantValue(rightType), literal: "a%" };
				const operands = [plain(leftType), pattern];
				const other = symbol === "#>>" ? "'{a}'::text[]" : symbol.includes("~~") ? "'a%'" : "'a'";
				if (succeeds(symbol, operands, 0, world.catalog)) {
					const beside = NASTY[right]?.includes("''") && right !== "varbit" ? other : undefined;
					for (const value of valuesOf(left))
						for (const each of beside === undefined ? valuesOf(right).slice(0, 3) : [`(${beside})::${right}`])
							tried.push(`(${value}) OPERATOR(pg_catalog.${symbol}) (${each})`);
				}
			}
		}
		assert.ok(tried.length > 300);
		await succeed(tried);
	});

	it("the table has no name that the server doesn't know", () => {
		const later = new Set(["any_value"]);
		const unknown = TOTAL_NAMES.filter(
			(name) => !later.has(name) && world.catalog.functions("pg_catalog", name).length === 0,
		);
		assert.deepEqual(unknown, []);
	});
});
