import assert from "node:assert/strict";
import { errorOf, type Received, type WireClient } from "../../support/wire-client.ts";
import { bind, describe as describing, execute, parse, query, SYNC } from "../../support/wire-messages.ts";
import { policyOf } from "../../support/wire-pair.ts";
import { QueryWriter } from "./queries.ts";
import { comparable, leaked, openWorld, SECRET_COLUMNS, SIDES } from "./world.ts";

const POLICY = policyOf('allow contains {"rule": "all"}', {
	pii: { columns: [{ columns: SECRET_COLUMNS, transform: "redact" }] },
});

export type Outcome = "answered" | "denied" | "failed";

/** Two databases that differ in their secrets only, and a session on each. */
export interface RandomQueries {
	/**
	 * Asks both what the seed gives. Throws when a secret comes, or when they don't answer alike: what an answer does
	 * not depend on it does not tell, be it in values, in numbers of rows, or in an error.
	 */
	attempt(seed: number): Promise<Outcome>;
	close(): Promise<void>;
}

export async function openQueries(version: 15 | 18): Promise<RandomQueries> {
	const world = await openWorld(version, POLICY);
	const clients = await Promise.all(SIDES.map((side) => world.connect(side)));
	const ask = (client: WireClient, sql: string, binary: boolean): Promise<Received[]> => {
		client.everything.length = 0;
		const extended = [parse(sql), bind("", "", [], [1]), describing.portal(), execute(), SYNC];
		return client.ask(binary ? extended : [query(sql)]);
	};
	return {
		attempt: async (seed) => {
			const sql = new QueryWriter(seed).statement();
			const answers = await Promise.all(clients.map((client) => ask(client, sql, seed % 3 === 0)));
			for (const [index, side] of SIDES.entries()) {
				const bytes = Buffer.concat(clients[index]?.everything ?? []);
				assert.equal(leaked(side, bytes), undefined, `seed ${seed}: ${sql}`);
			}
			const [one = [], other = []] = answers;
			assert.equal(comparable(one), comparable(other), `seed ${seed}: ${sql}`);
			const code = errorOf(one).get("C");
			return code === undefined ? "answered" : code === "42501" ? "denied" : "failed";
		},
		close: async () => {
			for (const client of clients) client.close();
			await world.stop();
		},
	};
}
