import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { parse } from "yaml";
import type { AnalysedStatement, Scope } from "../../../../../src/protocols/postgres/analysis/index.ts";
import { check, type Expectation } from "./expectation.ts";
import { CASES, openWorld, type World } from "./world.ts";

interface Case extends Expectation {
	readonly name: string;
	readonly sql: string;
	/** For a text of several statements: one each. */
	readonly statements?: readonly Expectation[];
	readonly path?: readonly string[];
	readonly revertible?: boolean;
	/** What PREPARE or DECLARE made before, as SQL by name. */
	readonly prepared?: Readonly<Record<string, string>>;
	readonly cursors?: Readonly<Record<string, string>>;
}

async function held(
	world: World,
	texts: Case["prepared"],
): Promise<(name: string) => AnalysedStatement | undefined> {
	const known = new Map<string, AnalysedStatement>();
	for (const [name, sql] of Object.entries(texts ?? {})) {
		const [statement] = await world.analyse(sql);
		if (statement !== undefined) known.set(name, statement);
	}
	return (name) => known.get(name);
}

async function run(world: World, each: Case): Promise<void> {
	const scope: Partial<Scope> = {
		prepared: await held(world, each.prepared),
		cursor: await held(world, each.cursors),
		...(each.path === undefined ? {} : { searchPath: each.path }),
		...(each.revertible === undefined ? {} : { revertible: each.revertible }),
	};
	const statements = await world.analyse(each.sql, scope);
	const expected = each.statements ?? [each];
	assert.equal(statements.length, expected.length);
	for (const [index, statement] of statements.entries()) check(statement, expected[index] ?? {});
}

for (const version of [15, 18] as const) {
	describe(`on PostgreSQL ${version}`, () => {
		let world: World;
		before(async () => {
			world = await openWorld(version);
		});
		after(() => world.stop());
		for (const file of readdirSync(CASES).filter((name) => name.endsWith(".yaml"))) {
			describe(file.replace(".yaml", ""), () => {
				for (const each of parse(readFileSync(join(CASES, file), "utf8")) as Case[]) {
					it(each.name, () => run(world, each));
				}
			});
		}
	});
}
