import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, describe, it } from "node:test";
import { analyse } from "../../../../../src/protocols/postgres/analysis/index.ts";
import { survey } from "../../../../../src/protocols/postgres/analysis/known-nodes.ts";
import {
	PLPGSQL_NODES,
	PLPGSQL_OTHERS,
} from "../../../../../src/protocols/postgres/analysis/plpgsql/nodes.ts";
import type { ParsedSql } from "../../../../../src/protocols/postgres/grammar/index.ts";
import { nodeNames } from "../../../../../tools/docs/grammar-names.ts";
import { postgresAnalysisPage } from "../../../../../tools/docs/postgres-analysis-page.ts";
import { grammarNodes } from "../../../../../tools/docs/postgres-nodes.ts";
import { CASES, openWorld, type World } from "./world.ts";

const DOCS = resolve(import.meta.dirname, "../../../../../docs/postgres-analysis.md");
const TYPES = resolve(import.meta.dirname, "../../../../../node_modules/@pgsql/types/types.d.ts");

/** Statement nodes that never stand at the top of a text: wrappers, and those of later stages of the server. */
const NOT_STATEMENTS = new Set(["RawStmt", "SetOperationStmt", "PLAssignStmt", "ReplicaIdentityStmt"]);

function statementNodes(): string[] {
	const source = readFileSync(TYPES, "utf8");
	return [...source.matchAll(/^export interface (\w+Stmt) /gm)].map((match) => match[1] ?? "");
}

const tree = (stmt: unknown): ParsedSql => ({
	text: "",
	fingerprint: "",
	tree: { stmts: [{ stmt }] } as unknown as ParsedSql["tree"],
});

/** A small generator of its own, so that a failure names the seed that makes it again. */
function random(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return state / 2 ** 32;
	};
}

/** Drops, empties or swaps parts of a tree. */
function damage(value: unknown, next: () => number): unknown {
	if (Array.isArray(value)) {
		const kept = value.filter(() => next() > 0.08).map((item) => damage(item, next));
		return next() < 0.05 ? kept.reverse() : kept;
	}
	if (typeof value !== "object" || value === null) return value;
	const entries = Object.entries(value).filter(() => next() > 0.04);
	return Object.fromEntries(
		entries.map(([key, inner]) => [key, next() < 0.03 && Array.isArray(inner) ? [] : damage(inner, next)]),
	);
}

describe("the grammar's nodes", () => {
	let world: World;
	before(async () => {
		world = await openWorld(15);
	});
	after(() => world.stop());

	for (const kind of statementNodes()) {
		if (NOT_STATEMENTS.has(kind)) continue;
		it(`${kind} is known`, () => {
			const [statement] = analyse(tree({ [kind]: {} }), world.scope);
			const reasons = statement?.policy.opaque_reasons.join() ?? "";
			assert.ok(!reasons.includes(`does not know the statement ${kind}`), reasons);
		});
	}

	for (const major of [14, 15, 16, 17, 18]) {
		it(`every node of the grammar of ${major} is handled or listed as opaque`, () => {
			const accounts = grammarNodes();
			const names = nodeNames(major);
			assert.ok(names.length > 230, `${names.length} names`);
			for (const name of names.filter((each) => !each.startsWith("PLpgSQL_"))) {
				const account = accounts.get(name);
				assert.ok(account !== undefined, `${name} is neither handled nor listed as opaque`);
				assert.equal(survey({ [name]: {} }).unknown, account.read === "opaque" ? name : undefined);
			}
		});
	}

	it("every node of PL/pgSQL is handled or listed as opaque", () => {
		const names = nodeNames(18).filter((each) => each.startsWith("PLpgSQL_"));
		assert.ok(names.length > 40);
		const known = new Set<string>([...Object.keys(PLPGSQL_NODES), ...PLPGSQL_OTHERS]);
		assert.deepEqual(
			names.filter((name) => !known.has(name)),
			[],
		);
	});

	it("the page lists them all", () => {
		const page = readFileSync(DOCS, "utf8");
		assert.equal(postgresAnalysisPage(page), page, "run: node tools/generate-docs.ts");
	});

	it("what only the server makes is opaque wherever it stands", () => {
		for (const [kind, { read }] of grammarNodes()) {
			if (read !== "opaque") continue;
			for (const stmt of [
				{ [kind]: {} },
				{ SelectStmt: { targetList: [{ [kind]: {} }], op: "SETOP_NONE" } },
			]) {
				const [statement] = analyse(tree(stmt), world.scope);
				assert.equal(statement?.policy.opaque, true, kind);
			}
		}
	});

	it("a statement that the grammar may learn is opaque, and what it names is seen", () => {
		const stmt = {
			TomorrowStmt: {
				relation: { relname: "customers" },
				expr: { FuncCall: { funcname: [{ String: { sval: "purge" } }] } },
			},
		};
		const [statement] = analyse(tree(stmt), world.scope);
		assert.deepEqual(statement?.policy.effects.at(-1), "unknown");
		assert.ok(statement?.policy.functions.some((called) => called.name === "purge"));
	});

	it("an expression that the grammar may learn is opaque, and what is in it is seen", () => {
		const val = { TomorrowExpr: { arg: { FuncCall: { funcname: [{ String: { sval: "purge" } }] } } } };
		const [statement] = analyse(
			tree({ SelectStmt: { targetList: [{ ResTarget: { val } }], op: "SETOP_NONE" } }),
			world.scope,
		);
		assert.match(statement?.policy.opaque_reasons.join() ?? "", /does not know the expression TomorrowExpr/);
		assert.ok(statement?.policy.functions.some((called) => called.name === "purge"));
		assert.equal(statement?.output?.[0]?.opaque, true);
	});

	it("a damaged tree never throws", async () => {
		const lines = readFileSync(join(CASES, "differential.sql"), "utf8").split("\n");
		for (const [index, sql] of lines.entries()) {
			const parsed = await Promise.resolve(sql)
				.then((each) => world.grammar.parse(each))
				.catch(() => undefined);
			for (const stmt of parsed?.tree.stmts ?? []) {
				for (let seed = 1; seed <= 5; seed++) {
					const damaged = damage(stmt.stmt, random(index * 31 + seed));
					assert.doesNotThrow(() => analyse(tree(damaged), world.scope), `line ${index + 1}, seed ${seed}`);
				}
			}
		}
	});
});
