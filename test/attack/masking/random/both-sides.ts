import assert from "node:assert/strict";
import { errorOf, outline, type Received, type WireClient } from "../../../support/wire-client.ts";
import { bind, describe as describing, execute, parse, query, SYNC } from "../../../support/wire-messages.ts";
import { policyOf } from "../../../support/wire-pair.ts";
import { comparable, leaked, openWorld, SECRET_COLUMNS, SIDES, withoutDecision } from "../world.ts";
import { type Statement, statementOf } from "./statements.ts";

const POLICY = policyOf('allow contains {"rule": "all"}', {
	// What fails for some values only is not among what is made up here.
	pii: { columns: [{ columns: SECRET_COLUMNS, transform: "redact", permit: ["compute"] }] },
});

export type Outcome = "answered" | "denied" | "failed";

export interface Attempted {
	readonly outcome: Outcome;
	/** The constructs of the grammar that the statement has. */
	readonly uses: ReadonlySet<string>;
}

/** Two databases that differ in their secrets only, and a session on each. */
export interface RandomQueries {
	/**
	 * Asks both what the seeds give, in one go. Throws when a secret comes, or when the answers are not the same byte for
	 * byte, but for the ids of decisions and the order of rows: what an answer does not depend on it does not tell, be it
	 * in values, in numbers of rows, or in an error.
	 */
	attempt(seeds: readonly number[]): Promise<Attempted[]>;
	close(): Promise<void>;
}

export async function openQueries(version: 15 | 18): Promise<RandomQueries> {
	const world = await openWorld(version, POLICY, {
		settings: { log_statement: "none" },
		analysed: false,
	});
	const clients = await Promise.all(SIDES.map((side) => world.connect(side)));
	return {
		attempt: async (seeds) => {
			const statements = seeds.map(statementOf);
			const [east = [], west = []] = await Promise.all(clients.map((client) => answers(client, statements)));
			return statements.map((statement, index) => {
				const what = `seed ${seeds[index]}: ${statement.texts.join(";; ")}`;
				const [one = [], other = []] = [east[index], west[index]];
				for (const [side, messages] of [
					["east", one],
					["west", other],
				] as const)
					for (const message of messages)
						assert.equal(leaked(side, withoutDecision(message)), undefined, what);
				assert.ok(alike(one, other), `${what}\n${outline(one, true)}\n${outline(other, true)}`);
				const code = errorOf(one).get("C");
				const outcome = code === undefined ? "answered" : code === "42501" ? "denied" : "failed";
				return { outcome, uses: statement.uses };
			});
		},
		close: async () => {
			for (const client of clients) client.close();
			await world.stop();
		},
	};
}

/** Nearly always they are so as they came. */
function alike(one: readonly Received[], other: readonly Received[]): boolean {
	const equal = one.length === other.length && one.every(({ bytes }, at) => other[at]?.bytes.equals(bytes));
	return equal || comparable(one) === comparable(other);
}

/** All of them are sent at once; the answers come one by one. */
async function answers(client: WireClient, statements: readonly Statement[]): Promise<Received[][]> {
	client.everything.length = 0;
	client.send(...statements.flatMap(messagesOf));
	const all: Received[][] = [];
	for (const { texts } of statements) all.push(await client.ready(texts.length));
	return all;
}

function messagesOf({ texts, extended }: Statement): Uint8Array[] {
	if (extended === null) return texts.map((text) => query(text));
	const { values, binary } = extended;
	const bound = bind("", "", values, [binary ? 1 : 0]);
	return [parse(texts[0] ?? ""), bound, describing.portal(), execute(), SYNC];
}
