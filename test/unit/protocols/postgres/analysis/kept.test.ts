import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { SqlAnalyser } from "../../../../../src/protocols/postgres/analyse.ts";
import type { ParsedSql } from "../../../../../src/protocols/postgres/grammar/index.ts";
import { openWorld, type World } from "./world.ts";

describe("what is kept with a text", () => {
	let world: World;
	before(async () => {
		world = await openWorld(15);
	});
	after(() => world.stop());

	it("keeps nothing of the session that it was first analysed in", async () => {
		setFlagsFromString("--expose-gc");
		const collect = runInNewContext("gc") as () => void;
		const analyser = new SqlAnalyser(10_000);
		const kept: unknown[] = [];
		// By itself, so that no variable of the test's holds the scope.
		const inScopeOfItsOwn = (parsed: ParsedSql, sql: string): WeakRef<object> => {
			const scope = { ...world.scope, prepared: () => undefined };
			kept.push(parsed, analyser.analyse(parsed, sql, scope, "one"));
			return new WeakRef(scope);
		};
		const scopes: [string, WeakRef<object>][] = [];
		for (const sql of [
			"SELECT 1",
			"SELECT email FROM customers WHERE id = 1",
			"WITH c AS (SELECT * FROM customers) SELECT upper(email) FROM c",
			"INSERT INTO customers (id) VALUES (1) RETURNING id",
			"UPDATE customers SET email = 'x' WHERE id = 1",
			"COPY customers TO STDOUT",
			"PREPARE p AS SELECT email FROM customers",
			"DECLARE c CURSOR FOR SELECT email FROM customers",
			"EXPLAIN SELECT email FROM customers",
			"CREATE TABLE other AS SELECT email FROM customers",
			"DO $$ BEGIN PERFORM 1; END $$",
			"BEGIN",
			"SET search_path = public",
		]) {
			const parsed = await world.grammar.parse(sql);
			scopes.push([sql, inScopeOfItsOwn(parsed, sql)]);
		}
		await turn(); // a WeakRef holds what it was made of to the end of the turn
		collect();
		assert.deepEqual(
			scopes.filter(([, scope]) => scope.deref() !== undefined).map(([sql]) => sql),
			[],
		);
		assert.ok(kept.length > 0);
	});
});
