import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe as suite, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { decodeDataRow, decodeErrorFields } from "../../../src/protocols/postgres/codec/index.ts";
import { startGateway } from "../../support/gateway.ts";
import { outline, type Received, rows, type WireClient } from "../../support/wire-client.ts";
import { bind, describe, execute, parse, query, SYNC } from "../../support/wire-messages.ts";
import { type Pair, policyOf, startPair } from "../../support/wire-pair.ts";

const CARD = "4111 1111 1111 1111";
const MAIL = "ada@example.com";

const SCHEMA = `
	CREATE TABLE notes (
		id int PRIMARY KEY, body text, short varchar(12), doc jsonb, raw json, list text[], number numeric,
		big bigint, bytes bytea, bsn text, plain text
	);
	INSERT INTO notes VALUES (
		1, 'card ${CARD}, mail ${MAIL}', 'a@b.example', '{"n": "\\n${MAIL}", "card": 4111111111111111, "ok": [1, "x"]}',
		'{"n": "ada\\u0040example.com"}', ARRAY['${MAIL}', 'x', NULL], 4111111111111111, 4111111111111111,
		'${MAIL}', '111222333', 'E-123456'
	);
	INSERT INTO notes (id, body) VALUES (2, 'nothing'), (3, repeat('lorem ipsum ', 100000) || ' ${MAIL} ' || repeat('x', 1000));
	CREATE FUNCTION speak() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'mail %', '${MAIL}' USING DETAIL = '${CARD}'; END $$;
`;

const one = (answer: readonly Received[]): (string | null)[] => {
	const [row] = rows(answer);
	assert.ok(row !== undefined, outline(answer));
	return row;
};
const fields = (answer: readonly Received[], type: string) => {
	const message = answer.find((each) => each.type === type);
	assert.ok(message !== undefined, outline(answer));
	return decodeErrorFields(message.bytes, 0, message.bytes.length);
};
const copied = (answer: readonly Received[]) =>
	answer
		.filter(({ type }) => type === "d")
		.map(({ bytes }) => bytes.subarray(5).toString())
		.join("");

