import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe as suite, test } from "node:test";
import { parse } from "yaml";
import { rows } from "../../support/wire-client.ts";
import { query } from "../../support/wire-messages.ts";
import { type Pair, policyOf, startPair } from "../../support/wire-pair.ts";

const SCHEMA = `
	CREATE SCHEMA "we.ird";
	CREATE TABLE customers (
		id int PRIMARY KEY, contact text, "customerEmail" text, note text, country text, born date, password_hash text,
		payload jsonb, card numeric
	);
	INSERT INTO customers SELECT
		n, 'person' || n || '@example.com', NULL, CASE WHEN n % 10 = 0 THEN 'called +49 30 12345' || n ELSE 'nothing' END,
		'de', '1990-01-01', 'x', jsonb_build_object('ip', '10.0.0.' || n), 4111111111111111
	FROM generate_series(1, 50) n;
	CREATE TABLE "we.ird"."a ""table""" ("the.column" text);
	INSERT INTO "we.ird"."a ""table""" VALUES ('DE89370400440532013000');
	CREATE TABLE secrets (id int, value text);
	CREATE TABLE empty (first_name text, other text);
	CREATE VIEW seen AS SELECT contact FROM customers;
`;

interface Scan {
	readonly columns: readonly {
		readonly table: string;
		readonly column: string;
		readonly found: Readonly<Record<string, number>>;
		readonly proposal: Readonly<Record<string, unknown>>;
	}[];
	readonly tables: number;
}

suite("connections scan", () => {
	let pair: Pair;
	let directory: string;

	before(async () => {
		directory = await mkdtemp(join(tmpdir(), "sallyport-scan-"));
		pair = await startPair({ schema: SCHEMA });
	});
	after(async () => {
		await pair.stop();
		await rm(directory, { recursive: true });
	});

	test("proposes what content or name suggests, with counts and no value", async () => {
		const { code, stdout, stderr } = await pair.gateway.cli(["connections", "scan", "orders", "--json"]);
		assert.equal(code, 0, stderr);
		const scan = JSON.parse(stdout) as Scan;
		const proposed = Object.fromEntries(
			scan.columns.map(({ table, column, proposal }) => [`${table}.${column}`, proposal]),
		);
		assert.deepEqual(proposed, {
			"customers.contact": { way: "mask", transform: "partial", keep: 0 },
			"customers.customerEmail": { way: "mask", transform: "partial", keep: 0 },
			"customers.note": { way: "detect", detectors: ["phone"] },
			"customers.born": { way: "mask", transform: "redact", keep: 0 },
			"customers.password_hash": { way: "mask", transform: "redact", keep: 0 },
			"customers.payload": { way: "detect", detectors: ["ip"] },
			"customers.card": { way: "mask", transform: "partial", keep: 4 },
			"empty.first_name": { way: "mask", transform: "redact", keep: 0 },
			'a "table".the.column': { way: "mask", transform: "partial", keep: 4 },
		});
		assert.equal(scan.columns.find(({ column }) => column === "contact")?.found["email"], 50);
		assert.ok(!/example\.com|4111|10\.0\.0/.test(stdout), stdout);
	});

	test("writes a data file that a policy takes, and that masks what it names", async () => {
		const file = join(directory, "data.yaml");
		const { code, stderr } = await pair.gateway.cli(["connections", "scan", "orders", "-o", file]);
		assert.equal(code, 0, stderr);
		const text = await readFile(file, "utf8");
		assert.match(text, /# 50 values looked at; email in 50 \(alone in 50\)/);
		const { sallyport } = parse(text) as { sallyport: { packs: Record<string, unknown> } };
		await pair.gateway.replacePolicy(policyOf('allow contains {"rule": "all"}', sallyport.packs));
		const client = await pair.through();
		try {
			const answer = await client.ask([query("SELECT contact, note, card FROM customers WHERE id = 10")]);
			const [contact, note, card] = rows(answer)[0] ?? [];
			assert.deepEqual([contact, note], ["p***@***.com", "called [phone]"]);
			assert.match(card ?? "", /^0*1111$/);
			const odd = await client.ask([query('SELECT * FROM "we.ird"."a ""table"""')]);
			assert.notEqual(rows(odd)[0]?.[0], "DE89370400440532013000");
		} finally {
			client.close();
		}
	});

	test("looks at so many rows, and says what it could not read", async () => {
		const few = await pair.gateway.cli(["connections", "scan", "orders", "--rows", "5", "--json"]);
		const scan = JSON.parse(few.stdout) as Scan;
		assert.equal(scan.columns.find(({ column }) => column === "contact")?.found["email"], 5);
	});

	test("is for whom the policy lets, and for connections that there are", async () => {
		const refused = await pair.gateway.cli(["connections", "scan", "orders"], {
			token: pair.gateway.tokens.agent,
		});
		assert.equal(refused.code, 1);
		assert.match(refused.stderr, /forbidden/);
		assert.equal((await pair.gateway.cli(["connections", "scan", "nobody"])).code, 1);
		assert.equal((await pair.gateway.cli(["connections", "scan", "orders", "--rows", "0"])).code, 2);
	});

	test("is in the record", async () => {
		const { stdout } = await pair.gateway.cli(["audit", "search", "--json"]);
		assert.match(stdout, /connections:scan/);
	});
});
