import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { TestPolicy } from "../../support/gateway.ts";
import { outline, type Received, rows, type WireClient } from "../../support/wire-client.ts";
import { bind, describe as describing, execute, parse, query, SYNC } from "../../support/wire-messages.ts";
import { packsOf, policyOf } from "../../support/wire-pair.ts";
import { MADE } from "./made.ts";
import {
	comparable,
	leaked,
	openWorld,
	SECRET_COLUMNS,
	SIDES,
	type Side,
	type World,
	withoutDecisionIds,
} from "./world.ts";

/** One may look for a person's row by the whole address, as a rule lists; all other secrets are compared with nothing. */
const GROUPS = [
	{ columns: SECRET_COLUMNS.filter((name) => !name.endsWith(".email")) },
	{ columns: SECRET_COLUMNS.filter((name) => name.endsWith(".email")), permit: ["equality"] },
];
const PII = { pii: { columns: GROUPS } };
const ALLOW = 'allow contains {"rule": "all"}';
const MASKS = GROUPS.map((group) => `mask contains ${JSON.stringify({ rule: "m", ...group })}`).join("\n\n");

const read = (name: string): string[] =>
	readFileSync(join(import.meta.dirname, name), "utf8")
		.split("\n")
		.filter((line) => line !== "" && !line.startsWith("--"));
const ATTEMPTS = read("attempts.sql");
const STORES = read("stores.sql");
const COUNTS = read("counts.sql");

/** What innocent queries give beside them, on both sides: the schema's own values, and masks where secrets are. */
const TWINS: readonly (readonly [sql: string, rows: readonly (readonly (string | null)[])[]])[] = [
	[
		"SELECT id, name FROM customers WHERE id < 3 ORDER BY id",
		[
			["1", "Ada"],
			["2", "Bob"],
		],
	],
	["SELECT name, email FROM customers WHERE id = 1", [["Ada", "[redacted]"]]],
	["SELECT upper(name), upper(email) FROM customers WHERE id = 2", [["BOB", "[redacted]"]]],
	["SELECT count(*) FROM customers WHERE email IS NOT NULL", [["3"]]],
	["SELECT id FROM customers WHERE email = 'nobody@nowhere' OR id = 3", [["3"]]],
	["SELECT id FROM customers WHERE email IN ('nobody@nowhere', 'x') OR id = 3", [["3"]]],
	[
		"SELECT email, count(*) FROM customers GROUP BY email",
		[
			["[redacted]", "1"],
			["[redacted]", "1"],
			["[redacted]", "1"],
		],
	],
	[
		"SELECT c.name, sum(o.amount) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY 1 ORDER BY 1",
		[
			["Ada", "180.00"],
			["Bob", "120.00"],
			["Cleo", "150.00"],
		],
	],
	["SELECT address FROM contacts WHERE id = 1", [["[redacted]"]]],
	["SELECT who, mail FROM directory() WHERE who = 'Ada'", [["Ada", "[redacted]"]]],
	["SELECT regexp_split_to_table(note, ' ') FROM orders WHERE id = 1", [["note"], ["1"]]],
	["SELECT g FROM generate_series(1, (SELECT max(id) FROM shelf)) g", [["1"], ["2"]]],
	["SELECT left(note, 4), count(*) FROM orders GROUP BY 1", [["note", "9"]]],
	["SELECT name FROM customers UNION SELECT label FROM shelf ORDER BY 1 LIMIT 2", [["Ada"], ["Bob"]]],
	["SELECT nullif(label, 'one') FROM shelf ORDER BY id", [[null], ["two"]]],
	["SELECT doc ->> 'a' FROM shelf WHERE doc @> '{\"a\": 2}'", [["2"]]],
	["UPDATE shelf SET label = 'eins' WHERE id = 1 RETURNING label", [["eins"]]],
	["UPDATE shelf SET label = 'one' WHERE id = 1 RETURNING label", [["one"]]],
	["SELECT email FROM ONLY people", [["[redacted]"]]],
	["EXPLAIN (COSTS OFF) SELECT email FROM customers", [["Seq Scan on customers"]]],
];

