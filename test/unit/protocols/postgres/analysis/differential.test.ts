import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { AnalysedStatement } from "../../../../../src/protocols/postgres/analysis/index.ts";
import { describeOnServer, type ServerAnswer } from "./describe-on-server.ts";
import { CASES, openWorld, type World } from "./world.ts";

const lines = (file: string): string[] =>
	readFileSync(join(CASES, file), "utf8")
		.split("\n")
		.filter((line) => line !== "");

/** What both versions know, and what came between them. */
const COMMON = lines("differential.sql");
const STATEMENTS = { 15: COMMON, 18: [...COMMON, ...lines("differential-18.sql")] } as const;

/** Refusals that are about names; the server refuses for other reasons too, which are its own to say. */
const NAMES = new Set(["42P01", "42703", "42883", "42702", "42704", "42712", "3F000"]);

/** Refused for a name that the analysis leaves to the server: it neither claims it nor is it opaque. */
const LEFT_TO_THE_SERVER = new Set(["select sum(id) over nope from customers"]);

function compare(sql: string, server: ServerAnswer, statement: AnalysedStatement): void {
	const { unresolved, output, policy } = statement;
	if (server.error === null) {
		assert.equal(unresolved, null, "the server accepts it");
		assert.equal(statement.returns === "rows", server.columns !== null);
		if (server.columns === null) return;
		assert.ok(output !== null, "the columns are known");
		assert.deepEqual(
			output.map((column) => column.name),
			server.columns.map((column) => column.name),
		);
		for (const [index, column] of output.entries()) {
			if (column.origin === null) continue;
			const described: { table: number; column: number } | undefined = server.columns[index];
			assert.deepEqual(column.origin, { tableOid: described?.table, column: described?.column }, column.name);
		}
		return;
	}
	if (unresolved !== null) {
		const { code, message, position } = server.error;
		assert.deepEqual(
			[unresolved.sqlstate, unresolved.message, unresolved.position],
			[code, message, position],
		);
	} else if (NAMES.has(server.error.code) && !LEFT_TO_THE_SERVER.has(sql)) {
		assert.ok(policy.opaque, `${server.error.message}: neither claimed nor opaque`);
	}
}

for (const version of [15, 18] as const) {
	describe(`what PostgreSQL ${version} accepts, refuses and describes`, () => {
		let world: World;
		before(async () => {
			world = await openWorld(version);
		});
		after(() => world.stop());
		for (const sql of STATEMENTS[version]) {
			it(sql, async () => {
				const server = await describeOnServer(world.client, sql);
				const [statement] = await world.analyse(sql).catch((error: unknown) => {
					assert.equal(server.error?.code, "42601", `the grammar refuses what the server takes: ${error}`);
					return [];
				});
				if (statement !== undefined) compare(sql, server, statement);
			});
		}
	});
}