suite("detectors on everything that comes back", () => {
	let pair: Pair;
	let client: WireClient;

	before(async () => {
		pair = await startPair({
			schema: SCHEMA,
			policy: policyOf('allow contains {"rule": "all"}', {
				pii: {
					detect: [{ columns: ["*"], detectors: ["*"] }],
					expressions: { employee: "E-[0-9]{6}" },
				},
			}),
		});
		client = await pair.through();
	});
	after(async () => {
		client.close();
		await pair.stop();
	});

	test("texts keep what is around what was found", async () => {
		const row = one(
			await client.ask([
				query("SELECT body, short, bsn, plain, upper(body), 'x' || body FROM notes WHERE id = 1"),
			]),
		);
		assert.deepEqual(row, [
			"card [card], mail [email]",
			"[email]",
			"[national_id]",
			"[employee]",
			"CARD [card], MAIL [email]",
			"xcard [card], mail [email]",
		]);
	});

	test("JSON stays JSON, arrays arrays; a number or bytes with something in them become NULL", async () => {
		const [doc, raw, list, number, big, bytes] = one(
			await client.ask([query("SELECT doc, raw, list, number, big, bytes FROM notes WHERE id = 1")]),
		);
		assert.deepEqual(JSON.parse(doc ?? ""), { n: "\n[email]", card: "[card]", ok: [1, "x"] });
		assert.deepEqual(JSON.parse(raw ?? ""), { n: "[email]" });
		assert.equal(list, "{[email],x,NULL}");
		assert.deepEqual([number, big], [null, null]);
		assert.equal(bytes, null);
	});

	test("binary format is the same", async () => {
		const sql = "SELECT body, doc, list, big, number, bytes, id FROM notes WHERE id = 1";
		const answer = await client.ask([parse(sql), bind("", "", [], [1]), describe.portal(), execute(), SYNC]);
		const row = answer.find(({ type }) => type === "D");
		assert.ok(row !== undefined, outline(answer));
		const [body, doc, list, big, number, bytes, id] = decodeDataRow(row.bytes, 0, row.bytes.length);
		assert.equal(body?.toString(), "card [card], mail [email]");
		assert.equal(doc?.[0], 1);
		assert.equal(JSON.parse(doc?.subarray(1).toString() ?? "").card, "[card]");
		assert.ok(list?.includes("[email]") && !list.includes(MAIL));
		assert.deepEqual([big, number, bytes], [null, null, null]);
		assert.equal(id?.readInt32BE(0), 1);
	});

	test("rows with nothing in them pass as they are, constants don't", async () => {
		assert.deepEqual(one(await client.ask([query("SELECT id, body, list FROM notes WHERE id = 2")])), [
			"2",
			"nothing",
			null,
		]);
		assert.deepEqual(one(await client.ask([query(`SELECT '${MAIL}', 12, true, now() IS NULL`)])), [
			"[email]",
			"12",
			"t",
			"f",
		]);
	});

	test("a number that is somebody's by chance passes, unless its column's name says that it is", async () => {
		const sql = "SELECT 44051401359::bigint AS at, 44051401359::bigint AS pesel, '44051401359' AS at_text";
		assert.deepEqual(one(await client.ask([query(sql)])), ["44051401359", null, "[national_id]"]);
	});

	test("a long value too", async () => {
		const [body] = one(await client.ask([query("SELECT body FROM notes WHERE id = 3")]));
		assert.ok(body?.includes("lorem ipsum  [email] xxx"));
	});

	for (const form of ["text", "csv"] as const)
		test(`COPY as ${form}`, async () => {
			const sql = `COPY (SELECT id, body, upper(body), big FROM notes WHERE id < 3 ORDER BY id) TO STDOUT (FORMAT ${form})`;
			const answer = copied(await client.ask([query(sql)]));
			assert.ok(answer.includes("card [card], mail [email]"), answer);
			assert.ok(answer.includes("CARD [card]"), answer);
			assert.ok(answer.includes("nothing") && !answer.includes(MAIL) && !answer.includes("4111"), answer);
		});

	test("errors and notices", async () => {
		const error = fields(await client.ask([query(`SELECT '${MAIL}'::int`)]), "E");
		assert.equal(error.get("C"), "22P02");
		assert.equal(error.get("M"), 'invalid input syntax for type integer: "[email]"');
		const taken = fields(
			await client.ask([
				query(`CREATE TEMP TABLE t (m text UNIQUE); INSERT INTO t VALUES ('${MAIL}'), ('${MAIL}')`),
			]),
			"E",
		);
		assert.equal(taken.get("D"), "Key (m)=([email]) already exists.");
		const notice = fields(await client.ask([query("SELECT speak()")]), "N");
		assert.deepEqual([notice.get("M"), notice.get("D")], ["mail [email]", "[card]"]);
	});

	test("a bundle whose own expression doesn't compile is refused", async () => {
		const { host, port, database, user, password } = pair.postgres;
		const pii = { detect: [{ columns: ["*"], detectors: ["own"] }], expressions: { own: "(?=x)" } };
		const gateway = await startGateway({
			policy: policyOf('allow contains {"rule": "all"}', { pii }),
			upstream: { host, port, database, user, password },
		});
		try {
			for (const until = Date.now() + 20_000; !gateway.log().includes("bundle_detector"); await pause(50))
				assert.ok(Date.now() < until, gateway.log());
			assert.equal((await fetch(`${gateway.controlUrl}/readyz`)).status, 503);
		} finally {
			await gateway.stop();
		}
	});

	test("the record keeps what the client saw", async () => {
		const session = await pair.through();
		await session.ask([query("SELECT body AS kept FROM notes WHERE id = 1")]);
		session.close();
		const directory = pair.gateway.recordDir;
		const recorded = async () => {
			const files = await readdir(directory, { recursive: true, withFileTypes: true });
			const kept = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
			return (await Promise.all(kept.map((file) => readFile(file, "utf8")))).join("");
		};
		let all = await recorded();
		for (const until = Date.now() + 10_000; !all.includes('"kept"') && Date.now() < until; await pause(50))
			all = await recorded();
		assert.match(all, /"kept"[^\n]*card \[card\], mail \[email\]/);
		assert.ok(!all.includes(CARD));
	});
});

suite("detectors on some columns", () => {
	let pair: Pair;
	let client: WireClient;

	before(async () => {
		pair = await startPair({
			schema: SCHEMA,
			policy: policyOf(`allow contains {"rule": "all"}
mask contains {"rule": "found", "columns": ["public.notes.body"], "detectors": ["email"]}
mask contains {"rule": "cards", "columns": ["public.notes.body"], "detectors": ["card"], "transform": "partial", "keep": 4}
mask contains {"rule": "whole", "columns": ["public.notes.plain"], "transform": "redact"}`),
		});
		client = await pair.through();
	});
	after(async () => {
		client.close();
		await pair.stop();
	});

	test("look there only, together, and beside masks of whole values", async () => {
		const row = one(
			await client.ask([query("SELECT body, short, plain, upper(plain) FROM notes WHERE id = 1")]),
		);
		assert.deepEqual(row, ["card [card], mail [email]", "a@b.example", "[redacted]", "[redacted]"]);
	});
});