/** One session a side, as good as new before each attempt. */
class Sessions {
	readonly #world: World;
	readonly #clients = new Map<string, WireClient>();

	constructor(world: World) {
		this.#world = world;
	}

	/** What came of the attempt on one side: the messages, and every byte of the connection meanwhile. */
	async attempt(side: Side, messages: readonly Buffer[][]): Promise<{ answer: Received[]; bytes: Buffer }> {
		const client = await this.#session(side);
		client.everything.length = 0;
		const answer: Received[] = [];
		for (const each of messages) {
			client.send(...each);
			const part = await client.until("Z", "E");
			answer.push(...part);
			// A session that is ended has nothing more to say.
			if (part.at(-1)?.type === "E") answer.push(...(await ending(client)));
			if (client.ended) break;
		}
		// It may have left something behind: a transaction, a statement, a cursor, a setting.
		if (messages.length > 1) client.close();
		return { answer, bytes: withoutDecisionIds(Buffer.concat(client.everything)) };
	}

	async #session(side: Side): Promise<WireClient> {
		const known = this.#clients.get(side);
		if (known !== undefined && !known.ended && !known.socket.destroyed) return known;
		const client = await this.#world.connect(side);
		this.#clients.set(side, client);
		return client;
	}
}

async function ending(client: WireClient): Promise<Received[]> {
	return client.until("Z").catch((error: unknown) => {
		if (client.ended) return client.inbox.splice(0);
		throw error;
	});
}

/** In the simple protocol, and single statements in the extended one with binary results too. */
function forms(attempt: string): (readonly [form: string, messages: Buffer[][]])[] {
	const texts = attempt.split(";;");
	const simple = texts.map((text) => [query(text)]);
	if (texts.length > 1) return [["simple", simple]];
	const binary = [parse(attempt), bind("", "", [], [1]), describing.portal(), execute(), SYNC];
	return [
		["simple", simple],
		["binary", [binary]],
	];
}

function suite(
	name: string,
	version: 15 | 18,
	policy: TestPolicy,
	attempts: readonly string[],
	check: { readonly binary: boolean },
): void {
	describe(`${name}, PostgreSQL ${version}`, () => {
		let world: World;
		let sessions: Sessions;
		before(async () => {
			world = await openWorld(version, policy);
			sessions = new Sessions(world);
		});
		after(() => world.stop());

		it("innocent queries give what they should", async () => {
			for (const [sql, expected] of TWINS) {
				for (const side of SIDES) {
					const { answer } = await sessions.attempt(side, [[query(sql)]]);
					assert.deepEqual(rows(answer), expected, `${sql}: ${outline(answer)}`);
				}
			}
		});

		for (const attempt of attempts) {
			it(attempt, async () => {
				for (const [form, messages] of forms(attempt).slice(0, check.binary ? 2 : 1)) {
					const answers = await Promise.all(
						SIDES.map(async (side) => {
							const { answer, bytes } = await sessions.attempt(side, messages);
							assert.equal(leaked(side, bytes), undefined, `${form}: ${outline(answer, true)}`);
							return comparable(answer);
						}),
					);
					assert.equal(answers[0], answers[1], form);
				}
			});
		}
	});
}

const ALL = [...ATTEMPTS, ...STORES];
suite("nothing but a rule's masks is in the way", 15, policyOf(`${ALLOW}\n\n${MASKS}`), ALL, {
	binary: true,
});
suite("nothing but the pack's masks is in the way", 18, policyOf(ALLOW, PII), ALL, { binary: false });
suite("what says something of a value", 18, policyOf(`${ALLOW}\n\n${MASKS}`), COUNTS, { binary: true });
suite("every way to another value, in every place", 18, policyOf(ALLOW, PII), MADE, { binary: true });
suite("the default policy", 18, packsOf(PII), ALL, { binary: false });
