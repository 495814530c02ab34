import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Received, WireClient } from "../../support/wire-client.ts";
import { errorOf } from "../../support/wire-client.ts";
import { bind, describe as describing, execute, parse, query, SYNC } from "../../support/wire-messages.ts";
import { type Pair, packsOf, startPair } from "../../support/wire-pair.ts";

const read = (name: string): string => readFileSync(join(import.meta.dirname, name), "utf8");
const STATEMENTS = read("everyday.sql")
	.split("\n")
	.filter((line) => line !== "" && !line.startsWith("--"));

/** Statements that only mean something within a transaction. */
const IN_TRANSACTION = /^(SAVEPOINT|DECLARE|SET LOCAL)/;

async function ask(client: WireClient, sql: string): Promise<Received[]> {
	if (IN_TRANSACTION.test(sql)) await client.ask([query("BEGIN")]);
	const parameters = Math.max(0, ...[...sql.matchAll(/\$(\d+)/g)].map((match) => Number(match[1])));
	if (parameters > 0 && !sql.startsWith("PREPARE")) {
		const nulls = new Array<null>(parameters).fill(null);
		return client.ask([parse(sql), describing.statement(), bind("", "", nulls), execute(), SYNC]);
	}
	client.send(query(sql));
	return client.until("Z", "G");
}

for (const [version, packs] of [
	[15, undefined],
	[18, undefined],
	[15, { pii: { columns: [{ columns: ["public.customers.email"] }] } }],
] as const) {
	const policy = packs === undefined ? "the default policy" : "the default policy with masked columns";
	describe(`${policy} lets through what people and tools send to PostgreSQL ${version}`, () => {
		let pair: Pair;
		before(async () => {
			pair = await startPair({
				postgres: { version },
				schema: read("everyday.schema.sql"),
				policy: packsOf(packs ?? {}),
			});
		});
		after(() => pair.stop());

		for (const sql of STATEMENTS) {
			it(sql.length > 100 ? `${sql.slice(0, 100)}...` : sql, async () => {
				const [direct, through] = await Promise.all([pair.direct(), pair.through()]);
				try {
					const expected = errorOf(await ask(direct, sql));
					const answer = errorOf(await ask(through, sql));
					assert.deepEqual([answer.get("C"), answer.get("M")], [expected.get("C"), expected.get("M")]);
				} finally {
					direct.close();
					through.close();
				}
			});
		}
	});
}
